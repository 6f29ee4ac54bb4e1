# pyright: reportUnknownMemberType=false
"""What a listener keeps and plays most on Spotify: which songs, and nothing else about them."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from spotipy import Spotify

from musicrec.accounts.spotify_session import ME, SpotifySession
from musicrec.domain.errors import SourceClosedError
from musicrec.domain.hint import HintSource
from musicrec.sources.fields import NOTHING, Document, number, part, parts, text
from musicrec.sources.replies import Json
from musicrec.sources.spotify_tracks import artists_of, is_whole, isrc_in

MOST_SAVED: Final = 500
"""The last saved ones: ten calls, of which all listeners together have 500 a day."""

_PAGE: Final = 50
"""Entries in one answer; more are refused."""
_RANGES: Final = ("long_term", "medium_term", "short_term")
"""About a year, half a year, four weeks.

Source: developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks.
"""


@dataclass(frozen=True, slots=True)
class LibrarySong:
    """A song that the listener keeps or plays, by what it can be known again.

    Attributes:
        source: How that is known.
        spotify_id: Its id there.
        isrc: None where it is not told.
        title: Its name.
        artists: Main artist first; one at least.
    """

    source: HintSource
    spotify_id: str
    isrc: str | None
    title: str
    artists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What was read.

    Attributes:
        songs: Each once; one that is saved counts as that, also where it is played most.
        is_whole: Whether all was read that is read at most; Spotify may have wanted no more calls.
    """

    songs: tuple[LibrarySong, ...]
    is_whole: bool


async def read_library(session: SpotifySession) -> Library:
    """Read the songs that are played most, then those that were saved last, page by page.

    Raises:
        NotLinkedError, AccountLostError: There is no account to read.
        SpotifyForbiddenError: The listener has not allowed it.
        SourceError: Spotify cannot be asked; not where it closes after a page was read.
    """
    found: dict[str, LibrarySong] = {}
    try:
        async for page in _pages(session):
            found |= {song.spotify_id: song for song in page}
    except SourceClosedError:
        if not found:
            raise
        return Library(tuple(found.values()), is_whole=False)
    return Library(tuple(found.values()), is_whole=True)


async def _pages(session: SpotifySession) -> AsyncIterator[Iterable[LibrarySong]]:
    for time_range in _RANGES:
        page = await session.ask(ME, partial(_top, time_range=time_range))
        yield _songs(page or NOTHING, HintSource.TOP)
    offset, total = 0, float(MOST_SAVED)
    while offset < min(total, MOST_SAVED):
        page = await session.ask(ME, partial(_saved, offset=offset)) or NOTHING
        offset, total = offset + _PAGE, number(page, "total") or 0
        yield _songs(page, HintSource.SAVED)


def _top(spotify: Spotify, *, time_range: str) -> Json:
    return spotify.current_user_top_tracks(limit=_PAGE, time_range=time_range)


def _saved(spotify: Spotify, *, offset: int) -> Json:
    return spotify.current_user_saved_tracks(limit=_PAGE, offset=offset)


def _songs(page: Document, source: HintSource) -> Iterator[LibrarySong]:
    """Yield the songs of a page; what is on nobody's shelves any more has no name."""
    for entry in parts(page, "items"):
        track = entry if source is HintSource.TOP else part(entry, "track")
        if is_whole(track):
            yield LibrarySong(
                source, text(track, "id"), isrc_in(track), text(track, "name"), artists_of(track)
            )
