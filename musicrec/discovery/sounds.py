"""Songs as points: how alike they sound, with keys and tempos as ears have them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _plain(values: Floats) -> Floats:
    return values


AXES: Final[Mapping[str, Callable[[Floats], Floats]]] = MappingProxyType(
    {
        "danceability": _plain,
        "energy": _plain,
        "loudness_db": _plain,
        "valence": _plain,
        # Shares that crowd near 0.
        "speechiness": np.sqrt,
        "acousticness": np.sqrt,
        "instrumentalness": np.sqrt,
        "liveness": np.sqrt,
        # Ratios are what the ear hears in tempos.
        "tempo_bpm": np.log2,
    }
)
"""What is compared along a straight line."""

_TEMPO_WEIGHT: Final = 0.7
_KEY_WEIGHT: Final = 0.5
_MAD_TO_SD: Final = 1.4826
"""Of a normal distribution, the standard deviation over the median absolute deviation."""
_TAIL: Final = 0.7
"""Share of the plain standard deviation that counts at least: of a share that crowds near 0, such
as that of speech, half of the songs lie so close that any other would seem far away."""
_LEAST_SPREAD: Final = 1e-9
_SEMITONES: Final = 12
_FIFTH: Final = 7
_RELATIVE_MINOR: Final = 3


@dataclass(frozen=True)
class Measured:
    """How far songs lie from the middle of their list.

    Attributes:
        names: Axes that vary in the list.
        distances: In robust standard deviations, NaN where unknown, shape ``(n_songs, n_axes)``.
    """

    names: tuple[str, ...]
    distances: Floats


def measured(table: pd.DataFrame, heard: NDArray[np.bool_]) -> Measured:
    """Measure every song of a table against the median and the spread of those ``heard``."""
    names: list[str] = []
    columns: list[Floats] = []
    for name, scale in AXES.items():
        if name not in table:
            continue
        values = scale(table[name].to_numpy(dtype=np.float64, na_value=np.nan))
        known = values[heard & np.isfinite(values)]
        if not len(known):
            continue
        middle = float(np.median(known))
        near = _MAD_TO_SD * float(np.median(np.abs(known - middle)))
        spread = max(near, _TAIL * float(known.std()))
        if spread > _LEAST_SPREAD:
            names.append(name)
            columns.append((values - middle) / spread)
    return Measured(
        tuple(names), np.column_stack(columns) if columns else np.empty((len(table), 0))
    )


def points(table: pd.DataFrame) -> Floats:
    """Place songs so that near ones follow each other well, shape ``(n_songs, n_axes)``.

    Features are standardised over the table; unknown ones lie in the middle. The tempo is a circle
    on which a tempo and its double are the same place, the key a circle of fifths on which a minor
    key lies where its relative major does.
    """
    straight = [
        _standardised(AXES[name](table[name].to_numpy(dtype=np.float64, na_value=np.nan)))
        for name in AXES
        if name in table and name != "tempo_bpm"
    ]
    circles = [
        *_circle(_tempo_turns(table), _TEMPO_WEIGHT),
        *_circle(_key_turns(table), _KEY_WEIGHT),
    ]
    return np.column_stack([*straight, *circles])


def apart(one: Floats, others: Floats) -> Floats:
    """Return the distances between a point and others, shape ``(n_others,)``."""
    return np.sqrt(((others - one) ** 2).sum(axis=1))


def _standardised(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    if not len(known) or known.std() < _LEAST_SPREAD:
        return np.zeros(len(values))
    return np.nan_to_num((values - known.mean()) / known.std(), nan=0.0)


def _tempo_turns(table: pd.DataFrame) -> Floats:
    return np.log2(_column(table, "tempo_bpm"))


def _key_turns(table: pd.DataFrame) -> Floats:
    keys, modes = _column(table, "key"), _column(table, "mode")
    majors = np.where(modes == 0, keys + _RELATIVE_MINOR, keys)
    return (majors * _FIFTH % _SEMITONES) / _SEMITONES


def _circle(turns: Floats, weight: float) -> tuple[Floats, Floats]:
    angle = 2 * np.pi * turns
    return (
        weight * np.nan_to_num(np.cos(angle), nan=0.0),
        weight * np.nan_to_num(np.sin(angle), nan=0.0),
    )


def _column(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype=np.float64, na_value=np.nan)
