"""Who plays on a song: the credited artists as keys, main artist first."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from musicrec.domain.features import ARTISTS
from musicrec.taste.columns import ARTIST_SEPARATOR, artist_key, text_of

T = TypeVar("T")

Keys = tuple[str, ...]
"""The artists of a song."""

Credits = NDArray[np.object_]
"""One ``Keys`` a song, shape ``(n_songs,)``."""

Incidence = Any
"""Sparse matrix of songs by artists; scipy leaves its type open."""

GUEST_WEIGHT: Final = 0.5
"""A guest tells half as much about a song as its main artist."""


def credits_of(songs: pd.DataFrame) -> Credits:
    """Return every song's artists, each once; none where they are unknown."""
    if ARTISTS not in songs:
        return np.fromiter([()] * len(songs), dtype=object, count=len(songs))
    keys_of: dict[str, tuple[str, ...]] = {}
    names = text_of(songs, ARTISTS)
    for name in set(names):
        keys_of[name] = _keys(name)
    return np.fromiter((keys_of[name] for name in names), dtype=object, count=len(songs))


def for_each(look_up: Callable[[Keys], T], credits_: Credits) -> list[T]:
    """Return what ``look_up`` says about every song's artists; equal artists are asked about once.

    A catalogue has far fewer casts than songs.
    """
    found = {keys: look_up(keys) for keys in set(credits_.tolist())}
    return [found[keys] for keys in credits_.tolist()]


def incidence(credits_: Credits, artists: dict[str, int]) -> Incidence:
    """Return how much each known artist has to do with each song, songs by artists.

    Args:
        credits_: Of the songs.
        artists: Column by artist key; others are passed over.
    """
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for row, keys in enumerate(credits_):
        for place, key in enumerate(keys):
            column = artists.get(key)
            if column is not None:
                rows.append(row)
                columns.append(column)
                weights.append(GUEST_WEIGHT if place else 1.0)
    return csr_array((weights, (rows, columns)), shape=(len(credits_), len(artists)))


def _keys(names: str) -> tuple[str, ...]:
    keys = (artist_key(name) for name in names.split(ARTIST_SEPARATOR))
    return tuple(dict.fromkeys(key for key in keys if key))
