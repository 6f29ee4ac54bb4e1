"""A listener's best songs out of a whole snapshot, without asking their model about every one.

Three looks, each at fewer songs and each sharper than the one before: an additive copy of the model
at all songs (``discovery.rough``), boosted trees at the best fifteenth, the model itself at the
best fifty thousand. Songs by artists whom the model knows are looked at by the model too, however
they sound. A snapshot that is not much larger than that is scored whole.
"""

# xgboost's types are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
import xgboost
from numpy.typing import NDArray
from scipy.special import logit

from musicrec.catalogue.store.columns import ARTIST_HASH, GENRE_CODE, GUEST_HASH
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.writer import artist_hashes
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.discovery.rough import Rough, fit_rough
from musicrec.domain.features import ARTISTS, FEATURE_NAMES, GENRE

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

KEPT: Final = 50_000
"""Songs that the model itself scores."""
SCORED_WHOLE: Final = 150_000
"""Up to here a snapshot is scored whole; the three looks would cost as much."""

_SAMPLE: Final = 60_000
_SHARE: Final = 1 / 15
_FEWEST: Final = 400_000
"""Songs for the second look, at least."""
_LESSONS: Final = 40_000
_MOST_BY_KNOWN: Final = 20_000
_CHUNK: Final = 1 << 18
_TREES: Final = {
    "objective": "reg:squarederror",
    "max_depth": 6,
    "eta": 0.25,
    "reg_lambda": 1,
    "max_bin": 256,
    "base_score": 0.0,
    "nthread": 1,
}
_N_TREES: Final = 40
_SURE: Final = 1e-12
_NOBODY: Final = "?"
"""Stands for an artist whom the model does not know."""


class Taste(Protocol):
    """What is asked of a model."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Columns that it sees."""
        ...

    @property
    def artists(self) -> tuple[str, ...]:
        """Artists about whom it has an opinion."""
        ...

    def predict(self, songs: pd.DataFrame) -> Floats:
        """Return the probability of a like for every song."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Ranking:
    """Songs of one snapshot, best first.

    Attributes:
        rows: Shape ``(n,)``.
        p_like: By the model, guests beyond the second artist not counted, shape ``(n,)``.
    """

    rows: NDArray[np.uint32]
    p_like: NDArray[np.float32]


class Scorer:
    """A model that reads songs from a snapshot's columns, without their texts."""

    def __init__(self, snapshot: Snapshot, taste: Taste) -> None:
        self._snapshot = snapshot
        self._taste = taste
        hashes = artist_hashes(pd.Series(taste.artists, dtype="str"))
        order = np.argsort(hashes)
        self.known = hashes[order]
        self._names = np.array([*np.array(taste.artists, dtype=object)[order], _NOBODY], object)

    def p_like(self, rows: Rows) -> Floats:
        """Return the probability of a like for every row."""
        if not len(rows):
            return np.empty(0)
        parts = range(0, len(rows), _CHUNK)
        return np.concatenate([self._part(rows[start : start + _CHUNK]) for start in parts])

    def log_odds(self, rows: Rows) -> Floats:
        """Return finite log odds of a like for every row."""
        return logit(np.clip(self.p_like(rows), _SURE, 1 - _SURE))

    def by_known_artists(self) -> Rows:
        """Return the rows of songs whose first or second artist the model knows."""
        likely = np.zeros(1 << 16, dtype=bool)
        likely[self.known & 0xFFFF] = True
        found = [self._known_in(start, likely) for start in range(0, len(self._snapshot), _CHUNK)]
        return np.concatenate(found) if found else np.empty(0, np.intp)

    def _known_in(self, start: int, likely: NDArray[np.bool_]) -> Rows:
        columns = self._snapshot.columns
        part = slice(start, start + _CHUNK)
        artists, guests = columns[ARTIST_HASH][part], columns[GUEST_HASH][part]
        # A table of the lower bits sorts out nearly everybody before the search.
        rows = np.flatnonzero(likely[artists & 0xFFFF] | likely[guests & 0xFFFF])
        known = (self._place(artists[rows]) >= 0) | (self._place(guests[rows]) >= 0)
        return rows[known] + start

    def _part(self, rows: Rows) -> Floats:
        songs = self._snapshot.features(rows)
        if len(self.known):
            columns = self._snapshot.columns
            main = self._names[self._place(columns[ARTIST_HASH][rows])]
            guest = self._names[self._place(columns[GUEST_HASH][rows])]
            songs[ARTISTS] = main + ARTIST_SEPARATOR + guest
        return self._taste.predict(songs)

    def _place(self, hashes: NDArray[np.uint32]) -> NDArray[np.intp]:
        """Return the place among the known artists, -1 for others."""
        if not len(self.known):
            return np.full(len(hashes), -1)
        place = np.minimum(np.searchsorted(self.known, hashes), len(self.known) - 1)
        return np.where(self.known[place] == hashes, place, -1)


