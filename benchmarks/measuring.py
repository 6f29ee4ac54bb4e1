"""Take times, print them as a table, and write them as JSON beside the facts of the machine."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeVar

BUILD: Final = Path(__file__).parents[1] / "build"

Row = Mapping[str, str | int | float]
T = TypeVar("T")


@dataclass(slots=True)
class Clock:
    """Takes the time that whoever takes items from an iterator waits for them."""

    seconds: float = 0.0

    def over(self, items: Iterator[T]) -> Iterator[T]:
        """Yield the same items."""
        while True:
            started = time.perf_counter()
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                self.seconds += time.perf_counter() - started
            yield item


def seconds(work: Callable[[], object], *, repeats: int = 3) -> float:
    """Return the shortest of some runs: the others waited for something else."""
    taken: list[float] = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long one run takes."""
    started = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - started)


def machine() -> dict[str, str | int]:
    """Say what the times were taken on."""
    return {
        "cores": os.cpu_count() or 0,
        "machine": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("scikit-learn", "numpy", "pandas")},
    }


def publish(name: str, tables: Mapping[str, Sequence[Row]]) -> None:
    """Print every table and write all of them to ``build/bench-NAME.json``."""
    for title, rows in tables.items():
        _print_table(title, rows)
    BUILD.mkdir(exist_ok=True)
    path = BUILD / f"bench-{name}.json"
    path.write_text(json.dumps({"machine": machine(), **tables}, indent=2) + "\n")
    print(f"\n{machine()}\nwritten to {path.relative_to(BUILD.parent)}")


def _print_table(title: str, rows: Sequence[Row]) -> None:
    cells = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n{title}")
    for line in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def _cell(value: str | float) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
