"""What an answer of Spotify tells about a track, and what of it is kept.

What applications of 2026 do not get (popularity, genres, previews) is not read even where it is
there. Source of the fields: developer.spotify.com/documentation/web-api.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    Document,
    isrc_of,
    number,
    only,
    part,
    parts,
    spotify_id_of,
    text,
    valid,
    year_of,
)

_OF_TRACK: Final = ("id", "name", "artists", "album", "duration_ms", "explicit", "external_ids")
_KEPT_PARTS: Final = ("name", "release_date", "isrc")
FEATURES: Final[Mapping[str, str]] = MappingProxyType(
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
        "time_signature": "time_signature",
        "valence": "valence",
    }
)
"""Our name of each field."""


def kept(track: Document) -> Document:
    """Return what is kept of a track: nothing that is not read."""
    found = only(track, _OF_TRACK)
    found["artists"] = [{"name": name} for name in artists_of(track)]
    for name in ("album", "external_ids"):
        found[name] = only(part(track, name), _KEPT_PARTS)
    return found


def is_whole(track: Document) -> bool:
    """Whether a track has an id and names; those on nobody's shelves any more have none."""
    return bool(spotify_id_of(text(track, "id")) and text(track, "name") and artists_of(track))


def artists_of(track: Document) -> tuple[str, ...]:
    """Return every credited artist, main artist first."""
    return tuple(name for each in parts(track, "artists") if (name := text(each, "name")))


def isrc_in(track: Document) -> str | None:
    """Return the ISRC of a track."""
    return isrc_of(text(part(track, "external_ids"), "isrc"))


def track_in(answer: SourceAnswer) -> Facts | None:
    """Return who a track is; its numbers serve to recognise it, see ``NOT_LEARNED_FROM``."""
    track = answer.answer
    if track is None:
        return None
    album, isrc, explicit = part(track, "album"), isrc_in(track), track.get("explicit")
    numbers = {
        "duration_ms": number(track, "duration_ms") or None,
        "explicit": float(explicit) if isinstance(explicit, bool) else None,
        "year": year_of(text(album, "release_date")),
    }
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        title=text(track, "name"),
        artists=artists_of(track),
        album=text(album, "name"),
        isrcs=(isrc,) if isrc else (),
        spotify_ids=(text(track, "id"),),
        features=valid(numbers),
    )


def features_in(answer: SourceAnswer, spotify_id: str) -> Facts | None:
    """Return the audio features of a track."""
    if answer.answer is None:
        return None
    values = {ours: number(answer.answer, theirs) for theirs, ours in FEATURES.items()}
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        spotify_ids=(spotify_id,),
        features=valid(values),
    )
