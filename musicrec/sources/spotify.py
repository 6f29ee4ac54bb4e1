# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Spotify: which song a link means, and the link to a song.

Each kind of call has a quota of its own at Spotify, therefore a budget and closures of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from spotipy import Spotify

from musicrec.domain.identity import recording_key, track_id_of, undecorated
from musicrec.sources.api import Api, Surroundings
from musicrec.sources.batches import Batches
from musicrec.sources.facts import Facts
from musicrec.sources.fields import Document, as_object, only, part, parts, text
from musicrec.sources.replies import Json
from musicrec.sources.settings import SPOTIFY, SpotifySettings
from musicrec.sources.spotify_http import SpotifyThread
from musicrec.sources.spotify_tracks import (
    FEATURES,
    artists_of,
    features_in,
    is_whole,
    isrc_in,
    kept,
    track_in,
)

_LICENCE: Final = "Spotify Developer Terms; no model may be trained on it"
_MOST_FOUND: Final = 10
"""More are refused."""
_LONGEST_WORDS: Final = 100
"""Of a title or an artist; a whole search may have 250 characters."""


class SpotifyClient:
    """Asks as the operator's application; every kind of call has a budget of its own.

    Attributes:
        has_features: Whether ``features`` may be asked.
    """

    def __init__(self, settings: SpotifySettings, surroundings: Surroundings) -> None:
        def api(bucket: str) -> Api:
            return Api(SPOTIFY, _LICENCE, settings.api, surroundings, bucket=bucket)

        self.has_features = settings.audio_features
        self._tracks, self._searches = api("tracks"), api("search")
        self._features = api("audio-features")
        self._batches = Batches(settings.api.most_ids, self._call_features)
        self._thread = SpotifyThread(settings)

    @property
    def apis(self) -> tuple[Api, ...]:
        """Every kind of call."""
        return (self._tracks, self._searches, self._features)

    async def track(self, spotify_id: str) -> Facts | None:
        """Return a track by its id.

        Raises:
            SourceError: Spotify cannot be asked.
        """

        async def ask() -> Mapping[str, Any] | None:
            found = await self._call(self._tracks, lambda spotify: spotify.track(spotify_id))
            return kept(found) if is_whole(found) else None

        return track_in(await self._tracks.answer(f"track/{spotify_id}", ask))

    async def of_isrc(self, isrc: str) -> Facts | None:
        """Return the first track that has an ISRC.

        Raises:
            SourceError: Spotify cannot be asked.
        """
        return await self._search(
            f"search/isrc/{isrc}", f"isrc:{isrc}", lambda track: isrc_in(track) == isrc
        )

    async def search(self, artist: str, title: str) -> Facts | None:
        """Return the first track of these names; what is called otherwise is none.

        Raises:
            SourceError: Spotify cannot be asked.
        """
        wanted = recording_key(title, artist)

        def is_meant(track: Document) -> bool:
            return recording_key(text(track, "name"), artists_of(track)[0]) == wanted

        words = f"track:{_quoted(undecorated(title))} artist:{_quoted(artist)}"
        return await self._search(f"search/{track_id_of(title, artist)}", words, is_meant)

    async def features(self, spotify_id: str) -> Facts | None:
        """Return the audio features of a track; those asked for at once go in one call.

        Raises:
            SourceError: Spotify cannot be asked.
        """
        answer = await self._features.answer(
            f"audio-features/{spotify_id}", lambda: self._batches.ask(spotify_id)
        )
        return features_in(answer, spotify_id)

    def close(self) -> None:
        """End the thread."""
        self._thread.close()

    async def _search(
        self, key: str, words: str, is_meant: Callable[[Document], bool]
    ) -> Facts | None:
        async def ask() -> Mapping[str, Any] | None:
            found = await self._call(
                self._searches,
                lambda spotify: spotify.search(words, limit=_MOST_FOUND, type="track"),
            )
            tracks = (each for each in parts(part(found, "tracks"), "items") if is_whole(each))
            return next((kept(track) for track in tracks if is_meant(track)), None)

        return track_in(await self._searches.answer(key, ask))

    async def _call_features(self, ids: Sequence[str]) -> Mapping[str, Document]:
        found = await self._call(
            self._features,
            # spotipy's own method does nothing else but warn that few applications may call it.
            lambda spotify: spotify._get("audio-features", ids=",".join(ids)),  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        )
        return {
            one_id: only(each, tuple(FEATURES))
            for each in parts(found, "audio_features")
            if (one_id := text(each, "id")) in ids
        }

    async def _call(self, api: Api, call: Callable[[Spotify], Json]) -> Document:
        """Return the object that is answered; an empty one for "not found"."""

        async def ask() -> Document:
            return as_object(await self._thread.ask(call))

        return await api.attempt(ask)


def _quoted(words: str) -> str:
    return f'"{words[:_LONGEST_WORDS].replace(chr(34), " ")}"'
