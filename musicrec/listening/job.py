"""What a worker process does with a file; the libraries are imported when it begins.

Nothing here is needed to send a job to a worker, so that the bot itself never loads them.
"""

# ruff: noqa: PLC0415  (the reason is above)

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from musicrec.listening.heard import Heard

if sys.platform != "win32":
    import fcntl

EXCERPT_S: Final = 90.0
"""Of the middle of a song: its beginning and end sound like no other part of it."""


def prepare(cache: Path) -> None:
    """Load the libraries, and compile what they compile at the first use ever.

    Args:
        cache: Folder where the compiled code is kept, made where it is missing, unless the
            environment names another one in ``NUMBA_CACHE_DIR``.
    """
    from numba.core import config as numba_config

    config: Any = numba_config  # made at run time, which no type checker sees
    if not config.CACHE_DIR:
        config.CACHE_DIR = str(cache)

    from musicrec.listening.analysis import rehearse

    with _alone_in(Path(config.CACHE_DIR)):
        rehearse()


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Wait for other processes that compile into a folder.

    Two at once could each write the other's code under a name, and whoever loads that crashes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "compiling.lock").open("ab") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def listen(data: bytes) -> Heard:
    """Decode the middle of a file and measure it.

    Args:
        data: The whole file.

    Raises:
        BadInputError: It is damaged, of an unknown kind, or beyond the limits of ``decoding``.
    """
    from musicrec.listening.analysis import features_of
    from musicrec.listening.decoding import decode

    excerpt = decode(data, excerpt_s=EXCERPT_S)
    return Heard(excerpt.tags, features_of(excerpt))
