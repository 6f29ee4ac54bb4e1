"""Jobs for the worker tests: top-level, because workers import them by name."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from musicrec.domain.errors import NotEnoughLabelsError


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def sleep_forever() -> None:
    while True:
        time.sleep(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def find_too_few_labels() -> None:
    raise NotEnoughLabelsError(likes=1, dislikes=2, need_labels=10, need_each=3)


def wait_for(path: Path) -> None:
    """Keep a worker busy until there is a file."""
    while not path.exists():
        time.sleep(0.01)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def slow_process_id() -> int:
    time.sleep(0.5)
    return os.getpid()


def die_at_first(mark: Path) -> str:
    """Die, unless a worker died here before."""
    if mark.exists():
        return "done"
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def where(planned: int, part: slice) -> tuple[int, int, int]:
    time.sleep(0.05)
    return planned, part.start, os.getpid()


def together(planned: int, found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    assert all(each == planned for each, _, _ in found)
    return found


def slowly(look: Callable[[Any, slice], Any], planned: Any, part: slice) -> Any:
    time.sleep(1)
    return look(planned, part)


def hang_in_c() -> None:
    """Be stuck in one call that no Python signal handler interrupts."""
    re.match(r"(a+)+$", "a" * 100 + "b")


def allocate(n_bytes: int) -> int:
    return len(bytearray(n_bytes))
