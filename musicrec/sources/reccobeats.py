"""ReccoBeats: audio features as Spotify had them, by Spotify id or ISRC.

Its terms and the provenance of its numbers are not published; its values therefore carry no
licence.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.batches import Batches
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    Document,
    as_object,
    isrc_of,
    number,
    only,
    parts,
    spotify_id_of,
    text,
    valid,
)
from musicrec.sources.settings import RECCOBEATS, ServiceSettings

_FEATURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "acousticness": "acousticness",
        "danceability": "danceability",
        "energy": "energy",
        "instrumentalness": "instrumentalness",
        "key": "key",
        "liveness": "liveness",
        "loudness": "loudness_db",
        "mode": "mode",
        "speechiness": "speechiness",
        "tempo": "tempo_bpm",
        "valence": "valence",
    }
)
"""Our name of each field; all have Spotify's units. Older entries lack key and mode."""
_OF_FEATURES: Final = ("href", "isrc", *_FEATURES)
_OF_TRACK: Final = ("href", "isrc", "trackTitle", "artists", "durationMs", "popularity")


class ReccoBeatsClient:
    """Asks for one song at a time; what is asked at the same time goes in one call."""

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(RECCOBEATS, "", settings, surroundings)
        self._features = Batches(settings.most_ids, self._call("/audio-features", _OF_FEATURES))
        self._tracks = Batches(settings.most_ids, self._call("/track", _OF_TRACK))

    async def features(self, one_id: str) -> Facts | None:
        """Return the audio features of a Spotify id or an ISRC.

        Raises:
            SourceError: ReccoBeats cannot be asked.
        """
        answer = await self.api.answer(
            f"audio-features/{one_id}", lambda: self._features.ask(one_id)
        )
        return _features_in(answer)

    async def track(self, one_id: str) -> Facts | None:
        """Return names and ISRC of a Spotify id or an ISRC.

        Raises:
            SourceError: ReccoBeats cannot be asked.
        """
        answer = await self.api.answer(f"track/{one_id}", lambda: self._tracks.ask(one_id))
        return _track_in(answer)

    def _call(
        self, path: str, kept: Sequence[str]
    ) -> Callable[[Sequence[str]], Awaitable[Mapping[str, Document]]]:
        async def ask(ids: Sequence[str]) -> Mapping[str, Document]:
            document = await self.api.call(Call(path, {"ids": ",".join(ids)}))
            found: dict[str, Document] = {}
            for each in parts(as_object(document), "content"):
                for one_id in (_spotify_id(each), isrc_of(text(each, "isrc"))):
                    if one_id is not None and one_id in ids:
                        found.setdefault(one_id, only(each, kept))
            return found

        return ask


def _features_in(answer: SourceAnswer) -> Facts | None:
    if answer.answer is None:
        return None
    values = {ours: number(answer.answer, theirs) for theirs, ours in _FEATURES.items()}
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        isrcs=_isrcs(answer.answer),
        spotify_ids=_spotify_ids(answer.answer),
        features=valid(values),
    )


def _track_in(answer: SourceAnswer) -> Facts | None:
    document = answer.answer
    if document is None:
        return None
    artists = [text(each, "name") for each in parts(document, "artists")]
    values = {
        "duration_ms": number(document, "durationMs"),
        "popularity": number(document, "popularity") or None,
    }
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        title=text(document, "trackTitle"),
        artists=tuple(name for name in artists if name),
        isrcs=_isrcs(document),
        spotify_ids=_spotify_ids(document),
        features=valid(values),
    )


def _spotify_id(document: Document) -> str | None:
    return spotify_id_of(text(document, "href").rpartition("/")[2])


def _spotify_ids(document: Document) -> tuple[str, ...]:
    found = _spotify_id(document)
    return (found,) if found else ()


def _isrcs(document: Document) -> tuple[str, ...]:
    found = isrc_of(text(document, "isrc"))
    return (found,) if found else ()
