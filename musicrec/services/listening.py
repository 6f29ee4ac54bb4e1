"""Files of music, listened to in a process of their own."""

import logging
from functools import partial
from pathlib import Path
from typing import Final

from musicrec.domain.errors import BadInputError
from musicrec.listening import Heard, require_audio, require_installed
from musicrec.listening.job import listen, prepare
from musicrec.workers import Limits, LoneWorker

COMPILED: Final = "compiled"
"""Folder, in the data folder, of code that was compiled for listening; made anew when missing."""

_LIMITS: Final = Limits(prepare_s=300, job_s=120, memory=2**30, idle_s=600, most_waiting=4)
"""The process takes 400 MB, a song 4 seconds of a processor and 350 MB more, the first one ever
half a minute more for compiling; the limits leave room for busy machines."""

_log = logging.getLogger(__name__)


class FileListening:
    """Listens to one file after the other."""

    def __init__(self, data_dir: Path, limits: Limits = _LIMITS) -> None:
        self._limits = limits
        self._worker = LoneWorker(partial(prepare, data_dir / COMPILED), limits)

    def require_usable(self, name: str, content_type: str | None, n_bytes: int) -> None:
        """Refuse a file before it is fetched.

        Args:
            name: Of the file.
            content_type: What it is said to contain; None where nobody said.
            n_bytes: Its size.

        Raises:
            ExtraMissingError: Packages for listening are not installed.
            BadInputError: It is no file of music by its looks, or too large.
        """
        require_installed()
        require_audio(name, content_type, n_bytes)

    async def listen(self, data: bytes) -> Heard:
        """Return what the middle of a song sounds like, and its tags.

        Raises:
            ExtraMissingError: Packages for listening are not installed.
            BadInputError: The file cannot be read, takes too long or too much memory.
            WorkersBusyError: Too many files are waiting already.
            WorkerLostError: The process for listening could not be started.
        """
        require_installed()
        try:
            return await self._worker.run(listen, data)
        except TimeoutError as error:
            msg = (
                f"I gave up on that file after {self._limits.job_s:.0f} seconds: give another one."
            )
            raise BadInputError(msg) from error
        except (ChildProcessError, MemoryError) as error:
            _log.warning("A file of %d bytes could not be listened to: %s", len(data), error)
            msg = "That file is too much for the program that reads it: give it in another format."
            raise BadInputError(msg) from error

    async def close(self) -> None:
        """End the process, whatever it does."""
        await self._worker.close()
