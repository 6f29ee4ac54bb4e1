"""From every version of the tables that anybody may have, with data in it, to the one of today.

There was no release yet but the source itself, so every landed migration counts as one.
"""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from musicrec.storage import Database, upgrade
from musicrec.storage.migrate import alembic_config
from musicrec.storage.urls import parse_url
from tests.musicrec.storage.every_table import contents
from tests.musicrec.storage.old_rows import ROWS, Found, everything, fill_as_it_is
from tests.musicrec.storage.revisions import current_revision
from tests.postgres import PostgresServer

REVISIONS = [
    script.revision
    for script in reversed(
        list(ScriptDirectory.from_config(alembic_config(parse_url("sqlite:///x"))).walk_revisions())
    )
]
"""Oldest first."""

MAY_CHANGE: dict[tuple[str, str], str] = {}
"""Columns (table, column) whose values a migration changes or drops on purpose, each with why."""

MAY_GO: dict[str, str] = {}
"""Tables that a migration drops, or of which it drops rows, on purpose, each with why."""


@pytest.mark.parametrize("revision", REVISIONS)
async def test_everything_survives_on_sqlite(revision: str, tmp_path: Path):
    await check_upgrade(f"sqlite+aiosqlite:///{tmp_path}/old.db", revision)


@pytest.mark.parametrize("revision", [REVISIONS[0], REVISIONS[len(REVISIONS) // 2], REVISIONS[-2]])
async def test_everything_survives_on_postgresql(revision: str, postgres_server: PostgresServer):
    await check_upgrade(await postgres_server.new_database(template="template0"), revision)


async def test_what_is_compared_would_be_missed(tmp_path: Path):
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    await upgrade(url)
    await fill_as_it_is(url)
    before = await everything(url)
    after = await everything(url)
    after["label_events"][1,]["track_id"] = "another"
    del after["weeks"][2,]
    del after["cards"]
    assert lost(before, after) == [
        "cards: gone",
        "label_events (1,): track_id",
        "weeks (2,): gone",
    ]


async def check_upgrade(url: str, revision: str) -> None:
    """Fill the tables of a version, bring them to today, and compare."""
    await upgrade(url, revision)
    await fill_as_it_is(url)
    before = await everything(url)
    assert before
    assert all(len(rows) == ROWS for rows in before.values())

    await upgrade(url)

    assert lost(before, await everything(url)) == []
    assert await current_revision(url) == REVISIONS[-1]
    database = Database.open(url)
    await database.check()
    await database.close()
    read_today = await contents(url)  # by the types of today, which refuse what they do not know
    assert all(len(read_today[name]) == ROWS for name in before.keys() - MAY_GO.keys())


def lost(before: Found, after: Found) -> list[str]:
    """Return what was there and is not any more, in words."""
    told: list[str] = []
    for table in sorted(before.keys() - MAY_GO.keys()):
        if table not in after:
            told.append(f"{table}: gone")
            continue
        for key, row in before[table].items():
            now = after[table].get(key)
            if now is None:
                told.append(f"{table} {key}: gone")
                continue
            told += [
                f"{table} {key}: {column}"
                for column, value in row.items()
                if (table, column) not in MAY_CHANGE and (column not in now or now[column] != value)
            ]
    return told
