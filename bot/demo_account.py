"""A demo account for the playground: Spotify in miniature, with playlists of songs we know."""

import contextlib
import hashlib
import random
import socket
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.outside import CALLBACK
from bot.stand_in.accounts import CLIENT_ID
from bot.stand_in.aside import aside
from bot.stand_in.library import Library, Song
from bot.stand_in.people import Entry, Listener, Playlist
from bot.stand_in.service import PREFIX, Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.settings import SpotifyAccountSettings
from musicrec.domain.track import SPOTIFY_PREFIX, Track
from musicrec.sources.clock import Clock
from musicrec.sources.settings import SPOTIFY_API, ServiceSettings

N_SONGS: Final = 1_500
"""Known songs of which the account's playlists are made."""

_NAME: Final = "Demo account (made up)"
_LISTENER: Final = "demo"
_ID_LENGTH: Final = 22
_TAPE: Final = "spotify:local:A+Friend:Kitchen+Tapes:Birthday+Song:95"
_MOST_SAVED: Final = 40


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """The account's service.

    Attributes:
        spotify: Stands in for Spotify.
        settings: How accounts are linked there.
        port: Free, for the page on which the browser ends.
    """

    spotify: Spotify
    settings: SpotifyAccountSettings
    port: int

    def furnish(self, tracks: Sequence[Track], *, at: datetime) -> None:
        """Give the account playlists of some songs, the same ones at every start.

        Args:
            tracks: The best-known ones.
            at: Now.
        """
        songs = [_song(track) for track in tracks]
        self.spotify.state.library = Library.of(songs)
        saved = songs[:_MOST_SAVED]
        listener = Listener(
            _LISTENER, _NAME, saved=[(song.uri, at) for song in saved], top=_uris(saved)
        )
        self.spotify.invite(listener)
        for playlist in _playlists(tracks, songs, at):
            self.spotify.add(playlist)


@contextlib.contextmanager
def demo_account(clock: Clock) -> Generator[DemoAccount]:
    """Serve the account on this machine until the context ends; it has no playlists yet."""
    spotify = Spotify(Library.of(()), clock)
    spotify.accounts.visitor, spotify.accounts.asks = _LISTENER, True
    with aside(serving_spotify(spotify)) as address:
        port = _free_port()
        api = ServiceSettings(
            address + PREFIX, interval_s=0.02, most_ids=SPOTIFY_API.most_ids, rest_s=1.0
        )
        settings = SpotifyAccountSettings(
            CLIENT_ID,
            f"http://127.0.0.1:{port}{CALLBACK}",
            api=api,
            accounts_url=address,
            is_demo=True,
            hints=True,
        )
        yield DemoAccount(spotify, settings, port)


def _playlists(tracks: Sequence[Track], songs: Sequence[Song], at: datetime) -> Iterable[Playlist]:
    """Yield playlists with something to find: duplicates, strangers, a file of one's own."""
    dice = random.Random(0)  # noqa: S311 - nothing is secret here
    calm = [song for track, song in zip(tracks, songs, strict=True) if _is_calm(track)]
    loud = [song for track, song in zip(tracks, songs, strict=True) if _is_loud(track)]
    mixed = dice.sample(songs, min(100, len(songs)))
    yield _playlist("Everything", [*_uris(mixed), *_uris(mixed[3:6]), _TAPE], at)
    yield _playlist("Party", _uris(dice.sample(loud, min(50, len(loud)))), at)
    quiet = _uris(dice.sample(calm, min(30, len(calm))))
    strangers = _uris(dice.sample(loud, min(2, len(loud))))
    yield _playlist("Rainy Sunday", [*quiet[:12], *strangers, *quiet[12:]], at)


def _playlist(name: str, uris: Sequence[str], at: datetime) -> Playlist:
    entries = tuple(
        Entry(uri, at - timedelta(days=len(uris) - place), _LISTENER)
        for place, uri in enumerate(uris)
    )
    return Playlist(_made_id(name), _LISTENER, f"{name} (demo)", versions=[entries])


def _is_calm(track: Track) -> bool:
    return track.features.get("energy", 1.0) < 0.4  # noqa: PLR2004 - of 0 to 1


def _is_loud(track: Track) -> bool:
    return track.features.get("energy", 0.0) > 0.75  # noqa: PLR2004 - of 0 to 1


def _song(track: Track) -> Song:
    is_known_there = track.id.startswith(SPOTIFY_PREFIX)
    return Song(
        track.id.removeprefix(SPOTIFY_PREFIX) if is_known_there else _made_id(track.id),
        track.title,
        track.artists or ("",),
        year=track.year,
        duration_ms=track.duration_ms or 0,
    )


def _uris(songs: Iterable[Song]) -> list[str]:
    return [song.uri for song in songs]


def _made_id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
