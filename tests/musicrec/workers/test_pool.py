import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable
from pathlib import Path

import pytest

from musicrec.domain.asker import Asker, asking
from musicrec.domain.errors import NotEnoughLabelsError, WorkerLostError, WorkersBusyError
from musicrec.workers import JobOutcome, JobRun, LocalWorkers
from tests.musicrec import worker_jobs

ROOT = Path(__file__).parents[3]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def gone(pid: int) -> bool:
    for _ in range(200):
        if not is_running(pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_job_runs_in_another_process_and_its_result_comes_back():
    workers = LocalWorkers(1)
    try:
        assert await workers.run(worker_jobs.double, 21) == 42
        assert await workers.run(worker_jobs.process_id) != os.getpid()
    finally:
        await workers.close()


async def test_an_expected_failure_arrives_whole():
    workers = LocalWorkers(1)
    try:
        with pytest.raises(NotEnoughLabelsError) as caught:
            await workers.run(worker_jobs.find_too_few_labels)
        assert (caught.value.likes, caught.value.dislikes) == (1, 2)
        assert caught.value.missing_labels == 7
    finally:
        await workers.close()


async def test_every_job_that_ended_is_told_by_its_name_and_by_how_it_ended():
    workers = LocalWorkers(1, most_waiting=1)
    told: list[JobRun] = []
    workers.tell = told.append
    try:
        await workers.run(worker_jobs.double, 21)
        with pytest.raises(NotEnoughLabelsError):
            await workers.run(worker_jobs.find_too_few_labels)
        with pytest.raises(WorkerLostError):
            await workers.run(worker_jobs.die)
        jobs = [asyncio.create_task(workers.run(worker_jobs.sleep_forever)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(WorkersBusyError):
            await workers.run(worker_jobs.double, 1)
        assert [(run.name, run.outcome) for run in told] == [
            ("double", JobOutcome.DONE),
            ("find_too_few_labels", JobOutcome.FAILED),
            ("die", JobOutcome.LOST),
            ("double", JobOutcome.REFUSED),
        ]
    finally:
        await workers.close()
    await asyncio.gather(*jobs, return_exceptions=True)


async def test_after_a_worker_was_killed_the_next_job_runs():
    workers = LocalWorkers(1)
    try:
        with pytest.raises(WorkerLostError):
            await workers.run(worker_jobs.die)
        assert await workers.run(worker_jobs.double, 2) == 4
    finally:
        await workers.close()


async def test_a_full_queue_refuses_further_jobs():
    workers = LocalWorkers(1, most_waiting=1)
    jobs = [asyncio.create_task(workers.run(worker_jobs.sleep_forever)) for _ in range(2)]
    try:
        await asyncio.sleep(0)
        assert (workers.running, workers.waiting) == (1, 1)
        with pytest.raises(WorkersBusyError):
            await workers.run(worker_jobs.double, 1)
    finally:
        await workers.close()
        await asyncio.gather(*jobs, return_exceptions=True)
    assert (workers.running, workers.waiting) == (0, 0)


async def test_a_short_job_that_somebody_waits_for_passes_long_ones(tmp_path: Path):
    workers = LocalWorkers(1)
    ended: list[str] = []

    async def do(name: str, job: Awaitable[object]) -> None:
        await job
        ended.append(name)

    asking.set(Asker(1))
    try:
        door = tmp_path / "door"
        running = do("running", workers.run_long(worker_jobs.wait_for, door))
        long = do("long", workers.run_long(worker_jobs.double, 1))
        short = do("short", workers.run(worker_jobs.double, 2))
        jobs = [asyncio.create_task(each) for each in (running, long, short)]
        await asyncio.sleep(0)
        door.touch()
        await asyncio.gather(*jobs)
    finally:
        await workers.close()
    assert ended == ["running", "short", "long"]


async def test_what_waits_outlives_the_worker_it_waits_for():
    workers = LocalWorkers(1)
    try:
        dying = asyncio.create_task(workers.run(worker_jobs.die))
        waiting = asyncio.create_task(workers.run(worker_jobs.double, 2))
        with pytest.raises(WorkerLostError):
            await dying
        assert await waiting == 4
    finally:
        await workers.close()


async def test_what_waits_when_workers_are_closed_is_to_be_asked_for_again():
    workers = LocalWorkers(1)
    jobs = [asyncio.create_task(workers.run(worker_jobs.sleep_forever)) for _ in range(2)]
    await asyncio.sleep(0)
    await workers.close()
    _, waited = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(waited, WorkerLostError)
    assert "try again" in str(waited)


async def test_closing_ends_a_running_job_and_its_process():
    workers = LocalWorkers(1)
    pid = await workers.run(worker_jobs.process_id)
    endless = asyncio.create_task(workers.run(worker_jobs.sleep_forever))
    await asyncio.sleep(0.2)
    await workers.close()
    await asyncio.gather(endless, return_exceptions=True)
    assert await gone(pid)


async def test_a_worker_that_hears_nothing_is_killed_at_the_end():
    workers = LocalWorkers(1)
    pid = await workers.run(worker_jobs.process_id)
    os.kill(pid, signal.SIGSTOP)
    endless = asyncio.create_task(workers.run(worker_jobs.sleep_forever))
    await asyncio.sleep(0)
    await workers.close()
    await asyncio.gather(endless, return_exceptions=True)
    assert await gone(pid)


def test_workers_die_with_a_parent_that_is_killed():
    program = (
        "import asyncio\n"
        "from tests.musicrec import worker_jobs\n"
        "from musicrec.workers import LocalWorkers\n"
        "async def main():\n"
        "    workers = LocalWorkers(1)\n"
        "    print(await workers.run(worker_jobs.process_id), flush=True)\n"
        "    await workers.run(worker_jobs.sleep_forever)\n"
        "if __name__ == '__main__': asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert asyncio.run(gone(pid))
