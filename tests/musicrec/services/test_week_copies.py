"""Copies of weekly lists: one that is overwritten, a new one each week, and what may go wrong."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import (
    AccountLostError,
    MusicRecError,
    NotInvitedError,
    NotLinkedError,
    SourceClosedError,
    SourceUnavailableError,
)
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.domain.playlist_home import HomeList
from musicrec.domain.week import PickKind, Week, WeekList, WeekSong
from musicrec.domain.weekly_plan import SpotifyCopy, WeeklyPlan
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_places import HomeOf, PlaylistPlaces
from musicrec.services.week_copies import TITLE, SpotifyCopies
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.week_ledger import LATEST
from musicrec.services.weekly import WeeklyService
from musicrec.storage import Database, sqlite_url, upgrade
from musicrec.storage.playlist_tables import KeptPlaylistRow
from musicrec.workers import LocalWorkers
from tests.musicrec.services.weekly_town import (
    ANNA,
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    WEEK,
    Clock,
    MemoryPost,
    plan,
)


class SpotifyComposer:
    """Composes songs that Spotify has, and one that it has not."""

    async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
        names = [f"spotify:track:{week.local_date:%Y%m%d}{n:014}" for n in (1, 2)]
        songs = tuple(
            WeekSong(place, TrackId(name), f"Song {place}", ("A",), 0.7, PickKind.NEW, "")
            for place, name in enumerate([*names, "song:unknown"], start=1)
        )
        return WeekList(songs, None, f"{plan.n_songs} {at}", 30, 1, "v1")


class FailingHome(HereHome):
    """Keeps lists here in the stead of Spotify; may fail before a change, or after it."""

    fails: Exception | None = None
    is_late: bool = False
    n_asked: int = 0

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        self._ask()
        made = await super().create(title, description, items)
        if self.fails is not None:
            raise self.fails
        return made

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        self._ask()
        return await super().bring(list_id, wanted)

    def _ask(self) -> None:
        self.n_asked += 1
        if self.fails is not None and not self.is_late:
            raise self.fails


class Town:
    """A listener with an account, and what delivers to them."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue) -> None:
        self.database, self.clock, self.post = database, Clock(), MemoryPost()
        self.home = FailingHome(ANNA, database, self.clock)
        homes = dict[PlaceKind, HomeOf]({PlaceKind.SPOTIFY: lambda _: self.home})
        copies = SpotifyCopies(
            database, catalogue, PlaylistPlaces(homes, LocalWorkers(1), self.clock)
        )
        composer = SpotifyComposer()
        self.weekly = WeeklyService(database, composer)
        self.delivery = WeekDelivery(database, composer, self.clock, post=self.post, copying=copies)

    async def turn_on(self, copy: SpotifyCopy) -> None:
        await self.weekly.turn_on(plan(spotify=copy), at=MONDAY - DAY)

    async def tick(self, at: datetime) -> None:
        self.clock.at = at
        await self.delivery.tick(at)
        await self.delivery.tick(at)

    async def lists(self) -> list[tuple[str, list[str]]]:
        async with self.database.reading() as uow:
            summaries = await uow.kept_playlists.summaries(ANNA)
            kept = [await uow.kept_playlists.get(ANNA, one.id) for one in reversed(summaries)]
        return [(one.title, [item.uri for item in one.items]) for one in kept if one]

    async def trouble(self) -> str:
        found = await self.weekly.plan(ANNA)
        return "" if found is None else found.trouble


def songs(at: datetime) -> list[str]:
    return [f"spotify:track:{at:%Y%m%d}{number:014}" for number in (1, 2)]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    await upgrade(sqlite_url(tmp_path))
    catalogue = CurrentCatalogue(tmp_path)
    database = Database.open(sqlite_url(tmp_path))
    yield Town(database, catalogue)
    await database.close()
    catalogue.close()


async def test_nothing_is_copied_unasked(town: Town):
    await town.turn_on(SpotifyCopy.NONE)
    await town.tick(MONDAY)
    assert len(town.post.sent) == 1
    assert await town.lists() == []


