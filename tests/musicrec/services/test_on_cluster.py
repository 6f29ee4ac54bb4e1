"""The services' heavy jobs on a Dask cluster: the same results, also where a worker is killed."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.catalogue import Snapshot
from musicrec.discovery import SCORED_WHOLE, read_ranking
from musicrec.domain.errors import StorageError
from musicrec.domain.features import LIKED
from musicrec.domain.report import Report
from musicrec.domain.song_filter import SongFilter
from musicrec.services import RANKINGS
from musicrec.services.jobs import Scores, train_and_score
from musicrec.services.ranking_jobs import rank_all, rank_some
from musicrec.workers import LocalWorkers
from musicrec.workers.cluster import ClusterWorkers
from tests.musicrec import worker_jobs
from tests.musicrec.catalogue.store.songs import built, made_up
from tests.musicrec.services.people import NOON, Presser
from tests.musicrec.workers.dask_cluster import Cluster, kill

pytestmark = pytest.mark.asyncio(loop_scope="module")

Trained: TypeAlias = tuple[bytes, Report, Scores]

N_SONGS = SCORED_WHOLE + 20_000


@pytest.fixture(scope="module")
def cluster() -> Generator[Cluster]:
    # Two are killed, and then one is left.
    with Cluster(hosts=("127.0.0.2", "127.0.0.3", "127.0.0.4")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers(cluster: Cluster) -> AsyncGenerator[ClusterWorkers]:
    connected = await ClusterWorkers.connect(cluster.address)
    yield connected
    await connected.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def local() -> AsyncGenerator[LocalWorkers]:
    workers = LocalWorkers(1)
    yield workers
    await workers.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return built(tmp_path_factory.mktemp("large"), made_up(N_SONGS), batch=50_000)


@pytest.fixture(scope="module")
def labelled(large: Snapshot) -> pd.DataFrame:
    songs = large.table(range(0, 60_000, 1_000))
    return songs.assign(**{LIKED: songs["energy"].fillna(0) < 0.5})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def trained(local: LocalWorkers, large: Snapshot, labelled: pd.DataFrame) -> Trained:
    return await local.run(train_and_score, labelled, large.folder)


def learned(blob: bytes) -> dict[str, object]:
    """Return everything in a model's file but the report, which tells how long it took."""
    with zipfile.ZipFile(io.BytesIO(blob)) as file:
        contents: dict[str, object] = {name: file.read(name) for name in file.namelist()}
        manifest = json.loads(file.read("manifest.json"))
    return contents | {"manifest.json": manifest | {"report": None}}


async def kill_whoever_does(cluster: Cluster, workers: ClusterWorkers, name: str) -> None:
    """Kill a worker in the middle of a task."""
    pids = await workers._client.run(worker_jobs.process_id)
    while True:
        processing = await workers._client.processing()
        busy = [
            worker
            for worker, tasks in processing.items()
            if any(str(task).startswith(name) for task in tasks)
        ]
        if busy:
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    kill(next(worker for worker in cluster.workers if worker.pid == pids[busy[0]]))


async def test_a_training_whose_worker_is_killed_gives_the_same_model(
    cluster: Cluster,
    workers: ClusterWorkers,
    trained: Trained,
    large: Snapshot,
    labelled: pd.DataFrame,
):
    training = asyncio.create_task(workers.run(train_and_score, labelled, large.folder))
    await kill_whoever_does(cluster, workers, "train_and_score")
    assert not training.done()
    blob, report, scores = await training
    expected_blob, expected_report, expected_scores = trained
    assert learned(blob) == learned(expected_blob)
    assert report.best.metrics == expected_report.best.metrics
    assert scores.tolist() == expected_scores.tolist()


async def test_a_ranking_in_parts_is_the_local_one_also_where_a_worker_is_killed(
    cluster: Cluster,
    workers: ClusterWorkers,
    local: LocalWorkers,
    large: Snapshot,
    trained: Trained,
):
    blob, _, _ = trained
    work = rank_all(blob, large.folder, N_SONGS)
    assert len(work.parts) >= 3
    expected, kept = await local.run_in_parts(work)
    slowly = replace(work, look=partial(worker_jobs.slowly, work.look))
    ranking = asyncio.create_task(workers.run_in_parts(slowly))
    await kill_whoever_does(cluster, workers, "slowly")
    assert not ranking.done()
    found, content = await ranking
    assert found.rows.tolist() == expected.rows.tolist()
    assert found.p_like.tolist() == expected.p_like.tolist()
    assert content == kept

    known = found.rows[::3].astype(np.intp)
    jazz = SongFilter(genre="jazz")
    filtered = rank_some(blob, large.folder, N_SONGS, kept, only=jazz, known=known, most=500)
    one, other = await asyncio.gather(workers.run_in_parts(filtered), local.run_in_parts(filtered))
    assert len(one.rows) == 500
    assert not np.isin(one.rows, known).any()
    assert one.rows.tolist() == other.rows.tolist()
    assert one.p_like.tolist() == other.p_like.tolist()


async def test_a_host_without_the_songs_says_so(workers: ClusterWorkers, tmp_path: Path):
    with pytest.raises(StorageError, match=r"The worker on .+ has no songs in .+nowhere: copy"):
        await workers.run_in_parts(rank_all(b"", tmp_path / "nowhere", N_SONGS))


async def test_songs_are_recommended_with_workers_elsewhere(cluster: Cluster, tmp_path: Path):
    async with open_services(data_dir=tmp_path, scheduler=cluster.address) as services:
        anna = Presser(services, 1)
        rated = {track.id for track in await anna.rate(20)}
        told = await services.recommendations.recommend(anna.id, n=10, at=NOON)
        assert len(told.tracks) == 10
        assert rated.isdisjoint(track.id for track in told.tracks)
        assert told.n_labels > 0
        await services.training.idle()
    (ranking,) = (tmp_path / RANKINGS).glob("*.npz")
    assert read_ranking(ranking) is not None
