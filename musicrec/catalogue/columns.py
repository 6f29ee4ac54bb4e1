"""Which column of somebody's file is which column of the song table."""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    GENRE,
    LIKED,
    TITLE,
    TRACK_ID,
    WEIGHT,
)

ISRC: Final = "isrc"
MBID: Final = "mbid"
DURATION: Final = "duration"
"""A length whose unit the name does not tell."""
DURATION_S: Final = "duration_s"
RELEASE_DATE: Final = "release_date"

_OTHER_NAMES: Final = MappingProxyType(
    {
        TRACK_ID: ("spotify_id", "spotify_track_id", "track_uri", "spotify_uri", "uri", "id"),
        ISRC: (),
        MBID: ("recording_mbid", "recordingmbid", "musicbrainz_id", "musicbrainz_recording_id"),
        TITLE: ("track_name", "song_title", "song_name", "track_title", "name", "track", "song"),
        ARTISTS: ("artist", "artist_name", "artist_names", "artist_name(s)", "track_artist"),
        ALBUM: ("album_name", "track_album_name"),
        GENRE: ("track_genre", "playlist_genre", "genres", "artist_genres"),
        COUNTRY: ("artist_country", "country_code"),
        LIKED: ("target", "label", "like"),
        WEIGHT: (),
        "loudness_db": ("loudness",),
        "tempo_bpm": ("tempo", "bpm"),
        "key": ("key_key",),
        "mode": ("key_scale",),
        "duration_ms": ("length_ms", "track_duration_ms"),
        DURATION_S: ("duration_seconds", "duration_sec", "length_s"),
        DURATION: ("length",),
        "popularity": ("track_popularity",),
        "year": ("release_year",),
        RELEASE_DATE: ("album_release_date", "track_album_release_date"),
    }
)
"""Names in use besides a column's own, best first."""

COLUMNS: Final = tuple(dict.fromkeys([*_OTHER_NAMES, *FEATURE_NAMES]))
"""Every column that a file may bring, helpers to make canonical ones of included."""

_DECORATION: Final = re.compile(r"[\W_]+")


def _bare(name: str) -> str:
    return _DECORATION.sub("", name.casefold())


def match_columns(names: Iterable[str]) -> dict[str, str]:
    """Find the columns that mean something, regardless of case, spaces and underscores.

    Args:
        names: The file's column names; unique.

    Returns:
        The file's name by the name in ``COLUMNS``. Where several would do, a column's own name
        comes before the other names in use, and those in their order.
    """
    by_bare_name: dict[str, str] = {}
    for name in names:
        by_bare_name.setdefault(_bare(name), name)
    matches: dict[str, str] = {}
    for column in COLUMNS:
        for name in (column, *_OTHER_NAMES.get(column, ())):
            if _bare(name) in by_bare_name:
                matches[column] = by_bare_name[_bare(name)]
                break
    return matches
