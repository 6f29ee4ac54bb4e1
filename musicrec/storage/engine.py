"""The database as services see it: open, check, read, write, close."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, Final, Self

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from musicrec.storage.connections import READING, empty_journal, new_engine
from musicrec.storage.failures import while_connecting, while_working
from musicrec.storage.leadership import Leadership, leadership_of
from musicrec.storage.migrate import require_head, require_sqlite_file, revision_of
from musicrec.storage.session import PatientSession
from musicrec.storage.shard_locks import ShardLocks, shard_locks_of
from musicrec.storage.unit_of_work import UnitOfWork
from musicrec.storage.urls import POSTGRESQL, SQLITE, dialect_of, parse_url

_READING_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    SQLITE: {READING: True},
    POSTGRESQL: {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


class Database:
    """One database; belongs to one event loop."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = new_engine(url)
        self._reading_engine = self._engine.execution_options(**_READING_OPTIONS[self.dialect])
        # SQLite admits one writer at a time and wakes waiting ones in no order, so that one of
        # many could starve until its timeout; those of this process queue up here instead.
        self._writers = asyncio.Lock() if self.dialect == SQLITE else None

    @classmethod
    def open(cls, url: str) -> Self:
        """Prepare for a database; nothing is read or connected yet.

        Args:
            url: ``sqlite+aiosqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``;
                ``sqlite:``, ``postgres:`` and ``postgresql+asyncpg:`` are understood too.

        Raises:
            BadInputError: The address cannot be used.
        """
        return cls(parse_url(url))

    @property
    def dialect(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return dialect_of(self._url)

    async def check(self) -> None:
        """Make sure that the database answers and that its tables fit this program.

        Raises:
            StorageError: It is out of reach, or its tables are of another version.
        """
        require_sqlite_file(self._url)
        with while_connecting(self._url):
            async with self._reading_engine.connect() as connection:
                revision = await connection.run_sync(revision_of)
        await asyncio.to_thread(require_head, self._url, revision)

    def leadership(self) -> Leadership:
        """Return a claim to what only one process of this database may do at a time."""
        return leadership_of(self._url)

    async def wipe_traces(self) -> bool:
        """Overwrite what was deleted where the database itself would keep it for a while.

        Returns:
            Whether all of it is gone: not where somebody reads on SQLite just now (the journal
            then goes by and by), and not on PostgreSQL, whose autovacuum does it.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        if self._writers is None:
            return False
        async with self._writers:
            with while_working(self._url):
                return await empty_journal(self._engine)

    def shard_locks(self, ids: Iterable[int], count: int) -> ShardLocks:
        """Return a claim to shards of Discord's gateway; see ``shard_locks_of``."""
        return shard_locks_of(self._url, ids, count)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a snapshot: it does not change while it is read, and writing to it fails.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        return self._transaction(self._reading_engine)

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[UnitOfWork]:
        """Open a transaction that is committed on a clean exit and rolled back otherwise.

        On SQLite it waits for other writers on entry, so a task must not open one inside another.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        async with self._writers or nullcontext(), self._transaction(self._engine) as work:
            yield work

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncGenerator[UnitOfWork]:
        # Repositories write past the session's memory of rows, so every read must refresh it.
        options = {"populate_existing": True}
        session = PatientSession(engine, execution_options=options)
        with while_working(self._url):
            try:
                with while_connecting(self._url):
                    await session.connection()
                yield UnitOfWork(session)
                await session.commit()
            finally:
                await session.close()
