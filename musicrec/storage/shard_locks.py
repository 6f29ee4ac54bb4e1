"""Which process hears which shards of Discord's gateway; every claim ends with its process.

On PostgreSQL claims are advisory locks of one connection, seen by everybody in ``pg_locks``. SQLite
serves one process, which holds a lock on a file beside the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from musicrec.storage.connections import new_engine
from musicrec.storage.failures import while_connecting
from musicrec.storage.leadership import locked
from musicrec.storage.session import uninterrupted
from musicrec.storage.urls import SQLITE, dialect_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

ANY_COUNT: Final = 0
"""Stands for as many shards as Discord recommends, all of them in one process."""


class _Kind(IntEnum):
    """The first of the two numbers of a lock, the same in every version of this program."""

    OWNS = 0x6D757301
    """Exclusive, of a shard: its process is the one that should hear it."""
    COUNT = 0x6D757302
    """Shared, of a number of shards: its process divides servers among so many."""
    WAITS = 0x6D757303
    """Shared, of a shard: its process is ready to take it over."""
    HEARS = 0x6D757304
    """Shared, of a shard: its process is connected to it."""


_TRY: Final = text("SELECT pg_try_advisory_lock(:kind, :number)")
_SHARE: Final = text("SELECT pg_advisory_lock_shared(:kind, :number)")
_LET_GO: Final = text("SELECT pg_advisory_unlock(:kind, :number)")
_LET_GO_SHARED: Final = text("SELECT pg_advisory_unlock_shared(:kind, :number)")
_OTHERS: Final = text(
    "SELECT DISTINCT objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
    "AND classid = CAST(:kind AS oid) AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why shards cannot be had at the moment.

    Attributes:
        taken: Those that another process has.
        counts: Other numbers of shards by which processes divide servers; ``ANY_COUNT`` is one
            process that has all.
    """

    taken: frozenset[int] = frozenset()
    counts: frozenset[int] = frozenset()


class ShardLocks(Protocol):
    """One process's claim to its shards; belongs to one task at a time.

    All methods raise ``StorageError`` where the database is out of reach; what was held is lost
    with the connection then.
    """

    async def take(self) -> Obstacle | None:
        """Take all shards, or none and tell why not; taking twice is taking once."""
        ...

    async def wait(self) -> None:
        """Let others see that this process waits for its shards."""
        ...

    async def hear(self) -> None:
        """Let others see that this process is connected to its shards."""
        ...

    async def is_waited_for(self) -> bool:
        """Tell whether another process waits for any of the shards."""
        ...

    async def others_hear(self) -> frozenset[int]:
        """Return those of the shards to which another process is connected."""
        ...

    async def let_go(self) -> None:
        """Give the shards to whoever waits for them; ``hear`` stays true."""
        ...

    async def close(self) -> None:
        """Give up everything."""
        ...


def shard_locks_of(url: URL, ids: Iterable[int], count: int) -> ShardLocks:
    """Return a claim that is not made yet.

    Args:
        url: Of the database.
        ids: The shards; ``(0,)`` where the count is ``ANY_COUNT``.
        count: Of the shards of all processes.
    """
    if dialect_of(url) == SQLITE:
        return _FileLock(url)
    return _AdvisoryLocks(url, tuple(ids), count)


class _FileLock:
    def __init__(self, url: URL) -> None:
        self._url = url
        self._file: IO[Any] | None = None

    async def take(self) -> Obstacle | None:
        if self._file is None:
            with while_connecting(self._url):
                self._file = locked(Path(f"{self._url.database}.shards"))
        return None if self._file is not None else Obstacle(taken=frozenset({0}))

    async def wait(self) -> None: ...

    async def hear(self) -> None: ...

    async def is_waited_for(self) -> bool:
        return False

    async def others_hear(self) -> frozenset[int]:
        return frozenset()

    async def let_go(self) -> None: ...

    async def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _AdvisoryLocks:
    def __init__(self, url: URL, ids: tuple[int, ...], count: int) -> None:
        self._url = url
        self._ids = ids
        self._count = count
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._owned: set[int] = set()
        self._shown: set[_Kind] = set()

    @uninterrupted
    async def take(self) -> Obstacle | None:
        counts = await self._other_counts()
        taken = frozenset[int]() if counts else await self._taken_by_others()
        if not counts and not taken:
            await self._hide(_Kind.WAITS)
            return None
        await self._let_go()
        await self._hide(_Kind.COUNT)
        return Obstacle(taken, counts)

    @uninterrupted
    async def wait(self) -> None:
        await self._show(_Kind.WAITS, self._ids)

    @uninterrupted
    async def hear(self) -> None:
        await self._show(_Kind.HEARS, self._ids)

    @uninterrupted
    async def is_waited_for(self) -> bool:
        return bool(await self._others(_Kind.WAITS) & {*self._ids})

    @uninterrupted
    async def others_hear(self) -> frozenset[int]:
        return await self._others(_Kind.HEARS) & {*self._ids}

    @uninterrupted
    async def let_go(self) -> None:
        await self._let_go()

    @uninterrupted
    async def close(self) -> None:
        await self._forget_connection()
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    async def _other_counts(self) -> frozenset[int]:
        await self._show(_Kind.COUNT, [self._count])
        return await self._others(_Kind.COUNT) - {self._count}

    async def _taken_by_others(self) -> frozenset[int]:
        for shard_id in self._ids:
            if shard_id not in self._owned and await self._ask(_TRY, _Kind.OWNS, shard_id):
                self._owned.add(shard_id)
        return frozenset(self._ids) - self._owned

    async def _let_go(self) -> None:
        for shard_id in self._owned:
            await self._ask(_LET_GO, _Kind.OWNS, shard_id)
        self._owned.clear()

    async def _show(self, kind: _Kind, numbers: Iterable[int]) -> None:
        if kind not in self._shown:
            for number in numbers:
                await self._ask(_SHARE, kind, number)
            self._shown.add(kind)

    async def _hide(self, kind: _Kind) -> None:
        if kind in self._shown:
            for number in [self._count] if kind is _Kind.COUNT else self._ids:
                await self._ask(_LET_GO_SHARED, kind, number)
            self._shown.discard(kind)

    async def _others(self, kind: _Kind) -> frozenset[int]:
        connection = await self._connected()
        with while_connecting(self._url):
            found = (await self._kept(connection.scalars(_OTHERS, {"kind": int(kind)}))).all()
        return frozenset(int(number) for number in found)

    async def _ask(self, what: Any, kind: _Kind, number: int) -> Any:
        connection = await self._connected()
        values = {"kind": int(kind), "number": number}
        with while_connecting(self._url):
            return await self._kept(connection.scalar(what, values))

    async def _kept(self, asking: Any) -> Any:
        """Ask; where the server ended the connection, everything that it held is gone."""
        try:
            return await asking
        except DBAPIError:
            await self._forget_connection()
            raise

    async def _connected(self) -> "AsyncConnection":
        if self._connection is None:
            self._engine = self._engine or new_engine(self._url).execution_options(
                isolation_level="AUTOCOMMIT"
            )
            with while_connecting(self._url):
                self._connection = await self._engine.connect()
        return self._connection

    async def _forget_connection(self) -> None:
        connection, self._connection = self._connection, None
        self._owned.clear()
        self._shown.clear()
        if connection is not None:
            await connection.close()
