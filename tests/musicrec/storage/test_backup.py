"""A backup is the whole database at one moment; restoring it loses nothing and breaks nothing."""

import asyncio
import os
import shutil
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from musicrec.domain.errors import BadInputError, StorageError
from musicrec.storage import Database, back_up, downgrade, restore, upgrade
from musicrec.storage.sqlite_backup import OtherVersionError, copy_sqlite
from tests.musicrec.storage.every_table import contents, fill
from tests.musicrec.storage.revisions import current_revision
from tests.musicrec.storage.samples import ANNA, BEN, event, store
from tests.musicrec.storage.test_migrations import pretend_a_newer_version
from tests.postgres import PostgresServer


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "backup"


@pytest.fixture
async def other_url(server: PostgresServer | None, tmp_path: Path) -> str:
    """Where nothing is: on SQLite not even a folder, on PostgreSQL not even tables."""
    if server is not None:
        return await server.new_database(template="template0")
    return f"sqlite+aiosqlite:///{tmp_path / 'new' / 'musicrec.db'}"


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Database]:
    database = Database.open(url)
    yield database
    await database.close()


async def labels_of(url: str) -> tuple[int, int]:
    async with opened(url) as database, database.reading() as work:
        return len(await work.labels.history(ANNA)), len(await work.labels.history(BEN))


def content_of(file: Path) -> bytes:
    return file.read_bytes()


def listed(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_every_row_of_every_table_is_restored(url: str, other_url: str, backup: Path):
    await fill(url)
    before = await contents(url)
    assert all(before.values())

    assert await back_up(url, backup) == len(content_of(backup))
    await restore(other_url, backup)

    assert await contents(other_url) == before
    assert await contents(url) == before


async def test_a_backup_is_for_its_owner_alone_and_nothing_else_stays_beside_it(
    url: str, backup: Path
):
    await back_up(url, backup)
    assert listed(backup.parent) == {backup.name: 0o600}


async def test_a_backup_that_is_made_while_others_write_is_one_moment(
    url: str, other_url: str, backup: Path
):
    """Each transaction stores one label of Anna and one of Ben: a whole moment has as many."""
    is_over = False

    async def write(database: Database) -> None:
        number = 0
        while not is_over:
            number += 1
            async with database.writing() as work:
                for listener in (ANNA, BEN):
                    await work.listeners.lock(listener, event().labelled_at)
                    await work.labels.append(event(by=listener, event_key=f"{listener}:{number}"))

    async with opened(url) as database:
        writing = asyncio.create_task(write(database))
        for number in range(3):
            await back_up(url, backup.with_name(f"{number}"))
        is_over = True
        await writing
    annas, bens = await labels_of(url)
    await restore(other_url, backup.with_name("2"))

    assert 0 < (await labels_of(other_url))[0] <= annas == bens
    assert len(set(await labels_of(other_url))) == 1


async def test_nothing_is_overwritten_by_a_backup(url: str, backup: Path):
    await back_up(url, backup)
    content = content_of(backup)
    with pytest.raises(BadInputError, match="exists already"):
        await back_up(url, backup)
    assert content_of(backup) == content


async def test_a_database_in_use_is_not_replaced(url: str, backup: Path):
    await back_up(url, backup)
    async with opened(url) as database:
        await database.check()
        with pytest.raises(StorageError, match=r"in use.*stop the bot"):
            await restore(url, backup, replace=True)
        await store(database, event())
    assert await labels_of(url) == (1, 0)


async def test_a_database_that_holds_data_is_only_replaced_when_told_so(url: str, backup: Path):
    async with opened(url) as database:
        await store(database, event())
        await back_up(url, backup)
        await store(database, event(minute=1))

    with pytest.raises(StorageError, match=r"holds data: with --replace"):
        await restore(url, backup)
    assert await labels_of(url) == (2, 0)

    await restore(url, backup, replace=True)
    assert await labels_of(url) == (1, 0)


async def test_a_backup_of_an_older_version_is_brought_to_this_one(
    url: str, other_url: str, backup: Path
):
    head = await current_revision(url)
    async with opened(url) as database:
        await store(database, event())
    await downgrade(url, "-1")
    await back_up(url, backup)

    await restore(other_url, backup)

    assert await current_revision(other_url) == head
    assert await labels_of(other_url) == (1, 0)


async def test_a_damaged_backup_changes_nothing(url: str, backup: Path):
    await fill(url)
    before = await contents(url)
    await back_up(url, backup)
    half = content_of(backup)[: len(content_of(backup)) // 2]
    for name, content in {"cut": half, "torn": half + bytes(len(half))}.items():
        damaged = backup.with_name(name)
        damaged.write_bytes(content)
        with pytest.raises(StorageError, match=rf"{name}.*(is damaged|cannot be read)"):
            await restore(url, damaged, replace=True)
    assert await contents(url) == before


async def test_what_is_no_backup_is_told(url: str, tmp_path: Path):
    with pytest.raises(BadInputError, match="cannot be read: No such file"):
        await restore(url, tmp_path / "nothing")
    (tmp_path / "text").write_text("Dear diary, today I liked a song.")
    with pytest.raises(BadInputError, match="is no backup"):
        await restore(url, tmp_path / "text")
    (tmp_path / "other").write_bytes(b"PGDMP" if "sqlite" in url else b"SQLite format 3\0")
    with pytest.raises(BadInputError, match=r"backup of .* but DATABASE_URL names"):
        await restore(url, tmp_path / "other")


async def test_a_database_of_something_else_is_no_backup(
    empty_url: str, other_url: str, backup: Path
):
    await upgrade(empty_url)
    await downgrade(empty_url, "base")
    await back_up(empty_url, backup)
    with pytest.raises(BadInputError, match="no backup of the bot"):
        await restore(other_url, backup)


async def test_a_backup_of_a_newer_program_changes_nothing(url: str, other_url: str, backup: Path):
    await pretend_a_newer_version(url)
    await back_up(url, backup)
    with pytest.raises(StorageError, match=r"The backup .*\(from_the_future\); update"):
        await restore(other_url, backup)
    assert await current_revision(other_url) is None


async def test_tables_of_a_newer_program_are_not_copied_but_refused(url: str, tmp_path: Path):
    await pretend_a_newer_version(url)
    with pytest.raises(StorageError, match="update the program"):
        await upgrade(url, backups=tmp_path / "copies")
    assert not (tmp_path / "copies").exists()


async def test_a_copy_that_another_process_has_already_migrated_is_thrown_away(
    sqlite_template: Path, tmp_path: Path
):
    with pytest.raises(OtherVersionError):
        copy_sqlite(sqlite_template, tmp_path / "copies" / "copy", only_at="an older one")
    assert listed(tmp_path / "copies") == {}


async def test_tables_that_change_are_copied_before(url: str, tmp_path: Path):
    async with opened(url) as database:
        await store(database, event())
    head = await current_revision(url)
    await upgrade(url, backups=tmp_path / "copies")
    assert not (tmp_path / "copies").exists()

    await downgrade(url, "-1")
    older = await current_revision(url)
    await upgrade(url, backups=tmp_path / "copies")

    (copy,) = (tmp_path / "copies").iterdir()
    assert copy.stem == f"before-{head}"
    await restore(url, copy, replace=True)
    assert await labels_of(url) == (1, 0)
    if copy.suffix == ".db":
        assert await current_revision(f"sqlite:///{copy}") == older


async def test_the_last_three_copies_are_kept_and_other_backups_stay(url: str, tmp_path: Path):
    copies = tmp_path / "copies"
    copies.mkdir()
    ending = ".db" if "sqlite" in url else ".dump"
    for number in range(4):
        (copies / f"before-{number}{ending}").touch()
        os.utime(copies / f"before-{number}{ending}", (number, number))
    (copies / f"musicrec-20260101{ending}").touch()
    await downgrade(url, "-1")
    await upgrade(url, backups=copies)

    head = await current_revision(url)
    assert {path.stem for path in copies.iterdir()} == {
        "before-2",
        "before-3",
        f"before-{head}",
        "musicrec-20260101",
    }


async def test_a_sqlite_file_is_copied_beside_itself_without_being_told(
    sqlite_template: Path, tmp_path: Path
):
    shutil.copy(sqlite_template, tmp_path / "musicrec.db")
    url = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}"
    await downgrade(url, "-1")
    await upgrade(url)
    assert len(list((tmp_path / "backups").iterdir())) == 1


async def test_without_room_for_the_copy_nothing_is_migrated(sqlite_template: Path, tmp_path: Path):
    shutil.copy(sqlite_template, tmp_path / "musicrec.db")
    url = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}"
    await downgrade(url, "-1")
    older = await current_revision(url)
    (tmp_path / "backups").touch()  # a file where a folder belongs stops even root
    with pytest.raises(StorageError, match="cannot be written"):
        await upgrade(url)
    assert await current_revision(url) == older


