"""Copies of kept lists: one each, however often they are asked for and whatever breaks."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    MusicRecError,
    PlaylistUnusableError,
    SourceClosedError,
    SourceUnavailableError,
)
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.services import Copied, CopyState, Services
from musicrec.services.here_home import HereHome
from tests.musicrec.learned_songs import learned
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.killed_copier import ELSEWHERE, now
from tests.musicrec.services.playlist_town import NOON, LossyHome, StepHome, kept_here, known_songs

pytestmark = pytest.mark.asyncio(loop_scope="module")

SPOTIFY = AccountKind.SPOTIFY
DOWN = SourceUnavailableError("Spotify", "503")
CLOSED = SourceClosedError("Spotify", "quota", until=datetime(2026, 11, 24, tzinfo=UTC))
_IDS = count(12_001)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, StepHome]:
    return {"home": LossyHome({})}


def opened(data_dir: Path, elsewhere: dict[str, StepHome]) -> AbstractAsyncContextManager[Services]:
    homes = {PlaceKind.SPOTIFY: lambda _: elsewhere["home"]}
    return open_services(data_dir=data_dir, worker_processes=1, homes=homes)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(data_dir: Path, elsewhere: dict[str, StepHome]) -> AsyncGenerator[Services]:
    async with opened(data_dir, elsewhere) as ready:
        yield ready


@pytest.fixture
def home(elsewhere: dict[str, StepHome]) -> LossyHome:
    elsewhere["home"] = fresh = LossyHome({})
    return fresh


@pytest.fixture
def anna() -> ListenerId:
    return ListenerId(next(_IDS))


async def kept(services: Services, anna: ListenerId, n: int = 4) -> KeptId:
    """Keep a list of songs that are on Spotify."""
    some = playlist(*known_songs(services, n))
    return KeptId(int((await kept_here(services, anna, some)).place.list_id))


async def send(
    services: Services, anna: ListenerId, kept_id: KeptId, over: Copied | None = None
) -> Copied:
    instead_of = None if over is None else over.copy.begun_ms
    return await services.copies.send(anna, kept_id, SPOTIFY, instead_of=instead_of)


def songs_of(some: Playlist) -> list[TrackId | None]:
    return [item.track_id for item in some.items]


async def test_asked_twice_there_is_one_copy(services: Services, home: LossyHome, anna: ListenerId):
    kept_id = await kept(services, anna)
    made = await send(services, anna, kept_id)
    assert (made.state, made.copy.n_items, made.n_left_out) == (CopyState.NEW, 4, 0)
    assert made.copy.url == "https://home.example/new0"
    (there,) = home.lists_.values()
    assert songs_of(there) == [item.track_id for item in known_songs(services, 4)]
    again = await send(services, anna, kept_id)
    assert again == replace(made, state=CopyState.THERE)
    assert home.n_made == 1


async def test_two_presses_at_once_make_one_copy(
    services: Services, home: LossyHome, anna: ListenerId
):
    kept_id = await kept(services, anna)
    both = await asyncio.gather(*(send(services, anna, kept_id) for _ in range(2)))
    assert both[0].copy == both[1].copy
    assert home.n_made == len(home.lists_) == 1


async def test_a_restart_between_two_presses_changes_nothing(
    services: Services,
    data_dir: Path,
    elsewhere: dict[str, StepHome],
    home: LossyHome,
    anna: ListenerId,
):
    kept_id = await kept(services, anna)
    made = await send(services, anna, kept_id)
    async with opened(data_dir, elsewhere) as later:
        again = await send(later, anna, kept_id)
    assert (again.state, again.copy) == (CopyState.THERE, made.copy)
    assert home.n_made == 1


async def test_a_copy_that_was_deleted_there_is_made_once_more_and_once_only(
    services: Services, home: LossyHome, anna: ListenerId
):
    kept_id = await kept(services, anna)
    first = await send(services, anna, kept_id)
    home.lists_.clear()
    second = await send(services, anna, kept_id, over=first)
    assert second.state is CopyState.NEW
    assert (await send(services, anna, kept_id, over=first)).state is CopyState.THERE
    assert home.n_made == 2


async def test_a_lost_answer_leaves_it_to_the_listener(
    services: Services, home: LossyHome, anna: ListenerId
):
    kept_id = await kept(services, anna)
    home.n_lost = 1
    with pytest.raises(SourceUnavailableError):
        await send(services, anna, kept_id)
    unsure = await send(services, anna, kept_id)
    assert unsure.state is CopyState.UNSURE
    assert await send(services, anna, kept_id) == unsure
    assert home.n_made == 1
    assert (await send(services, anna, kept_id, over=unsure)).state is CopyState.NEW
    assert home.n_made == 2


@pytest.mark.parametrize("error", [CLOSED, AccountLostError("Spotify")])
async def test_where_surely_nothing_was_made_it_is_simply_tried_again(
    services: Services, home: LossyHome, anna: ListenerId, error: MusicRecError
):
    kept_id = await kept(services, anna)
    home.refuses = [error]
    with pytest.raises(type(error)):
        await send(services, anna, kept_id)
    assert (await send(services, anna, kept_id)).state is CopyState.NEW
    assert home.n_made == 1


@pytest.mark.parametrize("step", range(4))
async def test_a_copy_that_breaks_off_is_finished_by_the_next_press(
    services: Services, home: LossyHome, anna: ListenerId, step: int
):
    kept_id = await kept(services, anna)
    home.fails[step] = CLOSED
    with pytest.raises(SourceClosedError):
        await send(services, anna, kept_id)
    ((name, half),) = home.lists_.items()
    assert len(half) == step
    home.lists_[name] = half.with_items([*half.items, song("Their own", uri="uri:own")])
    done = await send(services, anna, kept_id)
    assert (done.state, done.copy.n_items, home.n_made) == (CopyState.NEW, 4, 1)
    wanted = [item.track_id for item in known_songs(services, 4)]
    assert songs_of(home.lists_[name]) == [*wanted[:step], None, *wanted[step:]]


async def test_a_half_copy_that_is_gone_can_be_made_anew(
    services: Services, home: LossyHome, anna: ListenerId
):
    kept_id = await kept(services, anna)
    home.fails[1] = CLOSED
    with pytest.raises(SourceClosedError):
        await send(services, anna, kept_id)
    home.fails[1] = PlaylistUnusableError("It is gone.")
    stuck = await send(services, anna, kept_id)
    assert (stuck.state, stuck.problem) == (CopyState.STUCK, "It is gone.")
    assert (await send(services, anna, kept_id, over=stuck)).state is CopyState.NEW
    assert home.n_made == 2


async def test_songs_that_spotify_has_no_name_of_are_left_out_and_counted(
    services: Services, home: LossyHome, anna: ListenerId
):
    await services.learning.learn(
        [
            learned("mbid:copied", "Two Names", "Nell", links=("spotify:track:" + "C" * 22,)),
            learned("mbid:nameless", "No Name", "Nell"),
        ],
        at=NOON,
    )
    both = [replace(song(x), track_id=TrackId(x)) for x in ("mbid:copied", "mbid:nameless")]
    made = await kept_here(services, anna, playlist(*both))
    copied = await send(services, anna, KeptId(int(made.place.list_id)))
    assert (copied.copy.n_items, copied.n_left_out) == (1, 1)
    (there,) = home.lists_.values()
    assert [item.uri for item in there.items] == ["spotify:track:" + "C" * 22]
    none = await kept_here(services, anna, playlist(both[1]))
    with pytest.raises(PlaylistUnusableError, match="none of these songs"):
        await send(services, anna, KeptId(int(none.place.list_id)))
    assert home.n_made == 1


async def test_who_has_everything_deleted_meanwhile_stays_unknown(
    services: Services, home: LossyHome, anna: ListenerId
):
    kept_id = await kept(services, anna)
    begun = asyncio.Event()
    home.before = begun.set
    making = asyncio.create_task(send(services, anna, kept_id))
    await begun.wait()
    receipt = await services.privacy.delete(anna)
    assert (receipt.held["kept_playlists"], receipt.held["playlist_copies"]) == (1, 1)
    assert (await making).state is CopyState.NEW
    assert (await services.privacy.show(anna)).since is None
    with pytest.raises(PlaylistUnusableError):
        await send(services, anna, kept_id)
    assert (await services.privacy.show(anna)).since is None


async def test_every_account_has_a_copy_of_its_own_which_unlinking_forgets(
    services: Services, home: LossyHome, anna: ListenerId
):
    kept_id = await kept(services, anna)
    account = Account(anna, SPOTIFY, "orla", "Orla", NOON, (), b"")
    for name in ("orla", "kwame", "orla"):
        async with services.edits._database.writing() as uow:
            await uow.accounts.put(replace(account, account_id=name))
        copied = await send(services, anna, kept_id)
        assert copied.copy.account_id == name
    assert copied.state is CopyState.THERE
    assert home.n_made == 2
    assert (await services.privacy.show(anna)).held["playlist_copies"] == 2
    await services.accounts.unlink(anna, SPOTIFY)
    assert (await services.privacy.show(anna)).held["playlist_copies"] == 0


@pytest.mark.parametrize("where", ["create", "bring"])
async def test_a_killed_process_leaves_one_copy(
    services: Services,
    data_dir: Path,
    elsewhere: dict[str, StepHome],
    anna: ListenerId,
    where: str,
):
    state = CopyState.UNSURE if where == "create" else CopyState.NEW
    kept_id = await kept(services, anna)
    program = [sys.executable, "-m", "tests.musicrec.services.killed_copier"]
    process = await asyncio.create_subprocess_exec(
        *program, str(data_dir), str(anna), str(kept_id), where, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"hangs\n"
    process.kill()
    await process.wait()
    outlives = HereHome(ELSEWHERE, services.edits._database, now)
    elsewhere["home"] = outlives  # pyright: ignore[reportArgumentType] - a home like any other
    before = await outlives.lists()
    copied = await send(services, anna, kept_id)
    assert copied.state is state
    assert len(await outlives.lists()) == len(before)
    if state is CopyState.NEW:
        there = await outlives.read(copied.copy.list_id)
        assert songs_of(there) == [item.track_id for item in known_songs(services, 4)]
