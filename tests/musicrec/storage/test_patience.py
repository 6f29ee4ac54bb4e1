"""Who may not wait long for other writers learns in time that nothing was stored."""

import asyncio
import shutil
from pathlib import Path

import pytest

from musicrec.domain.errors import StorageError
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, NOON, event, store


async def press(database: Database, key: str) -> None:
    async with database.writing(patience_s=0.3) as work:
        await work.listeners.lock(ANNA, NOON)
        await work.labels.append(event(event_key=key))


async def keys(database: Database) -> list[str | None]:
    async with database.reading() as work:
        return [one.event_key for one in await work.labels.history(ANNA)]


async def test_another_process_that_writes_is_waited_for_a_moment_only(
    database: Database, url: str
):
    await store(database, event(event_key="before"))
    other = Database.open(url)
    third = Database.open(url)
    async with other.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        patient = asyncio.create_task(store(third, event(event_key="patient")))
        with pytest.raises(StorageError):
            await press(database, "in vain")
        refused = [asyncio.create_task(press(database, f"queue {n}")) for n in range(5)]
        outcomes = await asyncio.gather(*refused, return_exceptions=True)
        assert all(isinstance(outcome, StorageError) for outcome in outcomes)
        assert not patient.done()
    await patient
    await press(database, "after")
    assert await keys(database) == ["before", "patient", "after"]
    await other.close()
    await third.close()


async def test_a_moment_is_waited(database: Database, url: str):
    await store(database, event(event_key="before"))
    other = Database.open(url)
    async with other.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        waiting = asyncio.create_task(press(database, "waited"))
        await asyncio.sleep(0.05)
    await other.close()
    await waiting
    assert await keys(database) == ["before", "waited"]


async def test_a_file_that_is_gone_takes_nothing_until_it_is_back(
    sqlite_template: Path, tmp_path: Path
):
    path, aside = tmp_path / "musicrec.sqlite", tmp_path / "aside.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    await store(database, event(event_key="before"))
    path.rename(aside)
    with pytest.raises(StorageError, match="gone"):
        await press(database, "lost")
    with pytest.raises(StorageError, match="gone"):
        await keys(database)
    assert not path.exists()
    aside.rename(path)
    await press(database, "after")
    assert await keys(database) == ["before", "after"]
    await database.close()


async def test_a_file_that_was_replaced_is_taken_up(sqlite_template: Path, tmp_path: Path):
    path, other = tmp_path / "musicrec.sqlite", tmp_path / "other.sqlite"
    shutil.copy(sqlite_template, path)
    shutil.copy(sqlite_template, other)
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    await store(database, event(event_key="in the old one"))
    await database.close()  # writes everything into the file itself
    assert await keys(database) == ["in the old one"]
    other.rename(path)
    await press(database, "in the new one")
    assert await keys(database) == ["in the new one"]
    await database.close()