@dataclass(frozen=True, eq=False, slots=True)
class StandIn:
    """A copy of a model for looking at many songs.

    Attributes:
        names: Columns that it reads.
        rough: The first look.
        trees: The second, on top of the first.
    """

    names: tuple[str, ...]
    rough: Rough
    trees: xgboost.Booster

    def score(self, snapshot: Snapshot, rows: Rows) -> NDArray[np.float32]:
        """Return log odds of rows, about those of the model."""
        rough = self.rough.score(_columns(snapshot, self.names), rows)
        return self.trees.inplace_predict(_matrix(snapshot, self.names, rows), base_margin=rough)


def rank(
    snapshot: Snapshot, taste: Taste, *, most: int = KEPT, seed: int = 0
) -> tuple[Ranking, StandIn | None]:
    """Find the songs with the highest probability of a like.

    Args:
        snapshot: Where.
        taste: Whose.
        most: Songs in the ranking.
        seed: Decides what is sampled.

    Returns:
        The ranking, and the stand-in for looking further; None where everything was scored.
    """
    scorer = Scorer(snapshot, taste)
    if len(snapshot) <= SCORED_WHOLE:
        return best_of(scorer, np.arange(len(snapshot)), most), None
    stand_in, survivors = _scan(snapshot, scorer, taste, np.random.default_rng(seed))
    closer = _best(stand_in.score(snapshot, survivors), survivors, most)
    by_known = _best_few(snapshot, stand_in, scorer.by_known_artists())
    return best_of(scorer, np.union1d(closer, by_known), most), stand_in


def best_of(scorer: Scorer, rows: Rows, most: int) -> Ranking:
    """Rank rows by the model itself; equal ones in the snapshot's order."""
    p_like = scorer.p_like(rows)
    order = np.argsort(-p_like, kind="stable")[:most]
    return Ranking(rows[order].astype(np.uint32), p_like[order].astype(np.float32))


def _scan(
    snapshot: Snapshot, scorer: Scorer, taste: Taste, rng: np.random.Generator
) -> tuple[StandIn, Rows]:
    """Fit a stand-in, look at every song once, and return those worth a second look."""
    names = _names(taste)
    columns = _columns(snapshot, names)
    sample = np.sort(rng.choice(len(snapshot), _SAMPLE, replace=False))
    rough = fit_rough(
        {name: columns[name][sample] for name in names}, names, scorer.log_odds(sample)
    )
    share = max(_SHARE, _FEWEST / len(snapshot))
    limit = np.float32(np.quantile(rough.score(columns, sample), max(0.0, 1 - share)))
    survivors = np.concatenate(
        [
            np.flatnonzero(rough.score(columns, slice(start, start + _CHUNK)) >= limit) + start
            for start in range(0, len(snapshot), _CHUNK)
        ]
    )
    lessons = np.sort(rng.choice(survivors, min(_LESSONS, len(survivors)), replace=False))
    trees = _fit_trees(snapshot, names, rough, lessons, scorer.log_odds(lessons))
    return StandIn(names, rough, trees), survivors


def _fit_trees(
    snapshot: Snapshot, names: Sequence[str], rough: Rough, rows: Rows, log_odds: Floats
) -> xgboost.Booster:
    """Fit what the rough copy leaves over among the songs that it let through."""
    start = rough.score(_columns(snapshot, names), rows)
    songs = xgboost.QuantileDMatrix(
        _matrix(snapshot, names, rows),
        log_odds,
        base_margin=start,
        nthread=1,
        max_bin=_TREES["max_bin"],
    )
    return xgboost.train(_TREES, songs, _N_TREES)


def _best_few(snapshot: Snapshot, stand_in: StandIn, rows: Rows) -> Rows:
    return _best(stand_in.score(snapshot, rows), rows, _MOST_BY_KNOWN) if len(rows) else rows


def _best(scores: NDArray[np.float32], rows: Rows, most: int) -> Rows:
    if len(rows) <= most:
        return rows
    return rows[np.argpartition(-scores, most)[:most]]


def _names(taste: Taste) -> tuple[str, ...]:
    seen = taste.feature_names
    numbers = [name for name in FEATURE_NAMES if name in seen]
    # A model that sees nothing still needs a column to be constant on.
    return (*numbers, GENRE_CODE) if GENRE in seen or not numbers else tuple(numbers)


def _columns(snapshot: Snapshot, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    return {name: snapshot.columns[name] for name in names}


def _matrix(snapshot: Snapshot, names: Sequence[str], rows: Rows) -> NDArray[np.float32]:
    """Return codes as they are: trees only care for their order."""
    return np.column_stack([snapshot.columns[name][rows].astype(np.float32) for name in names])
