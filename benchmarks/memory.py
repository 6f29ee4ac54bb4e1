"""Memory of a process and its children, without pages of files, which the system may drop."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from multiprocessing import active_children
from pathlib import Path
from typing import Final

_EVERY_S: Final = 0.2


class Peak:
    """The most so far.

    Attributes:
        mb: Megabytes of this process and its children at one time.
    """

    def __init__(self) -> None:
        self.mb = 0.0

    def look(self) -> None:
        """Look once; a child that ends meanwhile does not count."""
        ids = [os.getpid(), *(child.pid for child in active_children())]
        held = 0.0
        for process in filter(None, ids):
            with suppress(FileNotFoundError, ProcessLookupError):
                held += _anonymous_mb(process)
        self.mb = max(self.mb, held)


@contextmanager
def peak_of_memory() -> Generator[Peak]:
    """Look several times a second until the context ends; needs Linux, and sees 0 elsewhere."""
    peak = Peak()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY_S):
            peak.look()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield peak
    finally:
        done.set()
        watching.join()


def _anonymous_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return float(line.split()[1]) / 1e3
    return 0.0
