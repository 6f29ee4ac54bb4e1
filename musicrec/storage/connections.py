"""How connections are made: drivers, pragmas and the kinds of transaction."""

import json
import os
import sqlite3
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Dialect, NullPool, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from musicrec.storage.one_hop import connect
from musicrec.storage.urls import POSTGRESQL, SQLITE, dialect_of

READING: Final = "musicrec_reading"
"""Execution option: the transaction is a snapshot that refuses to write."""

PATIENCE: Final = "musicrec_patience_s"
"""Execution option: how many seconds a transaction of SQLite waits for another process."""

_BUSY_TIMEOUT_S: Final = 15
"""How long SQLite waits for another process that writes, where nobody says otherwise."""
_JOURNAL_TIMEOUT_MS: Final = 300
"""How long readers are waited for, while writers wait, until the journal is left as it is."""
_FILE: Final = "musicrec_file"
_CONNECT_TIMEOUT_S: Final = 10


def new_engine(url: URL, *, migrating: bool = False) -> AsyncEngine:
    """Make an engine; connections open on first use.

    Args:
        url: From ``parse_url``.
        migrating: Keep no connection open, and do not enforce foreign keys on SQLite: batch
            migrations rebuild tables, and dropping the old one would cascade to its dependants.
    """
    options: dict[str, Any] = {"poolclass": NullPool} if migrating else {}
    if dialect_of(url) == POSTGRESQL:
        options["connect_args"] = {"timeout": _CONNECT_TIMEOUT_S}
        options["pool_pre_ping"] = True  # survives a restart of the server
    else:
        options["connect_args"] = {"async_creator_fn": connect}
    engine = create_async_engine(
        url,
        hide_parameters=True,  # errors go to logs, what people said about songs must not
        # PostgreSQL refuses NaN in JSON; refuse it everywhere alike.
        json_serializer=partial(json.dumps, allow_nan=False),
        **options,
    )
    if dialect_of(url) == SQLITE:
        event.listen(engine.sync_engine, "do_connect", partial(_try_sqlite, makes=migrating))
        prepare = partial(_prepare_sqlite, foreign_keys=not migrating)
        event.listen(engine.sync_engine, "connect", prepare)
        if not migrating:
            path = str(url.database)
            event.listen(engine.sync_engine, "connect", partial(_note_file, path))
            event.listen(engine.sync_engine, "checkout", partial(_require_same_file, path))
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


async def empty_journal(engine: AsyncEngine) -> bool:
    """Write SQLite's journal into its file and empty it, unless somebody is in the way.

    The journal holds pages as they were, with what was deleted from them since.

    Returns:
        Whether it is empty.
    """
    async with engine.connect() as connection:  # no transaction begins, which would be in the way
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        raw.info.pop(PATIENCE, None)
        await driver.execute(f"PRAGMA busy_timeout = {_JOURNAL_TIMEOUT_MS}")
        cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = await cursor.fetchone()
        await cursor.close()
        await driver.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")
    return not is_busy


def _try_sqlite(
    _dialect: Dialect, _record: object, arguments: list[str], _: object, *, makes: bool
) -> None:
    # SQLite would make an empty file in the place of one that is gone.
    if not makes and not os.path.exists(arguments[0]):  # noqa: PTH110 - as below
        msg = "the file is gone"
        raise sqlite3.OperationalError(msg)
    # aiosqlite's thread outlives a failure to open by a moment, and prints a stack trace where
    # the program ended meanwhile; so let the failure happen before there is a thread.
    sqlite3.connect(arguments[0]).close()


def _note_file(path: str, _connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info[_FILE] = _file_at(path)


def _require_same_file(
    path: str, _connection: DBAPIConnection, record: ConnectionPoolEntry, _: object
) -> None:
    """Give a connection up whose file was deleted or replaced: what it wrote would be lost."""
    if record.info.get(_FILE) != _file_at(path):
        raise DisconnectionError(path)


def _file_at(path: str) -> tuple[int, int] | None:
    """Identify the file that has a name now."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked before every transaction, so the quick way
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: DBAPIConnection, _record: object, *, foreign_keys: bool) -> None:
    # Python's sqlite3 would begin transactions by itself, and only before some statements.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten in the file
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    except sqlite3.Error:
        connection.close()  # the pool forgets it without closing it
        raise
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reading, patience_s = bool(options.get(READING)), options.get(PATIENCE, _BUSY_TIMEOUT_S)
    # What a connection was told outlives a transaction.
    if connection.info.get(PATIENCE) != patience_s:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_s * 1000:.0f}")
        connection.info[PATIENCE] = patience_s
    if connection.info.get(READING) is not reading:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
        connection.info[READING] = reading
    # A deferred transaction that turns to writing fails at once where another one wrote.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
