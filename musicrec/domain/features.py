"""The song table's columns: names, units and ranges that every part agrees on.

A *song table* is a data frame with one row a song and any subset of these columns. Numbers are
float64 and NaN where a source does not know the value.
"""

from types import MappingProxyType
from typing import Final

TRACK_ID: Final = "track_id"
TITLE: Final = "title"
ARTISTS: Final = "artists"
"""Every credited artist, main artist first, joined by ``"; "``."""
ALBUM: Final = "album"
GENRE: Final = "genre"
COUNTRY: Final = "country"
"""Where the main artist comes from, as ISO 3166-1 alpha-2 code (``"SE"``)."""
LIKED: Final = "liked"
"""The label: True for a like, False for a dislike."""
WEIGHT: Final = "weight"
"""How much the label counts, in (0, 1]: 1, as where it is missing, for what the listener said."""

FEATURE_RANGES: Final = MappingProxyType(
    {
        "danceability": (0.0, 1.0),
        "energy": (0.0, 1.0),
        "key": (0.0, 11.0),
        "loudness_db": (-100.0, 20.0),
        "mode": (0.0, 1.0),
        "speechiness": (0.0, 1.0),
        "acousticness": (0.0, 1.0),
        "instrumentalness": (0.0, 1.0),
        "liveness": (0.0, 1.0),
        "valence": (0.0, 1.0),
        "tempo_bpm": (1.0, 400.0),
        "time_signature": (1.0, 15.0),
        "duration_ms": (1.0, 86_400_000.0),
        "popularity": (0.0, 100.0),
        "explicit": (0.0, 1.0),
        "year": (1000.0, 2100.0),
    }
)
"""Valid range of every numeric column; a value outside is treated as missing.

Key is a pitch class, C = 0 to B = 11; mode is 1 for major, 0 for minor. Spotify writes 0 for a
tempo or a time signature and -1 for a key that it could not detect, hence the lower bounds.
Source of the meanings: Spotify's reference of audio features (2024).
"""

FEATURE_NAMES: Final = tuple(FEATURE_RANGES)
"""Every numeric column, in the order of every feature matrix."""

AUDIO_FEATURES: Final = FEATURE_NAMES[: FEATURE_NAMES.index("duration_ms")]
"""Those that tell how a song sounds."""

TEXT_COLUMNS: Final = (TRACK_ID, TITLE, ARTISTS, ALBUM, GENRE, COUNTRY)
SONG_COLUMNS: Final = (*TEXT_COLUMNS, *FEATURE_NAMES)
