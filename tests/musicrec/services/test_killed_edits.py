"""A process that is killed in the middle of an edit: the next one brings it to its end."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import EditId, EditState, Place, PlaceKind
from musicrec.services.edit_runs import EditRuns
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.storage import Database, upgrade
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.killed_editor import LEASE
from tests.musicrec.services.stepwise import edits_of, now, proposed

ANNA = ListenerId(2**62 + 5)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEFORE = playlist(
    *(song(x, uri=f"uri:{x}", added_at=NOON + timedelta(hours=n)) for n, x in enumerate("abcdefg"))
)
PRUNED, SORTED = (1, 3, 5, 7), (7, 6, 1, 4, 5, 2, 3)


@pytest.fixture
async def url(tmp_path: Path) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.sqlite'}"
    await upgrade(url)
    return url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database.open(url)
    yield opened
    await opened.close()


def editing(
    database: Database, home: Callable[[ListenerId], HereHome]
) -> tuple[PlaylistEdits, EditRuns]:
    return edits_of(database, {PlaceKind.HERE: home}, lease=LEASE)


def here(database: Database) -> Callable[[ListenerId], HereHome]:
    return lambda one: HereHome(one, database, now)


async def kept(database: Database, order: tuple[int, ...]) -> tuple[EditId, str]:
    """Keep a list, and propose another order."""
    made = await here(database)(ANNA).create("Mine", "", BEFORE.items)
    edits, _ = editing(database, here(database))
    place = Place(PlaceKind.HERE, made.id, "Mine")
    return await proposed(edits, ANNA, place, BEFORE, order), made.id


async def killed_after(url: str, edit_id: EditId, what: str, n_steps: int) -> None:
    program = [sys.executable, "-m", "tests.musicrec.services.killed_editor"]
    process = await asyncio.create_subprocess_exec(
        *program, url, str(ANNA), str(edit_id), what, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    for _ in range(n_steps):
        assert await process.stdout.readline() == b"step\n"
    process.kill()
    await process.wait()


async def brought_to_its_end(database: Database, edit_id: EditId) -> EditState:
    """Start anew, as the container does, and wait for the end."""
    edits, runs = editing(database, here(database))
    runs.start(look_again_s=0.1)
    try:
        async with asyncio.timeout(20 * LEASE.total_seconds()):
            while True:
                edit = await edits.get(ANNA, edit_id)
                if edit.state not in {EditState.UNDER_WAY, EditState.UNDOING}:
                    return edit.state
                await asyncio.sleep(0.05)
    finally:
        await runs.close()


def letters_of(some: Playlist) -> str:
    return "".join(item.title for item in some.items)


@pytest.mark.parametrize(
    ("order", "n_steps"), [(PRUNED, 1), (SORTED, 2)], ids=["removal", "sorting"]
)
async def test_a_killed_edit_is_finished_by_the_next_start_and_taken_back_likewise(
    database: Database, url: str, order: tuple[int, ...], n_steps: int
):
    edit_id, list_id = await kept(database, order)
    home = HereHome(ANNA, database, now)
    whole, after = BEFORE, "".join("abcdefg"[position - 1] for position in order)
    await killed_after(url, edit_id, "make", n_steps)
    assert letters_of(await home.read(list_id)) not in {"abcdefg", after}
    assert await brought_to_its_end(database, edit_id) is EditState.DONE
    assert letters_of(await home.read(list_id)) == after
    await killed_after(url, edit_id, "undo", n_steps)
    assert letters_of(await home.read(list_id)) not in {"abcdefg", after}
    assert await brought_to_its_end(database, edit_id) is EditState.UNDONE
    restored = await home.read(list_id)
    assert restored == replace(whole, title="Mine")


class HeldHome(HereHome):
    """Works on a list until it is let go."""

    def __init__(self, database: Database) -> None:
        super().__init__(ANNA, database, now)
        self.is_begun, self.is_let_go = asyncio.Event(), asyncio.Event()

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        self.is_begun.set()
        await self.is_let_go.wait()
        return await super().bring(list_id, wanted)


async def test_a_database_that_is_gone_for_a_moment_does_not_end_a_lease_for_good(
    database: Database, url: str, caplog: pytest.LogCaptureFixture
):
    edit_id, list_id = await kept(database, PRUNED)
    home = HeldHome(database)
    edits, _ = editing(database, lambda _: home)
    making = asyncio.create_task(edits.make(ANNA, edit_id))
    await home.is_begun.wait()
    file = Path(url.removeprefix("sqlite+aiosqlite:///"))
    aside = moved_aside(file)
    await until(lambda: "could not be kept" in caplog.text)
    aside.rename(file)
    back_at = now()
    await until_renewed(database, edit_id, back_at + LEASE)
    home.is_let_go.set()
    assert (await making).edit.state is EditState.DONE
    assert letters_of(await home.read(list_id)) == "aceg"


def moved_aside(file: Path) -> Path:
    return file.rename(file.with_name("aside"))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(90):
        while not condition():  # noqa: ASYNC110 - of the log, which tells nobody
            await asyncio.sleep(0.02)


async def until_renewed(database: Database, edit_id: EditId, wanted: datetime) -> None:
    async with asyncio.timeout(90):
        while True:
            async with database.reading() as uow:
                kept_until = (await uow.playlist_edits.unfinished())[edit_id]
            if kept_until is not None and kept_until > wanted:
                return
            await asyncio.sleep(0.02)
