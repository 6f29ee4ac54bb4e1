"""What many listeners and songs would cost, on paper: arithmetic on measured figures.

Nothing is measured here. Figures come from ``build/bench-*.json`` where these are, else from the
documents that are named beside them. LISTENERS and SONGS may be set; one million and 300 million
are asked about.
"""

import json
import math
import os
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from measuring import BUILD

from musicrec.catalogue.store.columns import TYPES

LISTENERS: Final = int(os.environ.get("LISTENERS", "1_000_000"))
SONGS: Final = int(os.environ.get("SONGS", "300_000_000"))

WEEK_H: Final = 168
BUSY: Final = 0.5
"""Share of the week that a core works: the rest is for peaks, and for hosts that fail."""
IN_PEAK_HOUR: Final = 0.05
"""Share of the listeners who are there in the busiest hour."""
RECOMMENDATIONS: Final = 2
"""That each of them asks for in that hour."""
SEARCHES: Final = 20
"""Of each of them: every pause in typing is one."""
HOST_CORES: Final = 16
TASKS_OF_RANKING: Final = 66
"""Of the scheduler: 64 parts, what comes before and what comes after."""

_TASTE: Final = "benchmarks.md, The taste engine"
_LARGE: Final = "benchmarks.md, Searching, Building the catalogue"
_STEPS: Final = "operations.md, What it costs"
_TRAINING: Final = ("taste", "cost, one core", 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value.

    Attributes:
        value: In ``unit``.
        unit: Of it.
        source: Where it stands.
        bench: Name, table, row and column of the benchmark that writes it, if any does.
    """

    value: float
    unit: str
    source: str
    bench: tuple[str, str, int, str] | None = None

    def newest(self) -> "Figure":
        """Return what the benchmark wrote last on this machine, or else this."""
        if self.bench is None:
            return self
        name, table, row, column = self.bench
        path = BUILD / f"bench-{name}.json"
        try:
            tables: dict[str, Any] = json.loads(path.read_text())
            return Figure(float(tables[table][row][column]), self.unit, f"build/{path.name}")
        except (OSError, ValueError, LookupError):
            return self


FIGURES: Final = {
    "training on 500 labels": Figure(1.6, "s", _TASTE, (*_TRAINING, "train_seconds")),
    "its model": Figure(586, "kB", _TASTE, (*_TRAINING, "model_kb")),
    "worker": Figure(503, "MB", _TASTE, ("taste", "a fresh worker that trains", 0, "peak_mb")),
    "before and after a scan": Figure(
        1.19, "s", _STEPS, ("workers", "steps", 0, "plan_and_finish_s")
    ),
    "scan": Figure(0.065, "µs a song", _STEPS),
    "file of a ranking": Figure(1_974, "kB", _STEPS, ("workers", "steps", 0, "ranking_kb")),
    "task of the scheduler": Figure(
        0.58, "ms", _STEPS, ("workers", "steps", 0, "scheduler_ms_a_task")
    ),
    "snapshot with its words": Figure(156, "bytes a song", _LARGE),
    "sorting ids in a build": Figure(132, "bytes a song", _LARGE),
    "search": Figure(1.5, "ms", _LARGE),
    "recommendation": Figure(
        0.078,
        "s",
        "bench_recommending.py",
        ("recommending", "a shortlist of 30", 0, "seconds"),
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What something costs, and how that was worked out."""

    what: str
    result: str
    arithmetic: str


Measured = dict[str, float]


def weekly(listeners: int, songs: int, measured: Measured) -> list[Line]:
    """Work out what it takes to train and to rank for everybody once a week."""
    training_s, fixed_s = measured["training on 500 labels"], measured["before and after a scan"]
    scan_s = songs * measured["scan"] / 1e6
    training_h = listeners * training_s / 3600
    ranking_h = listeners * (fixed_s + scan_s) / 3600
    cores = (training_h + ranking_h) / WEEK_H / BUSY
    hosts = math.ceil(cores / HOST_CORES)
    tasks_h = listeners * (1 + TASKS_OF_RANKING) * measured["task of the scheduler"] / 3.6e6
    rankings = f"{listeners:,} × ({fixed_s:.2f} s + {songs:,} × {measured['scan']:.3f} µs)"
    alone = f"{fixed_s:.2f} s + {scan_s:,.1f} s of scan ÷ {HOST_CORES} idle cores"
    tasks = f"{listeners:,} × {1 + TASKS_OF_RANKING} tasks × "
    task = f"{measured['task of the scheduler']:.2f} ms ÷ {WEEK_H} h"
    return [
        Line("trainings", f"{training_h:,.0f} core hours", f"{listeners:,} × {training_s:.2f} s"),
        Line("rankings", f"{ranking_h:,.0f} core hours", rankings),
        Line("cores for both", f"{cores:,.0f}", f"their sum ÷ {WEEK_H} h ÷ {BUSY:.0%} busy"),
        Line("worker hosts", f"{hosts:,}", f"of {HOST_CORES} cores, rounded up"),
        Line("scheduler", f"{tasks_h / WEEK_H:.0%} of one core", tasks + task),
        Line("one listener's ranking", f"{fixed_s + scan_s / HOST_CORES:,.1f} s", alone),
    ]


def space(listeners: int, songs: int, measured: Measured) -> list[Line]:
    """Work out what has to be kept, in memory and on disks."""
    column_bytes = sum(np.dtype(each).itemsize for each in TYPES.values())
    columns_gb, workers_gb = column_bytes * songs / 1e9, HOST_CORES * measured["worker"] / 1e3
    snapshot, sorting = measured["snapshot with its words"], measured["sorting ids in a build"]
    model, ranking = measured["its model"], measured["file of a ranking"]
    return [
        Line(
            "memory of a worker host",
            f"{workers_gb + columns_gb:,.0f} GB",
            f"{HOST_CORES} × {measured['worker']:.0f} MB + {songs:,} × {column_bytes} bytes",
        ),
        Line(
            "disk of a worker host",
            f"{2 * songs * snapshot / 1e9:,.0f} GB",
            f"{songs:,} × {snapshot:.0f} bytes, the old and the new songs",
        ),
        Line(
            "memory of a build",
            f"{songs * sorting / 1e9:,.0f} GB",
            f"{songs:,} × {sorting:.0f} bytes",
        ),
        Line(
            "models in the database",
            f"{listeners * model / 1e6:,.0f} GB",
            f"{listeners:,} × {model:.0f} kB",
        ),
        Line(
            "rankings, were all kept",
            f"{listeners * ranking / 1e6:,.0f} GB",
            f"{listeners:,} × {ranking:,.0f} kB; the bot keeps the last 500",
        ),
    ]


def peak(listeners: int, measured: Measured) -> list[Line]:
    """Work out the busiest hour."""
    asked = listeners * IN_PEAK_HOUR * RECOMMENDATIONS / 3600
    typed = listeners * IN_PEAK_HOUR * SEARCHES / 3600
    recommendation_s, search_s = measured["recommendation"], measured["search"] / 1e3
    people = f"{listeners:,} × {IN_PEAK_HOUR:.0%}"
    return [
        Line(
            "recommendations",
            f"{asked:,.0f} a second, {asked * recommendation_s:.1f} cores",
            f"{people} × {RECOMMENDATIONS} an hour × {1e3 * recommendation_s:.0f} ms",
        ),
        Line(
            "searches",
            f"{typed:,.0f} a second, {typed * search_s:.1f} cores",
            f"{people} × {SEARCHES} an hour × {1e3 * search_s:.1f} ms",
        ),
    ]


def main() -> None:
    newest = {name: figure.newest() for name, figure in FIGURES.items()}
    print("Measured")
    for name, figure in newest.items():
        print(f"  {name:25} {figure.value:>10,.3f} {figure.unit:13} {figure.source}")
    print(f"\n{LISTENERS:,} listeners, {SONGS:,} songs")
    measured = {name: figure.value for name, figure in newest.items()}
    tables = {
        "Everybody trained and ranked for once a week": weekly(LISTENERS, SONGS, measured),
        "Space": space(LISTENERS, SONGS, measured),
        "The busiest hour": peak(LISTENERS, measured),
    }
    for title, lines in tables.items():
        print(f"\n{title}")
        for line in lines:
            print(f"  {line.what:24} {line.result:>24}  = {line.arithmetic}")


if __name__ == "__main__":
    main()
