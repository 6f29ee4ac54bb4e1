"""Saved and top songs as hints, against the stand-in on 127.0.0.1 and a real database."""

import asyncio
import io
import json
import zipfile
import zlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.container import open_services
from bot.stand_in.exchange import Trouble
from bot.stand_in.library import Library, Song
from bot.stand_in.people import Listener
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.settings import AccountSettings
from musicrec.accounts.spotify_login import LIBRARY_SCOPES, SCOPES
from musicrec.domain.account import AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    LinkingOffError,
    NotAllowedError,
    NotEnoughLabelsError,
    NotLinkedError,
)
from musicrec.domain.label import LabelValue
from musicrec.domain.timely_errors import TooSoonError
from musicrec.domain.track import Track
from musicrec.services import Services, TakenHints
from tests.musicrec.services.people import Presser
from tests.stand_ins.clocks import START, LeapingClock
from tests.stand_ins.spotify.browser import account_settings, allow
from tests.stand_ins.spotify.openapi import check_exchanges

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = new_key()
NOBODYS = Song("U" * 22, "A Song That Nobody Has", ("Nobody At All",))
_IDS = count(501)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spotify() -> AsyncGenerator[Spotify]:
    stand_in = Spotify(Library.of(()), LeapingClock())
    async with serving_spotify(stand_in):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(spotify: Spotify, data_dir: Path) -> AsyncGenerator[Services]:
    async with opened(spotify, data_dir) as ready:
        tracks = ready.songs.suggest("", limit=120)
        spotify.state.library = Library.of([*map(song_of, tracks), NOBODYS])
        yield ready


@pytest.fixture
def anna(services: Services) -> Presser:
    return Presser(services, next(_IDS))


def opened(
    spotify: Spotify, data_dir: Path, *, hints: bool = True
) -> AbstractAsyncContextManager[Services]:
    settings = AccountSettings(account_settings(spotify, hints=hints), TokenKeys([KEY]))
    return open_services(data_dir=data_dir, worker_processes=1, accounts=settings)


def song_of(track: Track) -> Song:
    """The song under an id that only Spotify knows."""
    return Song(f"{zlib.crc32(track.id.encode()):022d}", track.title, track.artists)


def now() -> datetime:
    return datetime.now(UTC)


async def link(
    person: Presser,
    spotify: Spotify,
    saved: Sequence[Song] = (),
    top: Sequence[Song] = (),
    *,
    without: str = "",
) -> Listener:
    """Link an account of the listener's own, which has these songs."""
    keeping = [(song.uri, START) for song in saved]
    there = Listener(f"user{next(_IDS)}", "Somebody", saved=keeping, top=[s.uri for s in top])
    spotify.invite(there)
    offer = await person.services.accounts.begin(person.id, at=now())
    assert offer.asks_for_songs
    url = offer.url.replace(without, "") if without else offer.url
    address = await allow(spotify, url, there.id)
    await person.services.accounts.paste(person.id, address, at=now())
    return there


async def take(person: Presser, *, hours_later: float = 0) -> TakenHints:
    at = now() + timedelta(hours=hours_later)
    return await person.services.hints.take(person.id, at=at)


async def n_counting(person: Presser) -> int:
    return (await person.services.hints.state(person.id)).n_counting


async def everything(person: Presser) -> Any:
    with zipfile.ZipFile(
        io.BytesIO((await person.services.privacy.export(person.id))[0])
    ) as archive:
        return json.loads(archive.read("everything.json"))


async def unrated(person: Presser, n: int) -> list[Track]:
    """Return calm songs that the listener has not rated."""
    rated = {each["track_id"] for each in (await everything(person))["label_events"]}
    return [t for t in person.services.songs.suggest("", limit=120) if t.id not in rated][:n]


async def hinted(person: Presser, spotify: Spotify, n: int = 30) -> Listener:
    """Let ``n`` songs count as hints."""
    there = await link(person, spotify, [song_of(each) for each in await unrated(person, n)])
    assert (await take(person)).n_taken == n
    return there


async def learned(person: Presser) -> Any:
    """What is told about the listener's model once all is quiet."""
    await person.services.training.idle()
    return await person.services.training.ensure_model(person.id, at=now())


