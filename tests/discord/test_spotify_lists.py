"""Every change of a playlist on Spotify by commands, against the stand-in of Spotify."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.container import open_services
from bot.stand_in.aside import aside
from bot.stand_in.exchange import Trouble
from bot.stand_in.library import Library, Song
from bot.stand_in.people import Entry, Listener, Playlist
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.settings import AccountSettings
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.track import SPOTIFY_PREFIX, Track
from musicrec.services import Services
from tests.discord.playlist_town import give_taste, label_of, press
from tests.discord.town import Town, buttons, town_of, words
from tests.stand_ins.clocks import START, LeapingClock
from tests.stand_ins.spotify.browser import account_settings, allow
from tests.stand_ins.spotify.openapi import check_exchanges

N_SONGS = 60
LISTED = "spotify:" + "M" * 22
BREAKS_OFF = Trouble("(DELETE|PUT|POST) .*/playlists/", 1, 40, status=503)
"""After one change Spotify is down."""


@pytest.fixture
def spotify() -> Iterator[Spotify]:
    stand_in = Spotify(Library.of(()), LeapingClock())
    stand_in.invite(Listener("orla", "Orla"))
    with aside(serving_spotify(stand_in)):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
async def services(
    small_catalogue: Path, tmp_path: Path, spotify: Spotify
) -> AsyncIterator[Services]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    settings = AccountSettings(account_settings(spotify), TokenKeys([new_key()]))
    async with open_services(data_dir=tmp_path, worker_processes=1, accounts=settings) as opened:
        catalogue = opened.songs._catalogue.now
        spotify.state.library = Library.of(
            Song(track.id.removeprefix(SPOTIFY_PREFIX), track.title, track.artists)
            for track in catalogue.tracks(range(len(catalogue)))
        )
        yield opened


@pytest.fixture
def mine(services: Services, spotify: Spotify) -> Playlist:
    """A list of known songs, one of them twice."""
    tracks = services.songs._catalogue.now.tracks(range(N_SONGS))
    return spotify.add(Playlist("M" * 22, "orla", "Mine", versions=[entries_of(tracks)]))


@pytest.fixture
async def town(
    services: Services, spotify: Spotify, mine: Playlist, taste: StoredModel
) -> AsyncIterator[Town]:
    """Alice has a taste and a linked account."""
    assert len(mine.entries) == N_SONGS + 1
    async with town_of(services) as running:
        await give_taste(services, ListenerId(running.alice.id), taste)
        offer = (await running.alice.slash(running.channel, "link spotify")).response
        url = next(button["url"] for button in buttons(offer) if "url" in button)
        window = await running.click(running.alice, offer, "Paste the address")
        await running.alice.submit_modal(window, {"line": await allow(spotify, url, "orla")})
        yield running


def entries_of(tracks: list[Track]) -> tuple[Entry, ...]:
    days = enumerate([*tracks, tracks[0]])
    return tuple(Entry(str(track.id), START - timedelta(days=day), "orla") for day, track in days)


async def asked(town: Town, command: str, **options: Any) -> Any:
    return (await town.alice.slash(town.channel, f"playlist {command}", **options)).response


@pytest.mark.parametrize("command", ["prune", "sort"])
async def test_a_list_on_spotify_is_changed_and_restored(town: Town, mine: Playlist, command: str):
    before = mine.uris
    options: dict[str, Any] = {"sure": 70} if command == "prune" else {"by": "tempo"}
    page = await asked(town, command, list=LISTED, **options)
    assert mine.uris == before
    what = label_of(page, "Remove") if command == "prune" else "Sort it"
    done = await press(town, town.alice, page, what)
    if command == "prune":
        assert len(before) - len(mine.uris) == int(what.split()[1])
    else:
        assert sorted(mine.uris) == sorted(before)
    assert mine.uris != before
    assert "/playlist undo brings" in words(done)
    undone = await asked(town, "undo")
    assert "as it was before, song by song" in words(undone)
    assert mine.uris == before


async def test_a_change_that_spotify_breaks_off_is_finished_and_told_later(
    town: Town, spotify: Spotify, mine: Playlist
):
    before = mine.uris
    page = await asked(town, "sort", list=LISTED, by="tempo")
    spotify.troubles.append(BREAKS_OFF)
    waits = await press(town, town.alice, page, "Sort it")
    assert "I go on by myself" in words(waits)
    half = mine.uris
    assert half != before
    spotify.troubles.clear()
    async with town.services.edits._database.writing() as uow:
        for edit_id in await uow.playlist_edits.unfinished():
            await uow.playlist_edits.let_go(edit_id, "")
    await town.services.edit_runs.resume()
    assert mine.uris != half
    told = await asked(town, "history")
    assert words(told).startswith("-# Finished meanwhile: “Mine” is sorted now.")
    undone = await asked(town, "undo")
    assert "Finished meanwhile" not in words(undone)
    assert mine.uris == before


async def test_a_new_list_is_on_spotify_once(town: Town, spotify: Spotify):
    page = await asked(town, "make", list=LISTED, n=7)
    sent = (await town.click(town.alice, page, "To Spotify")).response
    assert "“Like Mine” is on Spotify now with 7 songs. [Open it](" in words(sent)
    await town.restart()
    again = (await town.click(town.alice, page, "To Spotify")).response
    assert "is on Spotify already with 7 songs" in words(again)
    (made,) = (one for one in spotify.state.playlists.values() if one.name == "Like Mine")
    assert (len(made.uris), made.is_public, made.owner) == (7, False, "orla")


async def test_a_new_list_whose_songs_spotify_does_not_take_now_is_filled_by_the_next_press(
    town: Town, spotify: Spotify
):
    page = await asked(town, "make", list=LISTED, n=7)
    spotify.troubles.append(Trouble("POST .*/playlists/.*/items", 0, 40, status=503))
    failed = (await town.click(town.alice, page, "To Spotify")).response
    assert "Spotify is out of reach right now" in words(failed)
    spotify.troubles.clear()
    sent = (await town.click(town.alice, page, "To Spotify")).response
    assert "is on Spotify now with 7 songs" in words(sent)
    (made,) = (one for one in spotify.state.playlists.values() if one.name == "Like Mine")
    assert len(made.uris) == 7
