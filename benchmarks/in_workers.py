"""What trainings cost in worker processes: their memory, and how late the event loop gets."""

import asyncio
import resource
import sys
from itertools import count
from time import perf_counter

import numpy as np
from measuring import Row

from musicrec.taste import TrainingSet, dump_model, train
from musicrec.workers import LocalWorkers

_TRAININGS = 10
_PROCESSES = 2
_PROBE_SECONDS = 0.005


def worker_memory(training: TrainingSet) -> Row:
    """Return the most memory a new worker process held until it had trained."""

    async def measure() -> float:
        workers = LocalWorkers(1)
        try:
            return await workers.run(_train_and_weigh, training)
        finally:
            await workers.close()

    return {"labels": len(training.liked), "peak_mb": asyncio.run(measure())}


def event_loop_lag(training: TrainingSet) -> Row:
    """Return by how much short sleeps oversleep while ten trainings run in two processes."""
    lags, seconds = asyncio.run(_lags(training))
    middle, late = np.percentile(np.array(lags), (50, 99))
    return {
        "labels": len(training.liked),
        "trainings": _TRAININGS,
        "seconds": seconds,
        "lag_p50_ms": 1000 * float(middle),
        "lag_p99_ms": 1000 * float(late),
    }


async def _lags(training: TrainingSet) -> tuple[list[float], float]:
    workers = LocalWorkers(_PROCESSES)
    lags: list[float] = []
    probe = asyncio.create_task(_probe(lags))
    started = perf_counter()
    try:
        await asyncio.gather(*(workers.run(_train, training, seed) for seed in range(_TRAININGS)))
    finally:
        probe.cancel()
        await workers.close()
    return lags, perf_counter() - started


async def _probe(lags: list[float]) -> None:
    for _ in count():
        started = perf_counter()
        await asyncio.sleep(_PROBE_SECONDS)
        lags.append(perf_counter() - started - _PROBE_SECONDS)


def _train(training: TrainingSet, seed: int) -> bytes:
    return dump_model(train(training, seed=seed))


def _train_and_weigh(training: TrainingSet) -> float:
    """Train and return the process's peak memory in MB."""
    _train(training, 0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