async def test_songs_are_matched_counted_and_kept_apart_from_ratings(
    anna: Presser, spotify: Spotify
):
    tracks = anna.services.songs.suggest("", limit=5)
    songs = [song_of(track) for track in tracks]
    await anna.press(tracks[0].id, LabelValue.DISLIKE)
    await link(anna, spotify, [*songs[:3], NOBODYS], songs[2:])
    taken = await take(anna)
    assert taken == TakenHints(
        n_taken=4, n_labelled=1, n_unknown=1, is_whole=True, missing_labels=9
    )
    told = await everything(anna)
    assert {each["track_id"]: each["source"] for each in told["hints"]} == {
        tracks[1].id: "saved",
        tracks[2].id: "saved",
        tracks[3].id: "top",
        tracks[4].id: "top",
    }
    assert len(told["label_events"]) == 1
    summary = await anna.services.privacy.show(anna.id)
    assert (summary.likes, summary.dislikes, summary.held["hints"]) == (0, 1, 4)


async def test_a_rating_takes_the_place_of_a_hint(anna: Presser, spotify: Spotify):
    await hinted(anna, spotify, 3)
    (track,) = await unrated(anna, 1)
    await anna.press(track.id, LabelValue.DISLIKE)
    assert await n_counting(anna) == 2
    assert (await anna.services.taste.show(anna.id)).n_hints == 2


async def test_taking_again_takes_the_place_of_what_was_taken(anna: Presser, spotify: Spotify):
    there = await hinted(anna, spotify, 5)
    del there.saved[2:]
    assert (await take(anna, hours_later=1)).n_taken == 2
    assert await n_counting(anna) == 2


async def test_songs_are_read_once_an_hour_also_when_two_press_at_once(
    anna: Presser, spotify: Spotify
):
    await link(anna, spotify, [song_of(each) for each in await unrated(anna, 3)])
    asked = len(spotify.asked("GET /me/t"))
    both = await asyncio.gather(take(anna), take(anna), return_exceptions=True)
    (refused,) = (each for each in both if isinstance(each, TooSoonError))
    (taken,) = (each for each in both if isinstance(each, TakenHints))
    assert timedelta(minutes=59) < refused.until - now() <= timedelta(hours=1)
    once = len(spotify.asked("GET /me/t")) - asked
    await anna.services.hints.forget(anna.id)
    with pytest.raises(TooSoonError):
        await take(anna, hours_later=0.9)
    assert len(spotify.asked("GET /me/t")) - asked == once
    assert await take(anna, hours_later=1) == taken


async def test_a_reading_that_failed_may_be_tried_again_at_once(anna: Presser, spotify: Spotify):
    await link(anna, spotify, [song_of(each) for each in await unrated(anna, 3)])
    spotify.troubles.append(Trouble("/v1/me/top", status=403, times=1))
    with pytest.raises(NotAllowedError):
        await take(anna)
    assert (await take(anna)).n_taken == 3


async def test_an_account_without_songs_changes_nothing(anna: Presser, spotify: Spotify):
    await link(anna, spotify)
    assert await take(anna) == TakenHints(0, 0, 0, is_whole=True, missing_labels=10)
    assert await n_counting(anna) == 0


async def test_nobody_is_read_who_has_not_linked_or_allowed_it(anna: Presser, spotify: Spotify):
    assert not (await anna.services.hints.state(anna.id)).may_take
    with pytest.raises(NotLinkedError):
        await take(anna)
    await link(anna, spotify, without="user-library-read")
    asked = len(spotify.asked("GET /me/t"))
    with pytest.raises(NotAllowedError):
        await take(anna)
    assert len(spotify.asked("GET /me/t")) == asked
    await link(anna, spotify)
    assert (await take(anna)).is_whole


async def test_what_is_asked_for_depends_on_the_operator(
    anna: Presser, spotify: Spotify, tmp_path: Path
):
    await link(anna, spotify)
    (account,) = await anna.services.accounts.linked(anna.id)
    assert {*account.scopes} == {*SCOPES, *LIBRARY_SCOPES}
    async with opened(spotify, tmp_path, hints=False) as off:
        offer = await off.accounts.begin(anna.id, at=now())
        assert not offer.asks_for_songs
        assert "user-library-read" not in offer.url
        with pytest.raises(LinkingOffError):
            await off.hints.take(anna.id, at=now())


