# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
"""SQLite's connection, asked from the event loop with one change of threads for each statement.

aiosqlite changes to its thread and back four times: for the cursor, to execute, to fetch, to close.
At a press of a button that is most of what a statement costs.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors execute, fetch everything and close in one go."""

    def cursor(self) -> "OneHopCursor":  # pyright: ignore[reportIncompatibleMethodOverride] - aiosqlite's is a context manager, too
        """Return a cursor; nothing is done yet."""
        return OneHopCursor(self)


class OneHopCursor:
    """As much of a cursor as SQLAlchemy uses.

    Attributes:
        description: Of the columns of the last statement; None where it returned no rows.
        rowcount: Rows that the last statement changed; -1 where it changed none.
        lastrowid: Of the row that was inserted last.
        arraysize: Of no effect: everything is fetched at once.
    """

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Execute a statement and keep all its rows."""
        return await self._do(sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """Execute a statement once for each set of parameters."""
        return await self._do(sqlite3.Cursor.executemany, sql, parameters)

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows of the last statement."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: it is closed already."""

    async def _do(self, how: Callable[..., Any], *arguments: Any) -> Self:
        await self._connection._execute(self._in_thread, how, *arguments)  # noqa: SLF001 - the only way
        return self

    def _in_thread(self, how: Callable[..., Any], *arguments: Any) -> None:
        cursor = self._connection._conn.cursor()  # noqa: SLF001 - as above
        try:
            how(cursor, *arguments)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


def connect(*arguments: Any, **options: Any) -> OneHopConnection:
    """Prepare a connection as ``aiosqlite.connect`` does.

    Args:
        arguments: ``sqlite3.connect``'s.
        options: ``sqlite3.connect``'s.
    """

    def open_in_thread() -> sqlite3.Connection:
        return sqlite3.connect(*arguments, **options)

    connection = OneHopConnection(open_in_thread, iter_chunk_size=64)
    # A connection that nobody closed must not keep the process.
    connection._thread.daemon = True  # noqa: SLF001 - SQLAlchemy does the same
    return connection
