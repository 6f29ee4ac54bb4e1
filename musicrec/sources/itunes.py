"""iTunes: which song an Apple Music link means, and what a name means where nobody else knows.

Its answers have no ISRC. Source of the fields: Apple's iTunes Search API documentation.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from musicrec.domain.identity import recording_key, track_id_of
from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    Document,
    as_object,
    id_number,
    number,
    only,
    parts,
    text,
    valid,
    year_of,
)
from musicrec.sources.settings import ITUNES, ServiceSettings

_LICENCE: Final = "Apple's iTunes Search API terms"
_OF_TRACK: Final = (
    "trackId", "trackName", "artistName", "collectionName", "trackTimeMillis", "releaseDate",
    "primaryGenreName", "trackExplicitness",
)  # fmt: skip
_EXPLICIT: Final[Mapping[str, float]] = MappingProxyType(
    {"explicit": 1.0, "cleaned": 0.0, "notExplicit": 0.0}
)
_MOST_FOUND: Final = "10"


class ItunesClient:
    """Asks for songs."""

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(ITUNES, _LICENCE, settings, surroundings)

    async def track(self, apple_id: str, country: str = "us") -> Facts | None:
        """Return a song by Apple's id, as it is sold in a country (two lower-case letters).

        Raises:
            SourceError: iTunes cannot be asked.
        """
        query = {"id": apple_id, "country": country, "entity": "song"}
        return await self._ask(
            f"lookup/{country}/{apple_id}",
            Call("/lookup", query),
            lambda song: id_number(song, "trackId") == apple_id,
        )

    async def search(self, artist: str, title: str) -> Facts | None:
        """Return the first song of these names; what is called otherwise is none.

        Raises:
            SourceError: iTunes cannot be asked.
        """
        wanted = recording_key(title, artist)
        query = {
            "term": f"{artist} {title}",
            "media": "music",
            "entity": "song",
            "limit": _MOST_FOUND,
        }
        return await self._ask(
            f"search/{track_id_of(title, artist)}",
            Call("/search", query),
            lambda song: recording_key(text(song, "trackName"), text(song, "artistName")) == wanted,
        )

    async def _ask(
        self, key: str, call: Call, is_meant: Callable[[Document], bool]
    ) -> Facts | None:
        async def ask() -> Mapping[str, Any] | None:
            document = as_object(await self.api.call(call))
            songs = (song for song in parts(document, "results") if is_meant(song))
            return next((only(song, _OF_TRACK) for song in songs), None)

        return _track_in(await self.api.answer(key, ask))


def _track_in(answer: SourceAnswer) -> Facts | None:
    if answer.answer is None:
        return None
    track: Document = answer.answer
    genre, artist = text(track, "primaryGenreName"), text(track, "artistName")
    numbers = {
        "duration_ms": number(track, "trackTimeMillis"),
        "year": year_of(text(track, "releaseDate")),
        "explicit": _EXPLICIT.get(text(track, "trackExplicitness")),
    }
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        answer.licence,
        title=text(track, "trackName"),
        artists=(artist,) if artist else (),
        album=text(track, "collectionName"),
        genres=(genre,) if genre else (),
        features=valid(numbers),
    )
