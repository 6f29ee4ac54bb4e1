"""The same work by processes of this machine and by the workers of a Dask scheduler.

Run as ``python benchmarks/bench_workers.py dask://127.0.0.1:8786``; start as many workers as there
are processes here, two. SONGS says how large the catalogue is (1,000,000).
"""

# distributed is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final
from uuid import uuid4

import numpy as np
from distributed import Client
from large_catalogue import build_large
from listeners import listeners
from measuring import Row, publish
from threadpoolctl import threadpool_limits

from musicrec.discovery import Ranking
from musicrec.services.jobs import warm_up
from musicrec.services.ranking_jobs import RankAll, rank_all
from musicrec.taste import dump_model, train
from musicrec.workers import LocalWorkers, Workers
from musicrec.workers.cluster import ClusterWorkers

SONGS: Final = int(os.environ.get("SONGS", "1_000_000"))
PROCESSES: Final = 2
LABELS: Final = 500
NO_OPS: Final = 60
RANKINGS: Final = 8
TASKS: Final = 1_000


async def main(address: str) -> None:
    blob = dump_model(train(next(iter(listeners())).songs.at_most(LABELS, seed=0)))
    with tempfile.TemporaryDirectory() as folder:
        snapshot = build_large(Path(folder), SONGS, shuffled=False)
        scheduler_ms = await scheduler_milliseconds(address)
        rows: list[Row] = []
        found: list[Ranking] = []
        for name in ("processes of this machine", "Dask workers"):
            is_local = name == "processes of this machine"
            workers = LocalWorkers(PROCESSES) if is_local else await ClusterWorkers.connect(address)
            row, ranking = await measured(workers, blob, snapshot)
            rows.append({"workers": f"{workers.processes} {name}", **row})
            found.append(ranking)
            await workers.close()
        steps = {**single_steps(blob, snapshot), "scheduler_ms_a_task": scheduler_ms}
    same = all((each.rows == found[0].rows).all() for each in found)
    equal: Row = {"songs": SONGS, "equal": str(same)}
    publish("workers", {"work": rows, "rankings": [equal], "steps": [steps]})


async def measured(workers: Workers, blob: bytes, snapshot: Path) -> tuple[Row, Ranking]:
    work = rank_all(blob, snapshot, SONGS)
    await asyncio.gather(*(workers.run_in_parts(work) for _ in range(2 * PROCESSES)))
    tasks = min([await seconds_of(workers, NO_OPS) for _ in range(3)]) / NO_OPS
    no_ops = [await seconds_of(workers, 1) for _ in range(NO_OPS)]
    single = min([await seconds_of(workers, 1, work) for _ in range(3)])
    many = await seconds_of(workers, RANKINGS, work)
    ranking, _ = await workers.run_in_parts(work)
    return {
        "no_op_p50_ms": 1e3 * statistics.median(no_ops),
        "no_op_p95_ms": 1e3 * statistics.quantiles(no_ops, n=20)[-1],
        "no_op_ms_of_many": 1e3 * tasks,
        "ranking_s": single,
        "rankings_a_second": RANKINGS / many,
    }, ranking


async def seconds_of(workers: Workers, n: int, work: RankAll | None = None) -> float:
    """Return seconds until ``n`` rankings are there, or until nothing was done ``n`` times."""
    started = perf_counter()
    jobs = (workers.run(warm_up) if work is None else workers.run_in_parts(work) for _ in range(n))
    await asyncio.gather(*jobs)
    return perf_counter() - started


async def scheduler_milliseconds(address: str) -> float:
    """Return what one task costs the scheduler's processor."""
    async with Client(address.replace("dask", "tcp", 1), asynchronous=True) as client:
        taken: list[float] = []
        for _ in range(2):  # the first time, workers import what they need
            before: Any = await client.run_on_scheduler(process_time)
            jobs = [client.submit(warm_up, key=uuid4().hex, pure=False) for _ in range(TASKS)]
            done: Any = client.gather(jobs)
            await done
            after: Any = await client.run_on_scheduler(process_time)
            taken.append(1e3 * (after - before) / TASKS)
    return taken[-1]


def single_steps(blob: bytes, folder: Path) -> Row:
    """Return the processor's time of every step of a ranking, with one thread."""
    work = rank_all(blob, folder, SONGS)
    with threadpool_limits(1):
        work()
        times = [process_time()]
        planned = work.plan()
        times.append(process_time())
        found = [work.look(planned, part) for part in work.parts]
        times.append(process_time())
        _, content = work.finish(planned, found)
        times.append(process_time())
    planning, looking, finishing = np.diff(times)
    return {
        "plan_and_finish_s": float(planning + finishing),
        "look_us_a_song": 1e6 * float(looking) / SONGS,
        "ranking_kb": len(content) / 1e3,
    }


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
