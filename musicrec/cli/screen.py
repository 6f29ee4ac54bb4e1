"""What commands print: results on stdout, everything else on stderr."""

import contextlib
import json
import math
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_WIDTH_WITHOUT_TERMINAL: Final = 140
"""Columns; wide enough that no table is folded when it goes into a file or a pipe."""


def print_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print one JSON document; numbers that JSON does not know become null."""
    text = json.dumps(_plain(document), ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(text + "\n")


def print_text(text: str) -> None:
    """Print lines for people; never folded, never read as markup."""
    sys.stdout.write(text + "\n")


def stdout() -> Console:
    """Where tables for people go."""
    width = None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False)


def print_notices(notices: Iterable[str]) -> None:
    """Print what the reader should know besides the result."""
    for notice in notices:
        sys.stderr.write(f"note: {notice}\n")


@contextlib.contextmanager
def progress_bar(label: str) -> Generator[Callable[[int, int], None]]:
    """Yield a function that takes the work done and all of it; draws on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(label, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value)
        return {key: _plain(entry) for key, entry in entries.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in cast("Sequence[Any]", value)]
    return value
