"""Work on a real Dask scheduler and real workers; some of them are killed."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from musicrec.domain.errors import NotEnoughLabelsError, WorkerLostError, WorkersBusyError
from musicrec.workers import InParts, Workers
from musicrec.workers.cluster import ClusterWorkers
from tests.musicrec import worker_jobs
from tests.musicrec.workers.dask_cluster import PATIENCE_S, Cluster, kill, wait_until


@pytest.fixture(scope="module")
def cluster() -> Generator[Cluster]:
    """Return a cluster of two hosts; a task whose worker died is given up at the second death."""
    with Cluster(hosts=("127.0.0.2", "127.0.0.3"), allowed_failures=1) as running:
        yield running


@asynccontextmanager
async def _connected(cluster: Cluster, **settings: int) -> AsyncGenerator[Workers]:
    """Connect, and wait until all workers are known: the client hears of them now and then."""
    connected = await ClusterWorkers.connect(cluster.address, **settings)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while connected.processes != len(cluster.workers):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        yield connected
    finally:
        await connected.close()


@pytest_asyncio.fixture
async def workers(cluster: Cluster) -> AsyncGenerator[Workers]:
    async with _connected(cluster) as connected:
        yield connected


async def test_jobs_run_in_the_workers_processes(cluster: Cluster, workers: Workers):
    assert workers.processes == 2
    both = await asyncio.gather(*(workers.run(worker_jobs.slow_process_id) for _ in range(2)))
    assert set(both) == {worker.pid for worker in cluster.workers}
    assert workers.running == workers.waiting == 0


async def test_an_expected_failure_arrives_whole(workers: Workers):
    with pytest.raises(NotEnoughLabelsError) as caught:
        await workers.run(worker_jobs.find_too_few_labels)
    assert caught.value.missing_labels == 7


async def test_a_full_queue_refuses_further_jobs(cluster: Cluster):
    async with _connected(cluster, most_waiting=1) as workers:
        jobs = [asyncio.create_task(workers.run(worker_jobs.sleep, 0.2)) for _ in range(3)]
        await asyncio.sleep(0)
        assert (workers.running, workers.waiting) == (2, 1)
        with pytest.raises(WorkersBusyError):
            await workers.run(worker_jobs.double, 1)
        await asyncio.gather(*jobs)


async def test_parts_are_looked_at_at_home_and_put_together_in_their_order(
    cluster: Cluster, workers: Workers
):
    work = InParts(
        plan=partial(worker_jobs.double, 50),
        look=worker_jobs.where,
        finish=worker_jobs.together,
        parts=[slice(part, part + 1) for part in range(8)],
    )
    first, again = await workers.run_in_parts(work), await workers.run_in_parts(work)
    assert [(planned, start) for planned, start, _ in first] == [(100, part) for part in range(8)]
    at_home = sum(one == other for one, other in zip(first, again, strict=True))
    assert at_home >= 6  # an idle worker may help out
    assert {pid for _, _, pid in first} == {worker.pid for worker in cluster.workers}


async def test_a_job_whose_worker_is_killed_is_done_by_another(cluster: Cluster, tmp_path: Path):
    workers = await ClusterWorkers.connect(cluster.address)
    job = asyncio.create_task(workers.run(worker_jobs.die_at_first, tmp_path / "died"))
    assert await job == "done"
    wait_until(lambda: any(worker.poll() is not None for worker in cluster.workers))
    cluster.replace_dead()
    await workers.close()


async def test_a_job_that_kills_every_worker_is_given_up_in_one_sentence(cluster: Cluster):
    workers = await ClusterWorkers.connect(cluster.address)
    with pytest.raises(WorkerLostError, match="One worker after the other died"):
        await workers.run(worker_jobs.die)
    wait_until(lambda: all(worker.poll() is not None for worker in cluster.workers))
    cluster.replace_dead()
    assert await workers.run(worker_jobs.double, 2) == 4
    await workers.close()


async def test_a_cluster_without_workers_is_one_sentence_that_says_how_to_start_some():
    with Cluster() as cluster:
        workers = await ClusterWorkers.connect(cluster.address, patience_s=1)
        with pytest.raises(WorkerLostError, match=r"No worker is connected.*dask worker 127\.0"):
            await workers.run(worker_jobs.double, 1)
        cluster.start_worker()
        assert await workers.run(worker_jobs.double, 2) == 4
        await workers.close()


async def test_a_lost_scheduler_fails_the_job_and_the_next_one_finds_the_new_scheduler():
    with Cluster(hosts=("127.0.0.1",)) as cluster:
        workers = await ClusterWorkers.connect(cluster.address)
        endless = asyncio.create_task(workers.run(worker_jobs.sleep_forever))
        await asyncio.sleep(0.2)
        kill(cluster.scheduler)
        with pytest.raises(WorkerLostError, match=r"scheduler at dask://127.* was lost"):
            await endless
        cluster.start_scheduler()
        cluster.start_worker()
        assert await workers.run(worker_jobs.double, 2) == 4
        await workers.close()


async def test_a_scheduler_out_of_reach_is_one_sentence(
    unused_tcp_port_factory: Callable[[], int],
):
    address = f"dask://127.0.0.1:{unused_tcp_port_factory()}"
    with pytest.raises(WorkerLostError, match=f"{address} is out of reach: start it"):
        await ClusterWorkers.connect(address, connect_s=0.5)


async def test_missing_certificates_are_one_sentence():
    with pytest.raises(WorkerLostError, match=r"no certificates for dask\+tls://127"):
        await ClusterWorkers.connect("dask+tls://127.0.0.1:1")


async def test_a_worker_of_another_version_is_refused_at_the_start_and_later(tmp_path: Path):
    # A distribution that comes first on the path is what a host with another release looks like.
    other = tmp_path / "musicrec-9.9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: musicrec\nVersion: 9.9.9\n")
    with Cluster() as alone:
        connected = await ClusterWorkers.connect(alone.address)
        alone.start_worker(PYTHONPATH=str(tmp_path))
        sentence = r"The worker on tcp://127\.0\.0\.1:\d+ runs musicrec 9\.9\.9 and the bot 0\."
        with pytest.raises(WorkerLostError, match=sentence):
            await connected.run(worker_jobs.double, 1)
        with pytest.raises(WorkerLostError, match=sentence):
            await ClusterWorkers.connect(alone.address)
        await connected.close()
