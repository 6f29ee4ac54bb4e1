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

_MOST_PLACED: Final = 50_000
"""Songs whose points are kept in memory, some 150 bytes each."""

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
class _Likeness:
    """Columns that vary, their medians and standard deviations, and genres with an axis."""

    names: tuple[str, ...]
    centres: Floats
    spreads: Floats
    genres: tuple[str, ...]

    @classmethod
    def of(cls, clean: pd.DataFrame) -> Self:
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


@dataclass(frozen=True)
class SongMap:
    """A catalogue's songs as points, every axis spreading alike.

    Attributes:
        genres: Shape ``(n_songs,)``, numbers that stand for genres; -1 where unknown.
    """

    genres: NDArray[np.intp]
    _songs: pd.DataFrame
    _likeness: _Likeness
    _points: Floats | None

    @classmethod
    def of(cls, songs: pd.DataFrame, *, among: pd.DataFrame | None = None) -> Self:
        """Measure a song table; a small one is placed at once, a large one song by song.

        Args:
            songs: To be placed.
            among: Songs whose spread counts; None for that of ``songs``.
        """
        likeness = _Likeness.of(clean_features(_sample(songs if among is None else among)))
        genres = songs[GENRE] if GENRE in songs else pd.Series([None] * len(songs), dtype=object)
        return cls(
            genres=np.asarray(pd.factorize(genres.to_numpy(dtype=object))[0], dtype=np.intp),
            _songs=songs,
            _likeness=likeness,
            _points=likeness.points(songs) if len(songs) <= _MOST_PLACED else None,
        )

    def __len__(self) -> int:
        """Number of songs."""
        return len(self._songs)

    def points(self, rows: NDArray[np.intp]) -> Floats:
        """Place songs, shape ``(n_rows, n_axes)``; the mean squared distance of two is about 2.5.

        Unknown numbers are NaN, with 0 in the middle of every axis; an unknown genre is no genre.
        """
        if self._points is not None:
            return self._points[rows]
        return self._likeness.points(self._songs.iloc[rows])


def _sample(songs: pd.DataFrame) -> pd.DataFrame:
    if len(songs) <= _MOST_MEASURED:
        return songs
    rng = np.random.default_rng(0)
    return songs.iloc[rng.choice(len(songs), _MOST_MEASURED, replace=False)]


def _axis(clean: pd.DataFrame, name: str) -> Floats:
    if name not in clean:
        return np.full(len(clean), np.nan)
    return _AXES[name](clean[name].to_numpy(dtype=np.float64))


def _genres(clean: pd.DataFrame) -> tuple[str, ...]:
    if GENRE not in clean:
        return ()
    counts = clean.loc[clean[GENRE] != "", GENRE].value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return tuple(sorted(str(genre) for genre, _ in ranked[:_MOST_GENRES]))
