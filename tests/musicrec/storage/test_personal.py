"""Whose each table is: nothing is left out of what people see, take along and delete."""

from typing import Any

import pytest
from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from musicrec.domain.ids import ListenerId
from musicrec.storage import Database
from musicrec.storage.personal import NAMES_NOBODY, OF_SERVERS, PERSONAL, is_of, table_of
from musicrec.storage.tables import Base
from tests.musicrec.storage.every_table import contents, fill
from tests.musicrec.storage.samples import ANNA, BEN

TABLES = Base.metadata.tables
PERSONAL_NAMES = [each.table.name for each in PERSONAL]
OF_NOBODY = [table_of(row).name for row in NAMES_NOBODY]

WISHES_FOR_A_SERVER = {"weekly_plans"}
"""A listener's own; a list whose place is gone is told to them, and not sent."""


def test_every_table_is_somebodys_or_says_why_it_is_nobodys():
    """Add a new table to ``PERSONAL`` (and ``cogs.privacy.kinds``) or to ``NAMES_NOBODY``."""
    assert sorted([*PERSONAL_NAMES, *OF_NOBODY]) == sorted(TABLES)
    assert all(NAMES_NOBODY.values())


@pytest.mark.parametrize("name", OF_NOBODY)
def test_a_table_of_nobody_has_no_way_to_a_listener(name: str):
    table = TABLES[name]
    assert not {"listener_id", "user_id", "author_id", "owner_id"} & set(table.c.keys())
    assert not {key.column.table.name for key in table.foreign_keys} & set(PERSONAL_NAMES)


@pytest.mark.parametrize("each", PERSONAL, ids=PERSONAL_NAMES)
def test_a_personal_table_goes_with_its_listener(each: Any):
    table: Table = each.table
    is_of(table, ANNA)
    ways = [key for key in table.foreign_keys if key.ondelete == "CASCADE"]
    assert table.name == "listeners" or ways
    if "listener_id" in table.c:
        assert "listeners" in {key.column.table.name for key in ways}


@pytest.mark.parametrize("each", PERSONAL, ids=PERSONAL_NAMES)
def test_bytes_are_unpacked_or_kept_back_with_a_reason(each: Any):
    raw = {column.name for column in each.table.c if isinstance(column.type, LargeBinary)}
    assert raw == {*each.packed, *each.kept_back}
    assert all(each.kept_back.values())


def test_every_table_of_a_server_is_forgotten_with_it():
    about_servers = {table.name for table in TABLES.values() if "guild_id" in table.c}
    assert {table_of(row).name for row in OF_SERVERS} == about_servers - WISHES_FOR_A_SERVER


async def test_everything_of_a_listener_is_counted_and_exported(url: str, database: Database):
    await fill(url, [ANNA, BEN])
    async with database.reading() as work:
        counts = await work.personal.counts(ANNA)
        rows = await work.personal.rows(ANNA)
    assert counts == dict.fromkeys(PERSONAL_NAMES, 1)
    for each in PERSONAL:
        [row] = rows[each.table.name]
        assert set(row) == set(each.table.c.keys()) - set(each.kept_back)
        assert all(row[name] == {"items": []} for name in each.packed)
        assert str(BEN) not in [str(value) for value in row.values()]


async def test_after_deletion_no_column_of_any_table_names_the_listener(
    url: str, database: Database
):
    await fill(url, [ANNA, BEN])
    before = await contents(url)
    assert all(traces(before[name], ANNA) for name in PERSONAL_NAMES)

    async with database.writing() as work:
        await work.listeners.delete(ANNA)

    after = await contents(url)
    assert [name for name in TABLES if traces(after[name], ANNA)] == []
    for name in TABLES:
        mine = 1 if name in PERSONAL_NAMES else 0
        assert len(after[name]) == len(before[name]) - mine, name


async def test_all_consents_end_at_once_and_nobody_elses(url: str, database: Database):
    await fill(url, [ANNA, BEN])
    async with database.writing() as work:
        assert await work.personal.end_consents(ANNA) == 2
        assert await work.personal.end_consents(ANNA) == 0
    async with database.reading() as work:
        counts = await work.personal.counts(ANNA)
        assert [name for name, n in counts.items() if not n] == [
            "shared_tastes",
            "comparable_tastes",
        ]
        assert set((await work.personal.counts(BEN)).values()) == {1}


async def test_a_server_is_forgotten_whole_and_no_other(url: str, database: Database):
    await fill(url, [ANNA, BEN])
    async with database.writing() as work:
        assert await work.servers.known() == {1, 2}
        assert set((await work.servers.forget(1)).values()) == {1}
        assert set((await work.servers.forget(1)).values()) == {0}
    async with database.reading() as work:
        assert await work.servers.known() == {2}
        counts = await work.personal.counts(ANNA)
        assert counts["listeners"] == counts["label_events"] == 1


async def test_somebody_unknown_has_nothing(url: str, database: Database):
    await fill(url, [ANNA])
    async with database.reading() as work:
        assert set((await work.personal.counts(ListenerId(BEN))).values()) == {0}
        assert not any((await work.personal.rows(BEN)).values())


def traces(rows: list[Any], listener_id: ListenerId) -> list[Any]:
    """Return the rows in which an id stands, as a number or anywhere in a text."""
    return [row for row in rows if any(str(listener_id) in str(value) for value in row)]


FOREIGN_KEYS = [key for table in TABLES.values() for key in table.foreign_keys]


@pytest.mark.parametrize("key", FOREIGN_KEYS, ids=lambda key: str(key.parent))
def test_what_goes_with_a_deleted_row_is_found_by_an_index(key: ForeignKey):
    table = key.parent.table
    unique = [
        one for one in table.constraints if isinstance(one, UniqueConstraint | PrimaryKeyConstraint)
    ]
    first = [next(iter(one.columns)) for one in (*table.indexes, *unique)]
    assert key.parent in set(first)
