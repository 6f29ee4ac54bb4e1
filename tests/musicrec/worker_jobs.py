"""Jobs for the worker tests: top-level, because workers import them by name."""

import os
import signal
import time
from pathlib import Path

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
