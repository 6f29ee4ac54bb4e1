"""/song add, with the real clients and stand-ins of all services on 127.0.0.1."""

import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import simcord

from bot.container import open_services
from musicrec.domain.errors import BadInputError, SongUnknownError
from musicrec.services import Services
from tests.discord.town import LIKE, Town, town_of, words
from tests.stand_ins.clocks import LeapingClock
from tests.stand_ins.town import StandIns, serving_aside, without_pauses
from tests.stand_ins.world import SONGS, World

LAMPLIGHTER = SONGS[0]
ONLY_ON_DEEZER = SONGS[5]


@pytest.fixture
def stand_ins() -> StandIns:
    return StandIns.of(World(), LeapingClock())


@pytest.fixture
async def town(small_catalogue: Path, tmp_path: Path, stand_ins: StandIns) -> AsyncIterator[Town]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    with serving_aside(stand_ins) as settings:
        async with (
            open_services(
                data_dir=tmp_path, worker_processes=1, sources=without_pauses(settings)
            ) as services,
            _connected(services, stand_ins),
            town_of(services) as running,
        ):
            yield running


@asynccontextmanager
async def _connected(services: Services, stand_ins: StandIns) -> AsyncGenerator[None]:
    """Open connections beforehand: simcord would wait for the timers that close idle ones."""
    await services.adding.add(SONGS[1].isrc, at=datetime.now(UTC))
    for service in stand_ins.services.values():
        service.log.clear()
    yield


@pytest.mark.parametrize(
    "text",
    [
        f"https://open.spotify.com/intl-de/track/{LAMPLIGHTER.spotify_id}?si=abc",
        f"https://www.deezer.com/de/track/{LAMPLIGHTER.deezer_id}",
        f"https://musicbrainz.org/recording/{LAMPLIGHTER.mbid}",
        LAMPLIGHTER.isrc,
        "the paper lanterns - Lamplighter",
    ],
    ids=["spotify", "deezer", "musicbrainz", "isrc", "names"],
)
async def test_a_song_becomes_known_and_can_be_found_and_rated(town: Town, text: str):
    result = await town.alice.slash(town.channel, "song add", song=text)
    said = words(result.response)
    assert result.response.ephemeral
    assert "I know that song now." in said
    assert "Lamplighter" in said
    assert "The Paper Lanterns" in said
    assert "2001" in said
    assert "ReccoBeats: 11 audio features" in said
    assert "could not ask" not in said
    await town.click(town.alice, result.response, LIKE)
    assert await town.counts(town.alice) == (1, 0)
    found = await town.bob.slash(town.channel, "song search", text="lamplighter")
    assert "The Paper Lanterns" in words(found.response)


async def test_a_song_that_is_known_is_asked_about_once(town: Town, stand_ins: StandIns):
    await town.alice.slash(town.channel, "song add", song=LAMPLIGHTER.isrc)
    n_requests = stand_ins.n_requests
    again = await town.bob.slash(town.channel, "song add", song=LAMPLIGHTER.isrc)
    assert "I have looked that song up again." in words(again.response)
    assert stand_ins.n_requests == n_requests


async def test_who_cannot_be_asked_is_named_and_stops_nobody(town: Town, stand_ins: StandIns):
    stand_ins.musicbrainz.switches.is_down = True
    stand_ins.reccobeats.switches.status = 429
    stand_ins.reccobeats.switches.retry_after = "3600"
    result = await town.alice.slash(town.channel, "song add", song=LAMPLIGHTER.isrc)
    said = words(result.response)
    assert "Lamplighter" in said
    assert "could not ask" in said
    assert "MusicBrainz" in said.split("could not ask")[1]
    assert "ReccoBeats (closed until <t:" in said
    assert "nobody told me how it sounds" in said
    status = await town.alice.slash(town.channel, "status")
    assert "ReccoBeats is closed until <t:" in words(status.response)


async def test_a_song_that_one_source_knows_keeps_what_is_unknown_missing(town: Town):
    result = await town.alice.slash(
        town.channel, "song add", song=f"https://www.deezer.com/track/{ONLY_ON_DEEZER.deezer_id}"
    )
    assert "Deezer: title" in words(result.response)
    track = await town.services.songs.resolve("Only on Deezer")
    assert track.country is None
    assert "energy" not in track.features


async def test_a_song_that_nobody_knows_is_said_so(town: Town, stand_ins: StandIns):
    unknown = await town.alice.slash(town.channel, "song add", song="Nobody - Nothing at all")
    assert "Nobody I asked knows “Nobody - Nothing at all”" in words(unknown.response)
    simcord.assert_error(town.env, SongUnknownError)
    stand_ins.deezer.switches.is_down = True
    unsure = await town.alice.slash(town.channel, "song add", song="Nobody - Something else")
    assert "could not ask Deezer. Try again later." in words(unsure.response)
    simcord.assert_error(town.env, SongUnknownError)


@pytest.mark.parametrize(
    "text", ["@everyone", "https://evil.example/track/1", "https://open.spotify.com/album/1"]
)
async def test_what_names_no_song_is_refused_without_asking_anybody(
    town: Town, stand_ins: StandIns, text: str
):
    result = await town.alice.slash(town.channel, "song add", song=text)
    assert "I cannot use that: " in words(result.response)
    assert "@everyone" not in words(result.response)
    assert not stand_ins.n_requests
    simcord.assert_error(town.env, BadInputError)
