"""/link listenbrainz, with the real bot and the stand-in of ListenBrainz."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.container import open_services
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.listenbrainz import LISTENBRAINZ_ACCOUNTS
from musicrec.accounts.settings import AccountSettings
from musicrec.domain.account import AccountKind
from musicrec.domain.errors import (
    LinkingOffError,
    NotLinkedError,
    PlaylistUnusableError,
)
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.label import LabelValue
from musicrec.domain.playlist import Playlist, PlaylistItem, numbered
from musicrec.domain.week import PickKind, WeekSong
from musicrec.services import Services
from tests.discord.town import Town, names, town_of, words
from tests.discord.weekly_town import list_of, posted
from tests.musicrec.learned_songs import NOON, learned
from tests.stand_ins.clocks import LeapingClock
from tests.stand_ins.listenbrainz_accounts import Accounts, Given
from tests.stand_ins.town import StandIns, serving_aside
from tests.stand_ins.world import SONGS, Song, World, uuid

TOKEN = "0b9e9a10-6a4e-4a66-9c1d-3d8d5d2f7a11"  # noqa: S105 - nobody's
LOVED, HATED, UNSAID, *_ = SONGS
TAKE, SEND = "Take over what I loved and hated there", "Tell it my ratings"


@pytest.fixture
def stand_ins() -> StandIns:
    return StandIns.of(World(), LeapingClock())


@pytest.fixture
def there(stand_ins: StandIns) -> Accounts:
    accounts = stand_ins.listenbrainz.accounts
    accounts.join("orla", TOKEN)
    return accounts


@pytest.fixture
async def services(
    small_catalogue: Path, tmp_path: Path, stand_ins: StandIns
) -> AsyncIterator[Services]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    with serving_aside(stand_ins) as sources:
        address = sources.listenbrainz.base_url
        service = replace(LISTENBRAINZ_ACCOUNTS, base_url=address, interval_s=0.0, tries=1)
        settings = AccountSettings(None, TokenKeys([new_key()]), service)
        async with open_services(
            data_dir=tmp_path, worker_processes=1, accounts=settings
        ) as opened:
            songs = [
                learned(f"mbid:{song.mbid}", song.title, song.artist.name)
                for song in (LOVED, HATED, UNSAID)
            ]
            await opened.learning.learn(songs, at=datetime.now(UTC))
            # Opens a connection: simcord would wait for the timer that closes an idle one.
            await opened.listenbrainz.link(
                ListenerId(1), stand_ins.listenbrainz.accounts.join("ann", "12345678"), at=NOON
            )
            yield opened


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(services) as running:
        yield running


async def link(town: Town, token: str = TOKEN) -> Any:
    offer = await town.alice.slash(town.channel, "link listenbrainz")
    window = await town.click(town.alice, offer.response, "Enter my token")
    await town.alice.submit_modal(window, {"line": token})
    return offer.response


def listener_of(town: Town) -> ListenerId:
    return ListenerId(town.alice.id)


async def rate(town: Town, song: Song, value: LabelValue) -> None:
    await town.services.labels.press(
        listener_of(town),
        TrackId(f"mbid:{song.mbid}"),
        value,
        at=datetime.now(UTC),
        event_key=f"test:{song.number}",
    )


def given(song: Song, score: int) -> Given:
    return Given(song.mbid, score, 1_700_000_000 + song.number)


async def test_verdicts_become_ratings_once(town: Town, there: Accounts):
    there.given["orla"] = [given(LOVED, 1), given(HATED, -1), Given(uuid(1, 999), 1, 1)]
    message = await link(town)
    assert "“orla” on ListenBrainz is linked" in words(town.look(message))
    taken = await town.click(town.alice, town.look(message), TAKE)
    assert "I took over 1 like and 1 dislike." in words(taken.response)
    assert "1 song I do not know" in words(taken.response)
    assert await town.counts(town.alice) == (1, 1)
    again = await town.click(town.alice, town.look(message), TAKE)
    assert "2 songs had your rating here already" in words(again.response)
    assert await town.counts(town.alice) == (1, 1)


async def test_ratings_are_told_there_and_only_what_it_does_not_know(town: Town, there: Accounts):
    there.given["orla"] = [given(HATED, -1)]
    message = await link(town)
    await rate(town, LOVED, LabelValue.LIKE)
    await rate(town, HATED, LabelValue.DISLIKE)
    sent = await town.click(town.alice, town.look(message), SEND)
    assert "I told ListenBrainz 1 rating. It knew 1 more already." in words(sent.response)
    assert {(each.mbid, each.score) for each in there.given["orla"]} == {
        (LOVED.mbid, 1),
        (HATED.mbid, -1),
    }


async def test_who_unlinks_meanwhile_gets_no_ratings(
    town: Town, there: Accounts, stand_ins: StandIns
):
    there.given["orla"] = [given(LOVED, 1)]
    await link(town)
    stand_ins.listenbrainz.switches.slow_s = 1.0
    service, listener_id = town.services.listenbrainz, listener_of(town)
    taking = asyncio.create_task(service.take_over(listener_id, at=datetime.now(UTC)))
    await asyncio.sleep(0.3)
    await town.services.privacy.delete(listener_id)
    with pytest.raises(NotLinkedError):
        await taking
    assert (await town.services.privacy.show(listener_id)).since is None


async def test_a_wrong_token_links_nothing(town: Town):
    offer = await town.alice.slash(town.channel, "link listenbrainz")
    window = await town.click(town.alice, offer.response, "Enter my token")
    refused = await town.alice.submit_modal(window, {"line": "01234567-89ab-cdef"})
    assert "ListenBrainz does not know that token" in words(refused.followups[-1])
    assert not await town.services.accounts.linked(listener_of(town))


async def test_a_token_that_ends_unlinks(town: Town, there: Accounts):
    message = await link(town)
    await rate(town, LOVED, LabelValue.LIKE)
    there.users.clear()
    lost = await town.click(town.alice, town.look(message), SEND)
    assert "has ended my access" in words(lost.response)
    assert not await town.services.accounts.linked(listener_of(town))
    with pytest.raises(NotLinkedError):
        await town.services.listenbrainz.send_back(listener_of(town))


async def test_a_list_becomes_a_playlist_there(town: Town, there: Accounts):
    await link(town)
    items = (
        PlaylistItem(1, title=song.title, track_id=TrackId(f"mbid:{song.mbid}"))
        for song in (LOVED, UNSAID)
    )
    mine = Playlist("Evening", numbered([*items, PlaylistItem(1, title="Somebody's tape")]))
    published = await town.services.listenbrainz.publish(listener_of(town), mine)
    assert published.n_left_out == 1
    made = there.playlists[published.made.id]
    assert (made.title, made.mbids, made.is_public) == ("Evening", [LOVED.mbid, UNSAID.mbid], False)
    with pytest.raises(PlaylistUnusableError):
        await town.services.listenbrainz.publish(
            listener_of(town), Playlist("Tape", numbered([PlaylistItem(1, title="A tape")]))
        )


BRIGHT: dict[str, Any] = {"energy": 0.991, "valence": 0.977, "tempo_bpm": 203.0}


async def bright_list(town: Town, n: int) -> Any:
    """Make a list whose first two songs ListenBrainz knows by name."""
    songs = [
        learned(f"mbid:{one.mbid}", one.title, one.artist.name, **BRIGHT) for one in (LOVED, UNSAID)
    ]
    await town.services.learning.learn(songs, at=datetime.now(UTC))
    features = " ".join(f"{name}={value}" for name, value in BRIGHT.items())
    made = await town.alice.slash(
        town.channel, "playlist make", features=features, n=n, name="Bright"
    )
    return made.response


async def test_a_new_list_is_published_there_once(town: Town, there: Accounts):
    await link(town)
    page = await bright_list(town, 3)
    await town.restart()
    sent = (await town.click(town.alice, page, "To ListenBrainz")).response
    assert sent.ephemeral
    assert "“Bright” is on ListenBrainz now with 2 songs. [Open it](https://" in words(sent)
    assert "1 song is left out: I do not know their MusicBrainz recordings" in words(sent)
    await town.restart()
    again = (await town.click(town.alice, page, "To ListenBrainz")).response
    assert "is on ListenBrainz already with 2 songs" in words(again)
    (made,) = there.playlists.values()
    assert (made.title, set(made.mbids)) == ("Bright", {LOVED.mbid, UNSAID.mbid})
    gone = await town.alice.slash(town.channel, "unlink", account="ListenBrainz")
    assert "I have forgotten your ListenBrainz account" in words(gone.response)
    lost = (await town.click(town.alice, page, "To ListenBrainz")).response
    assert "You have linked no ListenBrainz account." in words(lost)


async def test_two_presses_at_once_publish_once(town: Town, there: Accounts, stand_ins: StandIns):
    await link(town)
    await bright_list(town, 3)
    stand_ins.listenbrainz.switches.slow_s = 0.3
    copies = (
        town.services.copies.send(listener_of(town), KeptId(1), AccountKind.LISTENBRAINZ)
        for _ in range(2)
    )
    both = await asyncio.gather(*copies)
    assert both[0].copy.url == both[1].copy.url
    assert len(there.playlists) == 1


async def test_a_list_without_any_recording_is_not_published(town: Town, there: Accounts):
    await link(town)
    made = await town.alice.slash(town.channel, "playlist make", mood="calm", n=3)
    for _ in range(2):
        refused = (await town.click(town.alice, made.response, "To ListenBrainz")).response
        assert "MusicBrainz recording of none of these songs, so nothing was made" in words(refused)
    assert not there.playlists


async def test_who_has_not_linked_it_is_not_offered_it(town: Town):
    made = await town.alice.slash(town.channel, "playlist make", mood="calm", n=3)
    assert "As a file" in names(made.response)
    assert "To ListenBrainz" not in names(made.response)


async def test_the_token_is_never_shown(
    town: Town, there: Accounts, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    there.given["orla"] = [given(LOVED, 1)]
    message = await link(town)
    await town.click(town.alice, town.look(message), TAKE)
    [export] = await town.services.privacy.export(listener_of(town))
    assert TOKEN not in caplog.text
    assert TOKEN.encode() not in export
    history = await town.services.privacy.show(listener_of(town))
    assert history.accounts


async def test_without_keys_of_the_operator_it_is_said(small_catalogue: Path, tmp_path: Path):
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        with pytest.raises(LinkingOffError, match="TOKEN_KEYS"):
            await services.listenbrainz.link(ListenerId(1), TOKEN, at=datetime.now(UTC))


async def test_what_was_taken_over_can_be_taken_back(town: Town, there: Accounts):
    there.given["orla"] = [given(LOVED, 1)]
    await link(town)
    before = datetime.now(UTC)
    await town.services.listenbrainz.take_over(listener_of(town), at=before + timedelta(seconds=1))
    rewind = await town.services.history.rewind(
        listener_of(town), before, at=before + timedelta(seconds=2)
    )
    assert (rewind.before.likes, rewind.after.likes) == (1, 0)


async def test_a_weekly_list_is_published_there_once(town: Town, there: Accounts):
    await link(town)
    songs = tuple(
        WeekSong(
            place, TrackId(f"mbid:{one.mbid}"), one.title, (one.artist.name,), 0.9, PickKind.NEW, ""
        )
        for place, one in enumerate((LOVED, UNSAID), start=1)
    )
    content = replace(list_of(town.services), songs=songs)
    _, message = await posted(town, town.alice, content=content)
    for said in ("is on ListenBrainz now with 2 songs", "is on ListenBrainz already with 2 songs"):
        kept = (await town.click(town.alice.user, message, "Keep as a playlist")).response
        sent = (await town.click(town.alice.user, kept, "To ListenBrainz")).response
        assert said in words(sent)
    (made,) = there.playlists.values()
    assert (made.title, list(made.mbids)) == (
        "Weekly list of 2026-11-27",
        [LOVED.mbid, UNSAID.mbid],
    )
