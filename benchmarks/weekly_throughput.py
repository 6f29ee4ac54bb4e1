"""How many weekly lists are composed in a second, and whether the event loop notices."""

# distributed is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np
import pandas as pd
from distributed.deploy.subprocess import SubprocessCluster
from listeners import simulated_labels
from measuring import Row
from threadpoolctl import threadpool_limits

from musicrec.discovery import rank
from musicrec.discovery.week import WEEKS_APART, WeekRequest
from musicrec.domain.features import LIKED
from musicrec.domain.ids import TrackId
from musicrec.services.jobs import catalogue_of
from musicrec.services.weekly_jobs import compose_week
from musicrec.taste import TrainingSet, dump_model, train
from musicrec.workers import LocalWorkers, Workers
from musicrec.workers.cluster import ClusterWorkers

LABELS: Final = 200
MODELS: Final = 10
"""More than a worker keeps, so that every list reads its model, as with many listeners."""
N: Final = 30
PROCESSES: Final = 2
_PROBE_SECONDS: Final = 0.005
_POPULATION: Final = 1_000_000
_HOURS_OF_WEEK: Final = 168


@dataclass(frozen=True, eq=False)
class Due:
    """One listener whose list is due.

    Attributes:
        blob: Their model.
        request: Theirs; the ranking is there already, as after a training.
    """

    blob: bytes
    request: WeekRequest


def due(folder: Path) -> list[Due]:
    """Train listeners on labels from all over a snapshot, and rank for them."""
    return [_due(folder, seed) for seed in range(MODELS)]


def _due(folder: Path, seed: int) -> Due:
    catalogue = catalogue_of(folder)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(catalogue), LABELS, replace=False))
    labelled = simulated_labels(catalogue.table(rows), seed=seed)
    model = train(TrainingSet.from_table(labelled), folds=2, seed=seed)
    ranking, _ = rank(catalogue.snapshot, model)
    shown = rng.choice(ranking.rows[: 20 * N * WEEKS_APART], N * WEEKS_APART, replace=False)
    request = WeekRequest(
        ranking.rows,
        ranking.p_like,
        history=_history(labelled),
        shown=frozenset(track.id for track in catalogue.tracks(shown)),
        n=N,
        seed=seed,
    )
    return Due(dump_model(model), request)


def _history(labelled: pd.DataFrame) -> dict[TrackId, bool]:
    pairs = zip(labelled["track_id"], labelled[LIKED], strict=True)
    return {TrackId(str(track_id)): bool(liked) for track_id, liked in pairs}


def one_core(folder: Path, listeners: Sequence[Due], n_lists: int) -> Row:
    """Return the processor time of a list in this process, with one thread."""
    with threadpool_limits(1):
        for each in listeners:
            compose_week(each.blob, folder, each.request)
        started = process_time()
        lists = [
            compose_week(each.blob, folder, each.request)
            for each in islice(cycle(listeners), n_lists)
        ]
        seconds = process_time() - started
    rate = n_lists / seconds
    return {
        "lists": n_lists,
        "songs_a_list": float(np.mean([len(songs) for songs in lists])),
        "ms_a_list": 1e3 * seconds / n_lists,
        "lists_a_second_and_core": rate,
        "core_hours_of_a_million": _POPULATION / rate / 3600,
        "cores_for_a_million_a_week": _POPULATION / rate / 3600 / _HOURS_OF_WEEK,
    }


def in_workers(folder: Path, listeners: Sequence[Due], n_lists: int) -> Row:
    """Return the rate by processes of this machine, and how late the event loop gets."""

    async def by_processes() -> Row:
        return await _by(LocalWorkers(PROCESSES), folder, listeners, n_lists)

    return asyncio.run(by_processes())


def in_cluster(folder: Path, listeners: Sequence[Due], n_lists: int) -> Row:
    """Return the same by workers of a Dask scheduler, all on this machine."""

    async def by_cluster(address: str) -> Row:
        return await _by(await ClusterWorkers.connect(address), folder, listeners, n_lists)

    # Typed as if it were always asynchronous.
    started: Any = SubprocessCluster(n_workers=PROCESSES, threads_per_worker=1)
    with started as cluster:
        return asyncio.run(by_cluster(cluster.scheduler_address.replace("tcp", "dask", 1)))


async def _by(workers: Workers, folder: Path, listeners: Sequence[Due], n_lists: int) -> Row:
    lags: list[float] = []
    try:
        await _composed(workers, folder, islice(cycle(listeners), 2 * MODELS))
        probe = asyncio.create_task(_probe(lags))
        started = perf_counter()
        await _composed(workers, folder, islice(cycle(listeners), n_lists))
        seconds = perf_counter() - started
        probe.cancel()
    finally:
        await workers.close()
    middle, late = np.percentile(np.array(lags), (50, 99))
    return {
        "processes": PROCESSES,
        "lists": n_lists,
        "lists_a_second": n_lists / seconds,
        "lists_a_second_and_process": n_lists / seconds / PROCESSES,
        "lag_p50_ms": 1e3 * float(middle),
        "lag_p99_ms": 1e3 * float(late),
        "lag_most_ms": 1e3 * max(lags),
    }


async def _composed(workers: Workers, folder: Path, listeners: Iterator[Due]) -> None:
    """Compose as many at once as there are processes, and one more that waits."""

    async def compose_some() -> None:
        for each in listeners:
            await workers.run(compose_week, each.blob, folder, each.request)

    await asyncio.gather(*(compose_some() for _ in range(PROCESSES + 1)))


async def _probe(lags: list[float]) -> None:
    for _ in count():
        started = perf_counter()
        await asyncio.sleep(_PROBE_SECONDS)
        lags.append(perf_counter() - started - _PROBE_SECONDS)
