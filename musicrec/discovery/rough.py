"""A rough copy of a taste that scores tens of millions of songs in a second.

It is additive: one table a column, looked up by the code that the column's file holds. It decides
nothing but which songs are worth a closer look.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.columns import TYPES

Floats = NDArray[np.float64]
Codes = Mapping[str, NDArray[Any]]
"""Columns of a snapshot, or parts of them, by name."""

_BINS: Final = 64
_ROUNDS: Final = 6
_DOUBT: Final = 60.0
"""Songs that a bin must outweigh before its own mean counts as much as the curve's."""
_RIDGE: Final = 1e-3
_ASKED: Final = 17
"""Values beyond each end of the sample about which the model is asked."""


@dataclass(frozen=True, eq=False, slots=True)
class Rough:
    """Log odds as a sum over columns.

    Attributes:
        start: Log odds of a song that is usual in everything.
        tables: What each code adds, by column, float32.
    """

    start: float
    tables: Mapping[str, NDArray[np.float32]]

    def score(self, codes: Codes, songs: slice | NDArray[np.intp]) -> NDArray[np.float32]:
        """Return rough log odds of some of the songs."""
        names = list(self.tables)
        total = self.tables[names[0]].take(codes[names[0]][songs])
        total += np.float32(self.start)
        for name in names[1:]:
            total += self.tables[name].take(codes[name][songs])
        return total


def fit_rough(
    codes: Codes, names: Sequence[str], log_odds: Floats, tails: Mapping[str, Floats]
) -> Rough:
    """Fit to what the true model says about a sample.

    A parabola a column carries the ends, where the sample is thin; bins on top of it follow every
    other shape. Both are fitted to what the other columns leave over. Beyond the sample there are
    tails: one song in a million may be the best one for a value that no sampled song has.

    Args:
        codes: Of the sample, equally long columns.
        names: Columns to use, at least one.
        log_odds: Of the sample by the true model.
        tails: From ``tail_of``, by column.

    Source:
        Backfitting of an additive model, Hastie & Tibshirani (1990), section 4.4.
    """
    curves = {name: _curve(name, codes[name]) for name in names}
    design = np.column_stack([curve[codes[name]] for name, curve in curves.items()])
    centre = design.mean(axis=0)
    weights = _ridge(design - centre, log_odds - log_odds.mean())
    start = float(log_odds.mean() - centre @ weights)
    tables: dict[str, Floats] = {}
    used = 0
    for name, curve in curves.items():
        tables[name] = curve @ weights[used : used + curve.shape[1]]
        used += curve.shape[1]
    _add_bins(tables, codes, log_odds - start)
    for name, tail in tails.items():
        tables[name] = tables[name] + tail
    return Rough(start, {name: table.astype(np.float32) for name, table in tables.items()})


def tail_of(name: str, codes: NDArray[Any], log_odds_at: Callable[[Floats], Floats]) -> Floats:
    """Return what each code beyond the sample adds to the code at the sample's end.

    Args:
        name: Of the column.
        codes: Of the sample.
        log_odds_at: Asks the true model about some songs with other values in the column; returns
            shape ``(n_songs, n_values)``.
    """
    values, known = _values(name, codes)
    tail: Floats = np.zeros(len(values))
    if not len(known):
        return tail
    usable = np.flatnonzero(~np.isnan(values))
    sampled = codes[codes != SCALES[name].unknown]
    for end, outermost in ((sampled.min(), usable[0]), (sampled.max(), usable[-1])):
        asked = np.unique(np.linspace(int(end), int(outermost), _ASKED).astype(np.intp))
        log_odds = log_odds_at(values[asked])
        beyond: Floats = (log_odds - log_odds[:, asked == end]).mean(axis=0)
        tail += np.interp(np.arange(len(values)), asked, beyond)
    tail[SCALES[name].unknown] = 0.0
    return tail


def _add_bins(tables: dict[str, Floats], codes: Codes, wanted: Floats) -> None:
    """Let every column's bins take up what is left over, in turns."""
    bins = {name: _bins(name, codes[name]) for name in tables}
    names = tuple(tables)
    left = wanted - sum(table[codes[name]] for name, table in tables.items())
    for _ in range(_ROUNDS):
        for name in names:
            bin_of_song = bins[name][codes[name]]
            n_bins = int(bins[name].max()) + 1
            sums = np.bincount(bin_of_song, weights=left, minlength=n_bins)
            gain = sums / (np.bincount(bin_of_song, minlength=n_bins) + _DOUBT)
            tables[name] = tables[name] + gain[bins[name]]
            left -= gain[bin_of_song]


def _curve(name: str, codes: NDArray[Any]) -> Floats:
    """Return standardised value and its square by code; nothing for names and for the unknown."""
    n_codes = np.iinfo(TYPES[name]).max + 1
    if name not in SCALES:
        return np.zeros((n_codes, 0))
    values, known = _values(name, codes)
    if not len(known) or known.min() == known.max():
        return np.zeros((n_codes, 0))
    within = np.clip(values, known.min(), known.max())
    standardised = np.nan_to_num((within - known.mean()) / known.std())
    return np.column_stack([standardised, standardised**2])


def _values(name: str, codes: NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the value of every code, NaN for unknown, and the known values of a sample."""
    n_codes = np.iinfo(TYPES[name]).max + 1
    values: Floats = SCALES[name].decode(np.arange(n_codes, dtype=SCALES[name].dtype))
    sample: Floats = values[codes]
    return values, sample[~np.isnan(sample)]


def _bins(name: str, codes: NDArray[Any]) -> NDArray[np.intp]:
    """Return the bin of every code: of equally many songs, or a bin a code where they are names."""
    every = np.arange(np.iinfo(TYPES[name]).max + 1)
    if name not in SCALES:
        return every
    unknown = SCALES[name].unknown
    known = codes[codes != unknown]
    inner = np.linspace(0, 1, _BINS + 1)[1:-1]
    edges = np.unique(np.quantile(known, inner)) if len(known) else np.empty(0)
    bins = np.searchsorted(edges, every, side="right")
    bins[unknown] = len(edges) + 1
    return bins


def _ridge(design: Floats, target: Floats) -> Floats:
    penalty = _RIDGE * len(target) * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(design.T @ design + penalty, design.T @ target), np.float64)
