"""Jobs that hang, crash or eat memory end their own process and nothing else."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from musicrec.domain.errors import NotEnoughLabelsError, WorkerLostError, WorkersBusyError
from musicrec.workers import Limits, LoneWorker
from tests.musicrec import worker_jobs

LIMITS = Limits(prepare_s=60, job_s=60, memory=2**28, idle_s=60, most_waiting=1)
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def worker() -> AsyncGenerator[LoneWorker]:
    lone = LoneWorker(worker_jobs.process_id, LIMITS)
    yield lone
    await lone.close()


async def test_jobs_are_done_in_one_other_process(worker: LoneWorker):
    first = await worker.run(worker_jobs.process_id)
    assert first != os.getpid()
    assert await worker.run(worker_jobs.double, 21) == 42
    assert await worker.run(worker_jobs.process_id) == first


async def test_the_error_of_a_job_arrives_and_the_process_stays(worker: LoneWorker):
    process = await worker.run(worker_jobs.process_id)
    with pytest.raises(NotEnoughLabelsError) as caught:
        await worker.run(worker_jobs.find_too_few_labels)
    assert caught.value.likes == 1
    assert await worker.run(worker_jobs.process_id) == process


async def test_a_job_that_kills_its_process_fails_and_the_next_one_has_a_new_process(
    worker: LoneWorker,
):
    with pytest.raises(ChildProcessError, match="exit code -9"):
        await worker.run(worker_jobs.die)
    assert await worker.run(worker_jobs.double, 2) == 4


@pytest.mark.parametrize("job", [worker_jobs.sleep_forever, worker_jobs.hang_in_c])
async def test_a_job_that_hangs_is_ended_by_the_kernel(job: Callable[[], None]):
    worker = LoneWorker(worker_jobs.process_id, replace(LIMITS, job_s=0.5))
    with pytest.raises(TimeoutError):
        await worker.run(job)
    assert await worker.run(worker_jobs.double, 2) == 4
    await worker.close()


async def test_getting_ready_has_a_limit_of_its_own_and_may_fail():
    slow = LoneWorker(worker_jobs.sleep_forever, replace(LIMITS, prepare_s=0.5))
    with pytest.raises(WorkerLostError, match="too long"):
        await slow.run(worker_jobs.process_id)
    failing = LoneWorker(worker_jobs.die, LIMITS)
    with pytest.raises(WorkerLostError, match="exit code -9"):
        await failing.run(worker_jobs.process_id)
    await slow.close()
    await failing.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is in use")
async def test_a_job_that_eats_memory_fails_and_the_next_one_has_a_new_process(worker: LoneWorker):
    process = await worker.run(worker_jobs.process_id)
    assert await worker.run(worker_jobs.allocate, 2**26) == 2**26
    with pytest.raises(MemoryError):
        await worker.run(worker_jobs.allocate, 2**30)
    assert await worker.run(worker_jobs.process_id) != process


async def test_a_process_without_work_exits_and_the_next_job_has_a_new_one():
    worker = LoneWorker(worker_jobs.process_id, replace(LIMITS, idle_s=0.2))
    process = await worker.run(worker_jobs.process_id)
    assert worker._process is not None
    await asyncio.to_thread(worker._process._process.join)
    assert await worker.run(worker_jobs.process_id) != process
    await worker.close()


async def test_too_many_waiting_jobs_are_refused(worker: LoneWorker, tmp_path: Path):
    gate = tmp_path / "gate"
    busy = [asyncio.create_task(worker.run(worker_jobs.wait_for, gate)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(WorkersBusyError):
        await worker.run(worker_jobs.process_id)
    gate.touch()
    await asyncio.gather(*busy)


async def test_who_stops_waiting_ends_the_job(worker: LoneWorker):
    process = await worker.run(worker_jobs.process_id)
    waiting = asyncio.create_task(worker.run(worker_jobs.sleep_forever))
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert await worker.run(worker_jobs.double, 2) == 4


def test_the_worker_ends_with_the_bot_even_by_sigkill():
    program = (
        "import asyncio\n"
        "from musicrec.workers import Limits, LoneWorker\n"
        "from tests.musicrec import worker_jobs\n"
        "async def main():\n"
        "    worker = LoneWorker(worker_jobs.process_id, Limits(60, 60, 2**28, 60, 1))\n"
        "    print(await worker.run(worker_jobs.process_id), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__': asyncio.run(main())\n"
    )
    bot = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert bot.stdout is not None
    worker = int(bot.stdout.readline())
    bot.send_signal(signal.SIGKILL)
    bot.communicate()
    give_up_at = time.monotonic() + 60
    while _runs(worker):
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # Nobody may have taken notice of its end yet.
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
