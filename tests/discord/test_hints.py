"""Saved and top songs as a start, with the real bot and the stand-in of Spotify."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.container import open_services
from bot.stand_in.aside import aside
from bot.stand_in.library import Library, Song
from bot.stand_in.people import Listener
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.settings import AccountSettings
from musicrec.domain.ids import ListenerId
from musicrec.services import Services
from tests.discord.town import Member, Town, buttons, names, words
from tests.stand_ins.clocks import START, LeapingClock
from tests.stand_ins.spotify.browser import account_settings, allow
from tests.stand_ins.spotify.openapi import check_exchanges

TAKE, FORGET = "Use my saved and top songs as a start", "Forget them"
N_SAVED = 30


@pytest.fixture
def spotify() -> Iterator[Spotify]:
    stand_in = Spotify(Library.of(()), LeapingClock())
    with aside(serving_spotify(stand_in)):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
def is_on() -> bool:
    return True


@pytest.fixture
async def services(
    small_catalogue: Path, tmp_path: Path, spotify: Spotify, is_on: bool
) -> AsyncIterator[Services]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    settings = AccountSettings(account_settings(spotify, hints=is_on), TokenKeys([new_key()]))
    async with open_services(data_dir=tmp_path, worker_processes=1, accounts=settings) as opened:
        songs = [
            Song(f"Saved{number:017d}", track.title, track.artists)
            for number, track in enumerate(opened.songs.suggest("", limit=N_SAVED))
        ]
        songs.append(Song("U" * 22, "A Song That Nobody Has", ("Nobody At All",)))
        spotify.state.library = Library.of(songs)
        spotify.invite(Listener("orla", "Orla", saved=[(song.uri, START) for song in songs]))
        spotify.invite(Listener("kwame", "Kwame"))
        yield opened


async def link(
    town: Town, spotify: Spotify, member: Member, visitor: str = "orla", *, without: str = "-"
) -> None:
    """Link by hand."""
    offer = (await member.slash(town.channel, "link spotify")).response
    url = next(button["url"] for button in buttons(offer) if "url" in button)
    address = await allow(spotify, url.replace(without, "") if without != "-" else url, visitor)
    window = await town.click(member, offer, "Paste the address")
    await member.submit_modal(window, {"line": address})


async def status(town: Town, member: Member) -> Any:
    return (await member.slash(town.channel, "link status")).response


async def press(town: Town, member: Member, message: Any, name: str) -> Any:
    """Click a button and return the message of its own that answers."""
    result = await town.click(member, message, name)
    return result.followups[-1] if result.followups else result.response


async def n_hints(town: Town, member: Member) -> int:
    return (await town.services.hints.state(ListenerId(member.id))).n_all


async def test_songs_are_taken_as_a_start_shown_and_forgotten(town: Town, spotify: Spotify):
    rated = await town.rate(town.alice, 16)
    await link(town, spotify, town.alice)
    assert await n_hints(town, town.alice) == 0
    offered = await status(town, town.alice)
    assert "your own word that you probably like them" in words(offered)
    assert names(offered) == [TAKE]

    await town.restart()
    taken = await press(town, town.alice, offered, TAKE)
    assert taken.ephemeral
    assert "count as probably liked, less than a rating now" in words(taken)
    assert "1 song I do not know" in words(taken)
    assert names(taken) == [FORGET]
    n = await n_hints(town, town.alice)
    assert N_SAVED - len(rated) <= n <= N_SAVED
    assert sum(await town.counts(town.alice)) == 16

    shown = await town.alice.slash(town.channel, "taste show")
    assert f"{n} songs from your Spotify count as probably liked" in words(shown.response)
    privacy = await town.alice.slash(town.channel, "privacy show")
    assert f"{n} songs that you keep or play most on Spotify" in words(privacy.response)

    now_there = await status(town, town.alice)
    assert f"{n} songs that you keep or play most on Spotify count as" in words(now_there)
    assert names(now_there) == [FORGET]
    await town.restart()
    gone = await press(town, town.alice, now_there, FORGET)
    assert f"I have forgotten {n} songs from Spotify" in words(gone)
    assert await n_hints(town, town.alice) == 0
    again = await press(town, town.alice, now_there, FORGET)
    assert "nothing has changed" in words(again)
    shown = await town.alice.slash(town.channel, "taste show")
    assert "from your Spotify" not in words(shown.response)
    await town.services.training.idle()


async def test_unlinking_forgets_and_old_buttons_say_so(town: Town, spotify: Spotify):
    await link(town, spotify, town.alice)
    offered = await status(town, town.alice)
    taken = await press(town, town.alice, offered, TAKE)
    assert "once you have given at least 10 more ratings" in words(taken)
    await town.alice.slash(town.channel, "unlink", account="Spotify")
    assert await n_hints(town, town.alice) == 0
    refused = await press(town, town.alice, offered, TAKE)
    assert "You have linked no Spotify account." in words(refused)
    assert names(await status(town, town.alice)) == []


async def test_songs_are_taken_once_an_hour_and_the_next_time_is_said(town: Town, spotify: Spotify):
    await link(town, spotify, town.alice)
    offered = await status(town, town.alice)
    taken = await press(town, town.alice, offered, TAKE)
    await press(town, town.alice, taken, FORGET)
    await town.restart()
    refused = await press(town, town.alice, offered, TAKE)
    assert "I read your saved and top songs a short while ago. It works again <t:" in words(refused)
    assert await n_hints(town, town.alice) == 0


async def test_an_account_without_songs_changes_nothing(town: Town, spotify: Spotify):
    await link(town, spotify, town.bob, "kwame")
    taken = await press(town, town.bob, await status(town, town.bob), TAKE)
    assert "no saved or top songs" in words(taken)
    assert names(taken) == []


async def test_a_link_that_does_not_allow_it_is_told_how_to_help_it(town: Town, spotify: Spotify):
    await link(town, spotify, town.alice, without="user-top-read")
    refused = await press(town, town.alice, await status(town, town.alice), TAKE)
    assert "/link spotify links it anew" in words(refused)


async def test_the_offer_says_what_is_asked_for(town: Town):
    offer = (await town.alice.slash(town.channel, "link spotify")).response
    assert "which songs you saved and play most" in words(offer)
    url = next(button["url"] for button in buttons(offer) if "url" in button)
    assert len(url) <= 512


@pytest.mark.parametrize("is_on", [False])
async def test_where_the_operator_lets_none_be_taken_nothing_is_offered(
    town: Town, spotify: Spotify
):
    offer = (await town.alice.slash(town.channel, "link spotify")).response
    assert "which songs you saved" not in words(offer)
    await link(town, spotify, town.alice)
    assert names(await status(town, town.alice)) == []
