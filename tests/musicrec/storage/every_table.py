"""Rows in every table there is, and everything that is in a database."""

import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, select

from musicrec.storage.column_types import UtcDateTime
from musicrec.storage.connections import new_engine
from musicrec.storage.personal import PERSONAL
from musicrec.storage.tables import Base
from musicrec.storage.urls import parse_url

ROWS = 3
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BLOB = bytes(range(256)) * 40
PACKED = zlib.compress(b'{"items": []}')


async def fill(url: str, listeners: Sequence[int] = range(1, ROWS + 1)) -> None:
    """Put some rows into every table, so that a new one is covered without anybody's help.

    Args:
        url: Of the database.
        listeners: Their ids; each has one row in every personal table, and is named in each of
            its texts.
    """
    engine = new_engine(parse_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(_fill, listeners)
    await engine.dispose()


async def contents(url: str) -> dict[str, list[Any]]:
    """Return all rows of all tables, ordered."""
    engine = new_engine(parse_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(_contents)
    await engine.dispose()
    return found


def _fill(connection: Connection, listeners: Sequence[int]) -> None:
    for table in Base.metadata.sorted_tables:
        rows = [
            {column.name: _value(table, column, number, listener) for column in table.columns}
            for number, listener in enumerate(listeners, start=1)
        ]
        connection.execute(insert(table), rows)


def _value(table: Table, column: Column[Any], number: int, listener: int) -> Any:
    personal = {each.table.name: each for each in PERSONAL}.get(table.name)
    if (table.name, column.name) == ("listeners", "id") or column.name == "listener_id":
        return listener
    if isinstance(column.type, UtcDateTime):
        return NOON + timedelta(hours=number)
    kind: type[Any] = column.type.python_type
    if issubclass(kind, StrEnum):
        return list(kind)[number % len(kind)]
    named = f" {listener}" if personal else ""
    values: dict[type[Any], Any] = {
        int: number,
        str: f"{table.name} {column.name} “{number}” 👍\n\\.{named}",
        bytes: PACKED if personal and column.name in personal.packed else BLOB[number:],
        float: 1 / (number + 2),
        bool: bool(number % 2),
        date: date(2026, 11, number),
        object: {"ключ": [number, None, 0.1, named]},  # SQLAlchemy does not know what is in JSON
    }
    return values[kind]


def _contents(connection: Connection) -> dict[str, list[Any]]:
    return {
        table.name: [
            tuple(row)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in Base.metadata.sorted_tables
    }
