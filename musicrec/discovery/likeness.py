"""How alike songs sound, before anybody's taste is known: songs as points in a space."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import GENRE
from musicrec.taste.columns import clean_features

Floats = NDArray[np.float64]

_MOST_MEASURED: Final = 5_000
"""Songs whose spread stands for the whole catalogue's."""

_MOST_GENRES: Final = 50

_GENRE: Final = 0.55
"""Where a genre's own axis is 1: two genres are 0.6 apart, squared, two random songs some 2.5."""


def _as_it_is(values: Floats) -> Floats:
    return values


_AXES: Final[Mapping[str, Callable[[Floats], Floats]]] = MappingProxyType(
    {
        "danceability": _as_it_is,
        "energy": _as_it_is,
        "loudness_db": _as_it_is,
        "valence": _as_it_is,
        "popularity": _as_it_is,
        "year": _as_it_is,
        "explicit": _as_it_is,
        # Shares that crowd near 0.
        "speechiness": np.sqrt,
        "acousticness": np.sqrt,
        "instrumentalness": np.sqrt,
        "liveness": np.sqrt,
        # Ratios are what the ear hears in lengths and tempos.
        "tempo_bpm": np.log2,
        "duration_ms": np.log,
    }
)
"""What tells songs apart. Key, mode and time signature hardly matter to anybody's liking; as axes
of a distance they would only blur it."""


@dataclass(frozen=True)
class Likeness:
    """A space in which every axis spreads alike, fitted on a catalogue.

    Attributes:
        names: Columns that vary.
        centres: Their medians after the axis's reshaping.
        spreads: Their standard deviations, above 0.
        genres: Genres with an axis of their own.
    """

    names: tuple[str, ...]
    centres: Floats
    spreads: Floats
    genres: tuple[str, ...]

    @classmethod
    def of(cls, songs: pd.DataFrame) -> Self:
        """Measure a song table; of a large one, evenly spaced rows."""
        step = -(-len(songs) // _MOST_MEASURED)
        clean = clean_features(songs.iloc[:: max(1, step)])
        names: list[str] = []
        centres: list[float] = []
        spreads: list[float] = []
        for name in _AXES:
            values = _axis(clean, name)
            known = values[np.isfinite(values)]
            if len(known) and known.std() > 0:
                names.append(name)
                centres.append(float(np.median(known)))
                spreads.append(float(known.std()))
        return cls(tuple(names), np.array(centres), np.array(spreads), _genres(clean))

    def points(self, songs: pd.DataFrame) -> Floats:
        """Place songs, shape ``(n_songs, n_axes)``; the mean squared distance of two is about 2.5.

        Unknown numbers are NaN, with 0 in the middle of every axis; an unknown genre is no genre.
        """
        clean = clean_features(songs)
        values = np.zeros((len(songs), len(self.names) + len(self.genres)))
        widths = self.spreads * np.sqrt(len(self.names))
        for column, name in enumerate(self.names):
            values[:, column] = (_axis(clean, name) - self.centres[column]) / widths[column]
        if self.genres and GENRE in clean:
            genre = clean[GENRE].to_numpy(dtype=object)
            is_genre = genre[:, None] == np.array(self.genres, dtype=object)
            values[:, len(self.names) :] = _GENRE * is_genre
        return values


def _axis(clean: pd.DataFrame, name: str) -> Floats:
    if name not in clean:
        return np.full(len(clean), np.nan)
    return _AXES[name](clean[name].to_numpy(dtype=np.float64))


def _genres(clean: pd.DataFrame) -> tuple[str, ...]:
    if GENRE not in clean:
        return ()
    counts = clean.loc[clean[GENRE] != "", GENRE].value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return tuple(str(genre) for genre, _ in ranked[:_MOST_GENRES])