async def test_the_replaced_sqlite_files_are_all_kept(
    sqlite_template: Path, backup: Path, tmp_path: Path
):
    shutil.copy(sqlite_template, tmp_path / "musicrec.db")
    url = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}"
    await back_up(url, backup)
    async with opened(url) as database:
        await store(database, event())
    first = await restore(url, backup, replace=True)
    second = await restore(url, backup, replace=True)

    assert await labels_of(f"sqlite+aiosqlite:///{first.set_aside}") == (1, 0)
    assert await labels_of(f"sqlite+aiosqlite:///{second.set_aside}") == (0, 0)
    assert await labels_of(url) == (0, 0)


async def test_a_damaged_database_can_be_replaced_and_what_lies_beside_it_does_no_harm(
    sqlite_template: Path, backup: Path, tmp_path: Path
):
    place = tmp_path / "musicrec.db"
    shutil.copy(sqlite_template, place)
    url = f"sqlite+aiosqlite:///{place}"
    async with opened(url) as database:
        await store(database, event())
    await back_up(url, backup)
    place.write_bytes(b"SQLite format 3\0" + b"nonsense" * 999)
    (tmp_path / "musicrec.db-wal").write_bytes(b"old" * 999)

    await restore(url, backup, replace=True)

    assert await labels_of(url) == (1, 0)


async def test_a_password_is_in_no_argument_and_in_no_failure(
    postgres_server: PostgresServer, backup: Path
):
    url = postgres_server.url("no_such_database").replace("postgres@", "postgres:s3cr%3At@")
    with pytest.raises(StorageError, match="no_such_database") as caught:
        await back_up(url, backup)
    assert "s3cr" not in str(caught.value)
    assert listed(backup.parent) == {}


async def test_without_postgresqls_programs_a_sentence_says_what_to_install(
    postgres_server: PostgresServer,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    url = await postgres_server.new_database()
    await downgrade(url, "-1")
    monkeypatch.setenv("PATH", str(backup.parent))
    with pytest.raises(StorageError, match=r"pg_dump is missing.*postgresql-client"):
        await back_up(url, backup)
    await upgrade(url, backups=backup.parent)  # with nothing but a warning
    assert "no pg_dump here" in caplog.text
    async with opened(url) as database:
        await database.check()
