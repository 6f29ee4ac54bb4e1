"""A database that cannot be used: one sentence, without the password."""

import asyncio
import shutil
import socket
import sys
import traceback
from pathlib import Path

import pytest

from musicrec.domain.errors import BadInputError, StorageError
from musicrec.storage import Database, upgrade
from tests.musicrec.storage.revisions import current_revision
from tests.musicrec.storage.samples import ANNA, BEN, event, store
from tests.postgres import PostgresServer, running_server

ROOT = Path(__file__).parents[3]


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def test_a_server_that_does_not_answer_is_told_without_the_password(unused_port: int):
    database = Database.open(f"postgresql://ann:s3cr%40t@127.0.0.1:{unused_port}/musicrec")

    with pytest.raises(StorageError) as caught:
        await database.check()
    with pytest.raises(StorageError):
        async with database.reading():
            pass
    with pytest.raises(StorageError):
        async with database.writing():
            pass
    await database.close()
    told = str(caught.value)
    assert told.startswith("The database musicrec on 127.0.0.1 cannot be used: ")
    assert "\n" not in told
    everything = "".join(traceback.format_exception(caught.value))
    assert "s3cr" not in everything


async def test_a_wrong_password_and_a_missing_database_are_told(postgres_server: PostgresServer):
    url = postgres_server.url("no_such_database").replace("postgres@", "postgres:s3cret@")
    database = Database.open(url)

    with pytest.raises(StorageError, match="no_such_database") as caught:
        await database.check()
    await database.close()
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


async def test_a_server_that_stops_in_the_middle_is_told_and_used_again_when_it_is_back():
    with running_server() as server:
        await server.create_template()
        url = await server.new_database()
        database = Database.open(url)
        await store(database, event())

        with pytest.raises(StorageError):
            await write_while_it_stops(database, server)
        with pytest.raises(StorageError):
            await database.check()

        await asyncio.to_thread(server.start)
        await database.check()
        await store(database, event())
        async with database.reading() as work:
            assert await work.labels.count_all(most=9) == 2
        await database.close()


async def write_while_it_stops(database: Database, server: PostgresServer) -> None:
    async with database.writing() as work:
        await asyncio.to_thread(server.stop)
        await work.labels.append(event())


async def test_a_full_disk_is_told_and_nothing_stored_is_lost(
    sqlite_template: Path, tmp_path: Path
):
    path = shutil.copy(sqlite_template, tmp_path / "musicrec.sqlite")
    url = f"sqlite+aiosqlite:///{path}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.musicrec.storage.full_disk",
        url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()

    assert process.returncode == 0
    assert f"The database {path} cannot be used" in told.decode()
    database = Database.open(url)
    async with database.reading() as work:
        kept = [one.event_key for one in await work.labels.history(ANNA)]
        assert await work.models.latest(ANNA) is None
    await database.close()
    assert kept == ["before", "after"]


async def test_a_file_that_is_no_database_is_told(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to have a header " * 10)
    database = Database.open(f"sqlite+aiosqlite:///{path}")

    with pytest.raises(StorageError, match="file is not a database"):
        await database.check()
    with pytest.raises(StorageError, match="file is not a database"):
        async with database.writing() as work:
            await work.listeners.created_at(BEN)
    await database.close()


async def test_a_file_that_does_not_exist_is_told_and_not_made(tmp_path: Path):
    path = tmp_path / "musicrec.sqlite"
    database = Database.open(f"sqlite+aiosqlite:///{path}")

    with pytest.raises(StorageError, match="python -m bot migrate"):
        await database.check()
    assert await current_revision(f"sqlite+aiosqlite:///{path}") is None
    await database.close()
    assert not path.exists()


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="choose another"):
        await upgrade(f"sqlite+aiosqlite:///{tmp_path}/file/data/musicrec.sqlite")


async def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path):
    with pytest.raises(StorageError, match="unable to open database file"):
        await upgrade(f"sqlite+aiosqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "musicrec.sqlite",
        "mysql://ann:s3cret@host/music",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql://ann:s3cret@host:port/music",
        "postgresql://ann:s3c@s3cret:x@host/music",
        "postgresql://ann:s3cret@host",
        "postgresql://ann:s3cret@host/music?channel_binding=require",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str):
    with pytest.raises(BadInputError) as caught:
        Database.open(url)

    assert "s3c" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("sqlite+aiosqlite:///data/musicrec.sqlite", "sqlite"),
        ("sqlite:///data/musicrec.sqlite", "sqlite"),
        ("postgres://ann@host/music", "postgresql"),
        ("postgresql://ann@host/music?sslmode=require", "postgresql"),
        ("postgresql+asyncpg://ann@host/music", "postgresql"),
    ],
)
async def test_opening_tells_the_dialect_and_touches_nothing(
    url: str, dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    database = Database.open(url)
    await database.close()

    assert database.dialect == dialect
    assert list(await asyncio.to_thread(tmp_path.iterdir)) == []
