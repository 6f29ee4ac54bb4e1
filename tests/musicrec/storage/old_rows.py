"""Rows in the tables as they were at an older version, made by what those tables ask for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Enum, MetaData, Table, insert, select
from sqlalchemy.types import JSON, TypeEngine

from musicrec.storage.connections import new_engine
from musicrec.storage.tables import Base
from musicrec.storage.urls import parse_url

ROWS = 3
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Found = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
"""By table and primary key: values by column."""


async def fill_as_it_is(url: str) -> None:
    """Put rows into every table that there is, row n referring to row n of other tables."""
    engine = new_engine(parse_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(_fill)
    await engine.dispose()


async def everything(url: str) -> Found:
    """Return every value of every table that there is."""
    engine = new_engine(parse_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(_everything)
    await engine.dispose()
    return found


def _reflected(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _fill(connection: Connection) -> None:
    for table in _reflected(connection):
        rows = [
            {column.name: _value(column, number) for column in table.c}
            for number in range(1, ROWS + 1)
        ]
        connection.execute(insert(table), rows)


def _everything(connection: Connection) -> Found:
    return {table.name: _rows(connection, table) for table in _reflected(connection)}


def _rows(connection: Connection, table: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    keys = [column.name for column in table.primary_key.columns]
    rows = [dict(row) for row in connection.execute(select(table)).mappings()]
    return {tuple(row[key] for key in keys): row for row in rows}


def _value(column: Column[Any], number: int) -> Any:
    """Return what a column takes; another value in each row, so that unique keys hold."""
    word = _word_of_today(column, number)
    if word is not None:
        return word
    kind = _python_type(column.type)
    values: dict[type[Any], Any] = {
        int: number,
        str: f"{column.table.name} {column.name} {number} 👍"[
            : getattr(column.type, "length", None)
        ],
        bytes: f"{number}".encode() * 3,
        float: number / 4,
        Decimal: number / 4,
        bool: number % 2 == 1,
        date: date(2026, 11, number),
        datetime: _instant(column.type, number),
        dict: {"number": number},
    }
    return values[kind]


def _word_of_today(column: Column[Any], number: int) -> str | None:
    """Return one of the words that the column has today, where it has words."""
    table = Base.metadata.tables.get(column.table.name)
    kind = table.c[column.name].type if table is not None and column.name in table.c else None
    if not isinstance(kind, Enum):
        return None
    return kind.enums[number % len(kind.enums)]


def _python_type(kind: TypeEngine[Any]) -> type[Any]:
    return dict if isinstance(kind, JSON) else kind.python_type


def _instant(kind: TypeEngine[Any], number: int) -> datetime:
    at = NOON + timedelta(hours=number)
    return at if getattr(kind, "timezone", False) else at.replace(tzinfo=None)
