"""How connections are made: drivers, pragmas and the kinds of transaction."""

import json
import sqlite3
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Dialect, NullPool, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from musicrec.storage import one_hop
from musicrec.storage.urls import POSTGRESQL, SQLITE, dialect_of

READING: Final = "musicrec_reading"
"""Execution option: the transaction is a snapshot that refuses to write."""

_BUSY_TIMEOUT_S: Final = 15
"""How long SQLite waits for another process that writes."""
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
        options["connect_args"] = {"async_creator_fn": one_hop.connect}
    engine = create_async_engine(
        url,
        hide_parameters=True,  # errors go to logs, what people said about songs must not
        # PostgreSQL refuses NaN in JSON; refuse it everywhere alike.
        json_serializer=partial(json.dumps, allow_nan=False),
        **options,
    )
    if dialect_of(url) == SQLITE:
        event.listen(engine.sync_engine, "do_connect", _try_sqlite)
        prepare = partial(_prepare_sqlite, foreign_keys=not migrating)
        event.listen(engine.sync_engine, "connect", prepare)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _try_sqlite(_dialect: Dialect, _record: object, arguments: list[str], _: object) -> None:
    # aiosqlite's thread outlives a failure to open by a moment, and prints a stack trace where
    # the program ended meanwhile; so let the failure happen before there is a thread.
    sqlite3.connect(arguments[0]).close()


def _prepare_sqlite(connection: DBAPIConnection, _record: object, *, foreign_keys: bool) -> None:
    # Python's sqlite3 would begin transactions by itself, and only before some statements.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    except sqlite3.Error:
        connection.close()  # the pool forgets it without closing it
        raise
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = bool(connection.get_execution_options().get(READING))
    if connection.info.get(READING) is not reading:  # what a connection refuses outlives a turn
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
        connection.info[READING] = reading
    # A deferred transaction that turns to writing fails at once where another one wrote.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