async def test_one_playlist_is_overwritten_every_week(town: Town):
    await town.turn_on(SpotifyCopy.SAME)
    await town.tick(MONDAY)
    assert await town.lists() == [(TITLE, songs(MONDAY))]
    await town.tick(MONDAY + WEEK)
    assert await town.lists() == [(TITLE, songs(MONDAY + WEEK))]
    assert await town.trouble() == ""


async def test_where_the_one_playlist_was_deleted_a_new_one_takes_its_place(town: Town):
    await town.turn_on(SpotifyCopy.SAME)
    await town.tick(MONDAY)
    async with town.database.writing() as uow:  # as people do at Spotify
        await uow.kept_playlists._session.execute(delete(KeptPlaylistRow))
    for weeks in (1, 2):
        await town.tick(MONDAY + weeks * WEEK)
        assert await town.lists() == [(TITLE, songs(MONDAY + weeks * WEEK))]


async def test_a_new_playlist_is_made_every_week(town: Town):
    await town.turn_on(SpotifyCopy.NEW)
    for at in (MONDAY, MONDAY + WEEK):
        await town.tick(at)
    assert await town.lists() == [
        (f"{TITLE}, {at.date()}", songs(at)) for at in (MONDAY, MONDAY + WEEK)
    ]


async def test_a_lost_reply_makes_no_second_playlist(town: Town):
    await town.turn_on(SpotifyCopy.NEW)
    town.home.fails, town.home.is_late = SourceUnavailableError("Spotify", "it is down"), True
    await town.tick(MONDAY)
    town.home.fails = None
    await town.tick(MONDAY + HOUR)
    assert await town.lists() == [(f"{TITLE}, {MONDAY.date()}", songs(MONDAY))]
    assert (len(town.post.sent), await town.trouble()) == (1, "")


@pytest.mark.parametrize(
    "error", [NotLinkedError("Spotify"), AccountLostError("Spotify"), NotInvitedError("Spotify")]
)
async def test_who_is_not_linked_is_told_and_gets_the_list_itself(town: Town, error: MusicRecError):
    await town.turn_on(SpotifyCopy.NEW)
    town.home.fails = error
    await town.tick(MONDAY)
    await town.tick(MONDAY + HOUR)
    assert len(town.post.sent) == 1
    assert str(error) in await town.trouble()
    assert town.home.n_asked == 1


async def test_a_closed_service_is_asked_again_when_it_opens(town: Town):
    await town.turn_on(SpotifyCopy.NEW)
    until = MONDAY + 5 * HOUR
    town.home.fails = SourceClosedError("Spotify", "it asks us to wait", until=until)
    for at in (MONDAY, MONDAY + HOUR, until - MINUTE):
        await town.tick(at)
    assert town.home.n_asked == 1
    town.home.fails = None
    await town.tick(until)
    assert len(await town.lists()) == 1


async def test_after_three_days_a_copy_is_given_up_and_told(town: Town):
    await town.turn_on(SpotifyCopy.NEW)
    town.home.fails = SourceUnavailableError("Spotify", "it is down")
    await town.tick(MONDAY)
    await town.tick(MONDAY + LATEST - MINUTE)
    town.home.fails = None
    await town.tick(MONDAY + LATEST + HOUR)
    assert await town.lists() == []
    assert "not copied to Spotify" in await town.trouble()


async def test_a_bug_in_copying_is_logged_and_ends(town: Town, caplog: pytest.LogCaptureFixture):
    await town.turn_on(SpotifyCopy.NEW)
    town.home.fails = RuntimeError("a bug")
    for hours in range(0, 80, 8):
        await town.tick(MONDAY + hours * HOUR)
    assert "could not be copied" in caplog.text
    n_asked = town.home.n_asked
    await town.tick(MONDAY + 5 * DAY)
    assert town.home.n_asked == n_asked > 1
    [week] = await town.weekly.history(ANNA)
    assert week.problem == ""
