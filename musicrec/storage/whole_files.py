"""Files that are there whole or not at all, readable by nobody but their owner."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from musicrec.domain.errors import StorageError


@contextmanager
def written_beside(path: Path) -> Generator[Path]:
    """Yield an empty file beside ``path`` to write to; it takes the place of ``path`` in the end.

    Where the block fails, nothing of it stays.

    Raises:
        StorageError: The folder cannot be written to.
    """
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        os.close(number)
        beside = Path(name)
        yield beside
        put_in_place(beside, path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}."
        raise StorageError(msg) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def put_in_place(beside: Path, path: Path) -> None:
    """Rename a file, and let neither its content nor its name get lost with the power."""
    _flush(beside)
    beside.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
