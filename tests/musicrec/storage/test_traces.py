"""What was deleted cannot be read from the files of SQLite either."""

from pathlib import Path

from musicrec.domain.ids import TrackId
from musicrec.storage import Database, sqlite_url, upgrade
from tests.musicrec.storage.samples import ANNA, event, store

MARK = "only-anna-said-this"


async def store_much(database: Database) -> None:
    """Store enough for several pages, so that whole pages become free again."""
    for number in range(60):
        said = TrackId(f"song:{MARK}-{number}-{'x' * 200}")
        await store(database, event(of=said, event_key=f"{MARK}:{number}"))


async def delete_anna(database: Database) -> None:
    async with database.writing() as work:
        await work.listeners.delete(ANNA)


def traces(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if MARK.encode() in path.read_bytes()]


async def test_pages_and_the_journal_are_overwritten(tmp_path: Path):
    url = sqlite_url(tmp_path)
    await upgrade(url)
    database = Database.open(url)
    await store_much(database)
    assert traces(tmp_path) != []

    await delete_anna(database)
    assert await database.wipe_traces()
    assert traces(tmp_path) == []
    await database.close()


async def test_whoever_reads_is_not_waited_for_long_and_it_is_said(tmp_path: Path):
    url = sqlite_url(tmp_path)
    await upgrade(url)
    database = Database.open(url)
    await store_much(database)
    async with database.reading() as work:
        assert await work.listeners.created_at(ANNA)
        await delete_anna(database)
        assert not await database.wipe_traces()
        assert await work.listeners.created_at(ANNA)
    assert await database.wipe_traces()
    assert traces(tmp_path) == []
    await database.close()


async def test_postgresql_cleans_up_by_itself(database: Database):
    done = await database.wipe_traces()
    assert done is (database.dialect == "sqlite")
