"""The database as services see it: open, check, read, write, close."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Self

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from musicrec.storage.connections import PATIENCE, READING, empty_journal, new_engine
from musicrec.storage.failures import storage_error, while_connecting, while_working
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

_GIVE_UP: Final = text("SELECT set_config('lock_timeout', :ms, true)")
"""Wait no longer for any lock, inside this transaction."""


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
    async def writing(self, *, patience_s: float | None = None) -> AsyncGenerator[UnitOfWork]:
        """Open a transaction that is committed on a clean exit and rolled back otherwise.

        On SQLite it waits for other writers on entry, so a task must not open one inside another.

        Args:
            patience_s: Seconds to wait for others that write; None for as long as is usual here.

        Raises:
            StorageError: The database is out of reach or failed, or others write for too long.
        """
        async with (
            self._turn(patience_s) as left_s,
            self._transaction(self._engine, patience_s=left_s) as work,
        ):
            yield work

    @asynccontextmanager
    async def _turn(self, patience_s: float | None) -> AsyncGenerator[float | None]:
        """Wait for other writers of this process; yield what is left of the patience."""
        if self._writers is None:
            yield patience_s
            return
        time = asyncio.get_running_loop().time
        begun = time()
        try:
            async with asyncio.timeout(patience_s if self._writers.locked() else None):
                await self._writers.acquire()
        except TimeoutError as error:
            raise storage_error(self._url, TimeoutError("others write for too long")) from error
        try:
            yield None if patience_s is None else max(0.0, patience_s - (time() - begun))
        finally:
            self._writers.release()

    @asynccontextmanager
    async def _transaction(
        self, engine: AsyncEngine, *, patience_s: float | None = None
    ) -> AsyncGenerator[UnitOfWork]:
        # Repositories write past the session's memory of rows, so every read must refresh it.
        options = {"populate_existing": True}
        if patience_s is not None:
            engine = engine.execution_options(**{PATIENCE: patience_s})
        session = PatientSession(engine, execution_options=options)
        with while_working(self._url):
            try:
                with while_connecting(self._url):
                    await session.connection()
                if patience_s is not None and self.dialect == POSTGRESQL:
                    await session.execute(_GIVE_UP, {"ms": f"{1000 * patience_s:.0f}"})
                yield UnitOfWork(session)
                await session.commit()
            finally:
                await session.close()
