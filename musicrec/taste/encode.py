"""Turn songs into the numbers that models see; the same code for training and for scoring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import FEATURE_NAMES, GENRE
from musicrec.taste.credits import Credits, credits_of

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]
Rows = NDArray[np.intp]

MAX_GENRES: Final = 50
"""One column a genre; the tail of rarer ones carries no lesson."""

MIN_SONGS_OF_GENRE: Final = 2
"""A genre that was labelled once would only single out that one song."""

_RESHAPE: Final[Mapping[str, Callable[[Floats], Floats]]] = MappingProxyType(
    {
        # Ratios are what the ear hears in lengths and tempos.
        "duration_ms": np.log,
        "tempo_bpm": np.log2,
        # Shares that crowd near 0: the root spreads them out for models that measure distances.
        "speechiness": np.sqrt,
        "acousticness": np.sqrt,
        "instrumentalness": np.sqrt,
        "liveness": np.sqrt,
    }
)

_BLURRING: Final = frozenset({"key", "mode", "time_signature"})
"""They hardly matter to anybody's liking: in a distance they are mostly noise. Trees see them."""


@dataclass(frozen=True, eq=False, slots=True)
class Encoded:
    """Songs as models see them.

    Attributes:
        features: Shape ``(n_songs, n_columns)``, NaN where unknown.
        credits: The artists, for the blend alone.
        telling: Columns that tell songs apart by ear, for models of distances; None means all.
    """

    features: Floats
    credits: Credits
    telling: Rows | None = None

    def rows(self, rows: Rows) -> "Encoded":
        """Return some of the songs."""
        return Encoded(self.features[rows], self.credits[rows], self.telling)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Which columns of a cleaned song table a model sees, fitted on its training songs.

    Attributes:
        numbers: Numeric features that vary among the training songs.
        genres: Genres with a column of their own, most frequent first.
    """

    numbers: tuple[str, ...]
    genres: tuple[str, ...]

    @classmethod
    def of(cls, songs: pd.DataFrame) -> Self:
        """Choose the columns; constant and all-missing ones are left out.

        Args:
            songs: Training songs from ``clean_features``.
        """
        present = [name for name in FEATURE_NAMES if name in songs]
        return cls(
            numbers=tuple(name for name in present if _varies(songs[name].to_numpy())),
            genres=_frequent_genres(songs),
        )

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The song table's columns that are used, genre last."""
        return (*self.numbers, GENRE) if self.genres else self.numbers

    def matrix(self, songs: pd.DataFrame) -> Floats:
        """Encode songs from ``clean_features``, shape ``(n_songs, n_columns)``, NaN where unknown.

        The key takes two columns, the others one; a genre column is 1.0 or 0.0, so an unknown
        genre is no genre. There is always at least one column.
        """
        columns: list[Floats] = []
        for name in self.numbers:
            columns.extend(_encode_number(songs, name))
        columns.extend(_encode_genres(songs, self.genres))
        return np.column_stack(columns) if columns else np.zeros((len(songs), 1))

    def encode(self, songs: pd.DataFrame) -> Encoded:
        """Encode cleaned songs with their artists, where there is such a column."""
        return Encoded(self.matrix(songs), credits_of(songs), self.telling)

    @property
    def telling(self) -> Rows | None:
        """Columns of the matrix without key, mode and metre; None where there are no others."""
        blurring = [name in _BLURRING for name in self.numbers for _ in range(_width(name))]
        columns = np.flatnonzero(~np.array([*blurring, *(False for _ in self.genres)], bool))
        return columns if len(columns) else None

    def to_json(self) -> dict[str, Any]:
        """Return plain lists; ``from_json`` reverses it."""
        return {"numbers": list(self.numbers), "genres": list(self.genres)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild an encoding from ``to_json``.

        Raises:
            KeyError, TypeError: The data is not an encoding.
        """
        return cls(numbers=tuple(data["numbers"]), genres=tuple(data["genres"]))


def _varies(values: Floats) -> bool:
    known = values[~np.isnan(values)]
    return len(known) > 0 and bool((known != known[0]).any())


def _frequent_genres(songs: pd.DataFrame) -> tuple[str, ...]:
    if GENRE not in songs:
        return ()
    counts = songs.loc[songs[GENRE] != "", GENRE].value_counts()
    frequent = counts[(counts >= MIN_SONGS_OF_GENRE) & (counts < len(songs))]
    ranked = sorted(frequent.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return tuple(str(genre) for genre, _ in ranked[:MAX_GENRES])


def _width(name: str) -> int:
    """Return how many columns a feature takes."""
    return 2 if name == "key" else 1


def _encode_number(songs: pd.DataFrame, name: str) -> list[Floats]:
    if name not in songs:
        unknown = np.full(len(songs), np.nan)
        return [unknown, unknown] if name == "key" else [unknown]
    values = songs[name].to_numpy(dtype=np.float64)
    if name == "key":
        # On the circle of fifths neighbours share all but one note; one fifth is 7 semitones.
        angle = 2 * np.pi * (7 * values % 12) / 12
        return [np.sin(angle), np.cos(angle)]
    reshape = _RESHAPE.get(name)
    return [values if reshape is None else reshape(values)]


def _encode_genres(songs: pd.DataFrame, genres: tuple[str, ...]) -> list[Floats]:
    if GENRE not in songs:
        return [np.zeros(len(songs)) for _ in genres]
    column = songs[GENRE].to_numpy(dtype=object)
    return [(column == genre).astype(np.float64) for genre in genres]
