"""The way of the tables from nothing to now and back, on both databases."""

import asyncio
import shutil
import sqlite3
import sys
from pathlib import Path

import asyncpg
import pytest
from alembic import command

import musicrec
from musicrec.domain.errors import StorageError
from musicrec.storage import Database, downgrade, upgrade
from musicrec.storage.migrate import alembic_config
from musicrec.storage.urls import parse_url
from tests.musicrec.storage.revisions import current_revision
from tests.musicrec.storage.samples import ANNA, event, store


async def test_tables_can_be_made_dropped_and_made_again(empty_url: str):
    await upgrade(empty_url)
    head = await current_revision(empty_url)
    await write_a_label(empty_url)
    await downgrade(empty_url, "base")
    nothing = await current_revision(empty_url)
    await upgrade(empty_url)

    assert head is not None
    assert nothing is None
    assert await current_revision(empty_url) == head
    assert await write_a_label(empty_url) == 1


async def test_upgrading_twice_keeps_what_is_stored(empty_url: str):
    await upgrade(empty_url)
    await write_a_label(empty_url)
    await upgrade(empty_url)

    assert await write_a_label(empty_url) == 2


async def test_three_tasks_may_upgrade_at_once(empty_url: str):
    await asyncio.gather(*(upgrade(empty_url) for _ in range(3)))

    assert await write_a_label(empty_url) == 1


async def test_three_programs_may_upgrade_at_once(empty_url: str):
    program = "import asyncio, sys; from musicrec.storage import upgrade; "
    program += "asyncio.run(upgrade(sys.argv[1]))"
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_url)
        for _ in range(3)
    ]
    assert [await process.wait() for process in processes] == [0, 0, 0]

    assert await write_a_label(empty_url) == 1


async def test_the_migrations_make_exactly_the_declared_tables(url: str):
    await asyncio.to_thread(command.check, alembic_config(parse_url(url)))


async def test_a_current_database_passes_the_check(database: Database):
    await database.check()


async def test_tables_of_an_older_version_fail_the_check_and_tell_the_command(
    url: str, database: Database
):
    await downgrade(url, "-1")

    with pytest.raises(StorageError, match="run `python -m bot migrate`"):
        await database.check()


async def test_tables_of_a_newer_version_are_left_alone(url: str, database: Database):
    await pretend_a_newer_version(url)

    with pytest.raises(StorageError, match=r"\(from_the_future\); update the program"):
        await database.check()
    with pytest.raises(StorageError, match="update the program"):
        await upgrade(url)
    with pytest.raises(StorageError, match="update the program"):
        await downgrade(url, "base")
    assert await current_revision(url) == "from_the_future"


async def test_an_unknown_target_is_told(url: str):
    with pytest.raises(StorageError, match="no_such_revision"):
        await upgrade(url, "no_such_revision")


async def write_a_label(url: str) -> int:
    """Store a label and return how many there are."""
    database = Database.open(url)
    await store(database, event())
    async with database.reading() as work:
        n_events = len(await work.labels.history(ANNA))
    await database.close()
    return n_events


async def pretend_a_newer_version(url: str) -> None:
    sql = "UPDATE alembic_version SET version_num = 'from_the_future'"
    target = parse_url(url)
    if target.get_backend_name() == "sqlite":
        with sqlite3.connect(str(target.database)) as connection:
            connection.execute(sql)
        connection.close()
        return
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


async def test_a_program_installed_without_its_migrations_is_told(tmp_path: Path):
    package = Path(musicrec.__file__).parent
    await asyncio.to_thread(shutil.copytree, package, tmp_path / "musicrec")
    program = "import asyncio; from musicrec.storage import upgrade; "
    program += f"asyncio.run(upgrade('sqlite:///{tmp_path}/musicrec.sqlite'))"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()

    last_line = told.decode().strip().splitlines()[-1]
    assert last_line.startswith("musicrec.domain.errors.StorageError: The folder ")
    assert "migrations is missing; install" in last_line
