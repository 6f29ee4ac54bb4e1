"""Tracks, search, and audio features for the few applications that still have them."""

import re
from collections.abc import Sequence

from bot.stand_in.exchange import Answered, Asked, failure
from bot.stand_in.library import Song
from bot.stand_in.routes import Route, State, guarded, is_id, whole
from bot.stand_in.shapes import audio_features, page, track
from musicrec.domain.identity import fold

_FILTER = re.compile(r'(isrc|track|artist):(?:"([^"]*)"|(\S+))')
_LONGEST_QUERY = 250
_MOST_IDS = 100


class SongRoutes:
    """What an application may ask without a listener."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def all(self) -> Sequence[Route]:
        """Every route."""
        return (
            Route(r"GET /tracks/([^/]+)", self._track),
            Route(r"GET /search", guarded(self._search)),
            Route(r"GET /audio-features", self._audio_features),
        )

    def _track(self, _listener: str, _asked: Asked, spotify_id: str) -> Answered:
        if not is_id(spotify_id):
            return failure(400, "Invalid base62 id")
        song = self._state.song(spotify_id)
        return Answered(track(song, self._state.root)) if song else failure(404, "Not found.")

    def _search(self, _listener: str, asked: Asked) -> Answered:
        limit = whole(asked, "limit", 5, 1, 10)
        offset = whole(asked, "offset", 0, 0, 1000)
        words = asked.query.get("q", "")
        if not words or len(words) > _LONGEST_QUERY:
            return failure(400, "No search query" if not words else "Query exceeds maximum length")
        if asked.query.get("type") != "track":
            return failure(400, "Bad search type field")
        found = [song for song in self._state.library.songs if _is_meant(song, words)]
        items = [track(song, self._state.root) for song in found[offset : offset + limit]]
        kept = {name: asked.query[name] for name in ("q", "type")}
        url = f"{self._state.root}/search"
        tracks = page(items, url, kept, limit=limit, offset=offset, total=len(found))
        return Answered({"tracks": tracks})

    def _audio_features(self, _listener: str, asked: Asked) -> Answered:
        ids = asked.query.get("ids", "").split(",")
        if len(ids) > _MOST_IDS:
            return failure(400, "Too many ids requested")
        songs = [self._state.song(one) for one in ids]
        root = self._state.root
        known = [audio_features(song, root) if song and song.features else None for song in songs]
        return Answered({"audio_features": known})


def _is_meant(song: Song, words: str) -> bool:
    """Whether a song has an ISRC, and the words of title and artist among its own."""
    own = {
        "isrc": (song.isrc or "").casefold(),
        "track": fold(song.title),
        "artist": fold(" ".join(song.artists)),
    }
    filters = [(kind, bare or quoted) for kind, quoted, bare in _FILTER.findall(words)]
    if not filters:
        return set(fold(words).split()) <= set(f"{own['track']} {own['artist']}".split())
    return all(set(fold(text).split()) <= set(own[kind].split()) for kind, text in filters)
