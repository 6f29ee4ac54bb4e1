"""The right to do what only one process may do at a time; it ends with the process, however.

On PostgreSQL it is an advisory lock of a connection of its own, which the server ends with the
connection. On SQLite it is a lock on a file beside the database, which the kernel ends with the
process; nothing but the lock counts, the file stays.
"""

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from musicrec.storage.connections import new_engine
from musicrec.storage.failures import while_connecting
from musicrec.storage.session import uninterrupted
from musicrec.storage.urls import SQLITE, dialect_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

if sys.platform != "win32":
    import fcntl

_KEY: Final = 0x6D757369
"""Of the advisory lock, the same in every version of this program."""
_TRY: Final = text("SELECT pg_try_advisory_lock(:key)")


class Leadership(Protocol):
    """One process's claim to lead; belongs to one task at a time."""

    async def holds(self) -> bool:
        """Tell whether this process leads, and try to take over where nobody does.

        Raises:
            StorageError: The database is out of reach.
        """
        ...

    async def close(self) -> None:
        """Give it up."""
        ...


def leadership_of(url: URL) -> Leadership:
    """Return a claim that is not made yet."""
    if dialect_of(url) == SQLITE:
        return _FileLeadership(url)
    return _AdvisoryLeadership(url)


class _FileLeadership:
    def __init__(self, url: URL) -> None:
        self._url = url
        self._file: IO[Any] | None = None

    async def holds(self) -> bool:
        if self._file is not None:
            return True
        with while_connecting(self._url):
            self._file = locked(Path(f"{self._url.database}.leader"))
        return self._file is not None

    async def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _AdvisoryLeadership:
    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None

    @uninterrupted
    async def holds(self) -> bool:
        if self._connection is None:
            return await self._taken()
        try:
            await self._connection.execute(text("SELECT 1"))
        except DBAPIError:  # the server ended the connection, and the lock with it
            await self.close()
            return False
        return True

    @uninterrupted
    async def close(self) -> None:
        connection, self._connection = self._connection, None
        engine, self._engine = self._engine, None
        if connection is not None:
            await connection.close()
        if engine is not None:
            await engine.dispose()

    async def _taken(self) -> bool:
        if self._engine is None:
            self._engine = new_engine(self._url).execution_options(isolation_level="AUTOCOMMIT")
        with while_connecting(self._url):
            connection = await self._engine.connect()
            taken = await connection.scalar(_TRY, {"key": _KEY})
        if not taken:
            await connection.close()
            return False
        self._connection = connection
        return True


def locked(path: Path) -> IO[Any] | None:
    """Lock a file until it is closed; None if somebody else has it."""
    file = path.open("ab")
    if sys.platform == "win32":
        return file  # such a machine is for trying things out: one process
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
