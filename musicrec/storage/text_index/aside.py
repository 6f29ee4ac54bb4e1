"""Write the index in a process of its own, while the caller writes everything else."""

import signal
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from musicrec.domain.errors import StorageError
from musicrec.storage.text_index.writer import writing_text_index

_CONTEXT: Final = get_context("spawn")

_Texts = tuple[Sequence[str], Sequence[str]]


class TextIndexFeed:
    """Hands the texts of songs to the process that indexes them."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def add(self, titles: Sequence[str], artists: Sequence[str]) -> None:
        """Append songs as ``TextIndexWriter.add`` does; waits while many are under way.

        Raises:
            StorageError: The process is gone.
        """
        self._send((titles, artists))

    def finish(self) -> None:
        """Wait until the index is whole.

        Raises:
            StorageError: It could not be written.
        """
        self._send(None)
        try:
            reason: str = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise _lost() from error
        if reason:
            raise StorageError(reason)

    def _send(self, texts: _Texts | None) -> None:
        try:
            self._pipe.send(texts)
        except OSError as error:
            raise _lost() from error


@contextmanager
def writing_text_index_aside(path: Path) -> Generator[TextIndexFeed]:
    """Open a new index for writing; it is whole when the context ends.

    Raises:
        StorageError: As ``writing_text_index``, told at the end; or its process died.
    """
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_write, args=(path, theirs), name="text index")
    process.start()
    theirs.close()
    try:
        feed = TextIndexFeed(ours)
        yield feed
        feed.finish()
    finally:
        # Without its other end the process gives up what it has not finished.
        ours.close()
        process.join()


def _write(path: Path, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # At the end of the pipe whoever wanted the index is gone, or has given up.
    with suppress(EOFError, ConnectionError):
        pipe.send(_written(path, iter(pipe.recv, None)))


def _written(path: Path, sent: Iterator[_Texts]) -> str:
    """Return why the index could not be written; nothing if it is."""
    try:
        with writing_text_index(path) as index:
            for titles, artists in sent:
                index.add(titles, artists)
    except StorageError as error:
        # Whoever sends does not listen before the end.
        for _ in sent:
            pass
        return str(error)
    return ""


def _lost() -> StorageError:
    return StorageError(
        "The process that indexes titles and artists died (killed, or out of memory);"
        " the catalogue in use stays. Build it again."
    )