async def test_hints_are_not_enough_to_learn_from(anna: Presser, spotify: Spotify):
    await anna.rate(5)
    await hinted(anna, spotify)
    with pytest.raises(NotEnoughLabelsError) as missing:
        await anna.services.training.train_now(anna.id, at=now())
    assert missing.value.missing_labels >= 5
    assert missing.value.likes + missing.value.dislikes == 5


async def test_a_model_learns_from_hints_and_counts_ratings_alone(anna: Presser, spotify: Spotify):
    await anna.rate(16)
    before = await learned(anna)
    await hinted(anna, spotify)
    after = await learned(anna)
    assert after.blob != before.blob
    assert after.summary.n_labels == 16
    assert any("30 labels counted less" in notice for notice in after.summary.report.notices)
    view = await anna.services.taste.show(anna.id)
    assert (view.n_labels, view.n_hints) == (16, 30)
    assert (await anna.services.privacy.show(anna.id)).held["label_events"] == 16


@pytest.mark.parametrize("how", ["button", "unlinked", "ended", "another account", "taken anew"])
async def test_what_was_learned_from_hints_goes_with_them_at_once(
    anna: Presser, spotify: Spotify, how: str
):
    await anna.rate(16)
    there = await hinted(anna, spotify)
    with_hints = await learned(anna)
    services = anna.services
    if how == "button":
        assert await services.hints.forget(anna.id) == 30
    elif how == "unlinked":
        await services.accounts.unlink(anna.id, AccountKind.SPOTIFY)
    elif how == "ended":
        spotify.accounts.revoke(there.id)
        spotify.accounts.expire_access()
        with pytest.raises(AccountLostError):
            await take(anna, hours_later=1)
    elif how == "another account":
        await link(anna, spotify)
    else:
        there.saved.clear()
        await take(anna, hours_later=1)
    kept = [each["content_hash"] for each in (await everything(anna))["models"]]
    assert with_hints.summary.content_hash not in kept
    assert await n_counting(anna) == 0
    without = await learned(anna)
    assert without.blob != with_hints.blob
    assert not any("counted less" in notice for notice in without.summary.report.notices)
    assert await services.hints.forget(anna.id) == 0


async def test_linking_the_same_account_anew_keeps_hints(anna: Presser, spotify: Spotify):
    there = await hinted(anna, spotify, 4)
    offer = await anna.services.accounts.begin(anna.id, at=now())
    await anna.services.accounts.paste(anna.id, await allow(spotify, offer.url, there.id), at=now())
    assert await n_counting(anna) == 4


async def test_another_accounts_end_leaves_hints(anna: Presser, spotify: Spotify):
    await hinted(anna, spotify, 4)
    await anna.services.accounts.unlink(anna.id, AccountKind.LISTENBRAINZ)
    assert await n_counting(anna) == 4


async def test_hints_that_go_while_they_are_learned_from_leave_no_model(
    anna: Presser, spotify: Spotify
):
    await anna.rate(16)
    await anna.services.training.idle()
    await hinted(anna, spotify)
    await anna.services.training.idle()
    training = asyncio.create_task(anna.services.training.train_now(anna.id, at=now()))
    await asyncio.sleep(0.3)
    await anna.services.hints.forget(anna.id)
    await training
    model = await learned(anna)
    assert not any("counted less" in notice for notice in model.summary.report.notices)


async def test_deleting_everything_deletes_hints(anna: Presser, spotify: Spotify):
    await hinted(anna, spotify, 4)
    receipt = await anna.services.privacy.delete(anna.id)
    assert receipt.held["hints"] == 4
    assert await n_counting(anna) == 0
    assert (await anna.services.privacy.show(anna.id)).since is None


@pytest.mark.usefixtures("services")
async def test_hints_outlive_a_restart_and_are_forgotten_when_the_operator_lets_none_be_taken(
    spotify: Spotify, tmp_path: Path
):
    async with opened(spotify, tmp_path) as first:
        anna = Presser(first, next(_IDS))
        await anna.rate(16)
        await hinted(anna, spotify)
        await learned(anna)
    async with opened(spotify, tmp_path) as again:
        assert (await again.hints.state(anna.id)).n_counting == 30
    async with opened(spotify, tmp_path, hints=False) as off:
        assert (await off.hints.state(anna.id)).n_all == 0
        assert not (await off.hints.state(anna.id)).may_take
        model = await off.training.ensure_model(anna.id, at=now())
        assert not any("counted less" in notice for notice in model.summary.report.notices)
