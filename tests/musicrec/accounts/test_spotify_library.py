"""Saved and top songs, read from the stand-in over HTTP."""

from collections.abc import AsyncIterator

import pytest

from bot.stand_in.exchange import Trouble
from bot.stand_in.library import Library, Song
from bot.stand_in.people import Listener
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.spotify_library import MOST_SAVED, LibrarySong, read_library
from musicrec.accounts.spotify_login import LIBRARY_SCOPES
from musicrec.accounts.spotify_session import SpotifyForbiddenError
from musicrec.domain.errors import SourceClosedError, SourceUnavailableError
from musicrec.domain.hint import HintSource
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.spotify.openapi import check_exchanges
from tests.stand_ins.spotify.session import TokenSession, token_for

SONGS = [
    Song(f"Saved{number:017d}", f"Song {number}", ("Orla", "Kwame"), isrc=f"QZAAA{number:07d}")
    for number in range(620)
]


@pytest.fixture
async def spotify() -> AsyncIterator[Spotify]:
    stand_in = Spotify(Library.of(SONGS), SkippingClock())
    async with serving_spotify(stand_in):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
def orla(spotify: Spotify) -> Listener:
    return spotify.invite(Listener("orla", "Orla"))


def session(spotify: Spotify, *scopes: str) -> TokenSession:
    token = token_for(spotify, "orla", *(scopes or LIBRARY_SCOPES))
    return TokenSession(spotify.address, token, spotify.clock)


def save(listener: Listener, songs: list[Song]) -> None:
    listener.saved = [(song.uri, START) for song in songs]


async def test_all_pages_are_read_and_a_song_counts_once(spotify: Spotify, orla: Listener):
    save(orla, SONGS[:120])
    orla.top = [song.uri for song in SONGS[110:130]]
    library = await read_library(session(spotify))
    assert library.is_whole
    assert len(library.songs) == 130
    told = {song.spotify_id: song for song in library.songs}
    assert told[SONGS[115].spotify_id].source is HintSource.SAVED
    assert told[SONGS[125].spotify_id] == LibrarySong(
        HintSource.TOP, SONGS[125].spotify_id, "QZAAA0000125", "Song 125", ("Orla", "Kwame")
    )
    assert len(spotify.asked("GET /me/top/tracks")) == 3
    assert [each.asked.query["offset"] for each in spotify.log[3:]] == ["0", "50", "100"]


async def test_no_more_than_the_last_saved_songs_are_read(spotify: Spotify, orla: Listener):
    save(orla, SONGS)
    library = await read_library(session(spotify))
    assert [song.spotify_id for song in library.songs] == [
        song.spotify_id for song in SONGS[:MOST_SAVED]
    ]
    assert len(spotify.asked("GET /me/tracks")) == 10


async def test_an_empty_library_takes_four_calls(spotify: Spotify, orla: Listener):
    assert not orla.saved
    library = await read_library(session(spotify))
    assert (library.songs, library.is_whole) == ((), True)
    assert len(spotify.log) == 4


async def test_what_has_no_name_any_more_is_left_out(spotify: Spotify, orla: Listener):
    nameless = Song("N" * 22, "", ("Nobody",))
    spotify.state.library = Library.of([nameless, SONGS[0]])
    save(orla, [nameless, SONGS[0]])
    library = await read_library(session(spotify))
    assert [song.title for song in library.songs] == ["Song 0"]


async def test_it_stops_where_spotify_wants_no_more_calls(spotify: Spotify, orla: Listener):
    save(orla, SONGS)
    spotify.troubles.append(Trouble("GET /v1/me/tracks", spared=2, status=429, retry_after="999"))
    library = await read_library(session(spotify))
    assert not library.is_whole
    assert len(library.songs) == 100
    assert len(spotify.asked("GET /me/tracks")) == 3


async def test_nothing_read_is_a_failure(spotify: Spotify, orla: Listener):
    save(orla, SONGS)
    spotify.troubles.append(Trouble(status=429, retry_after="999"))
    with pytest.raises(SourceClosedError):
        await read_library(session(spotify))
    spotify.troubles[0] = Trouble("GET /v1/me/tracks", spared=1, status=503)
    with pytest.raises(SourceUnavailableError):
        await read_library(session(spotify))


@pytest.mark.parametrize("scope", LIBRARY_SCOPES)
async def test_a_right_that_is_missing_is_told(spotify: Spotify, orla: Listener, scope: str):
    save(orla, SONGS)
    with pytest.raises(SpotifyForbiddenError):
        await read_library(session(spotify, scope))
