"""A copy of a model that looks at many songs: first roughly, then by boosted trees on top."""

# xgboost's types are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import xgboost
from numpy.typing import NDArray

from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.columns import GENRE_CODE
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.discovery.rough import Rough, fit_rough, tail_of
from musicrec.discovery.scorer import ArtistShifts, Scorer, Taste
from musicrec.domain.features import FEATURE_NAMES, GENRE

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

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
_N_UNDECIDED: Final = 8
"""Songs with which the model is asked about values that no sampled song has."""


@dataclass(frozen=True, eq=False, slots=True)
class RoughLook:
    """An additive copy of a model, artists included.

    Attributes:
        names: Columns that it reads.
        rough: From their codes to log odds.
        artists: What artists add.
    """

    names: tuple[str, ...]
    rough: Rough
    artists: ArtistShifts

    def score(self, snapshot: Snapshot, rows: slice | Rows) -> NDArray[np.float32]:
        """Return rough log odds of rows."""
        scores = self.rough.score(_columns(snapshot, self.names), rows)
        self.artists.add_to(scores, snapshot, rows)
        return scores


@dataclass(frozen=True, eq=False, slots=True)
class StandIn:
    """A copy of a model for looking at many songs.

    Attributes:
        look: The first, rough one.
        trees: The second, on top of the first.
    """

    look: RoughLook
    trees: xgboost.Booster

    def score(
        self, snapshot: Snapshot, rows: Rows, rough: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Return log odds of rows, about those of the model; ``rough`` ones may be known."""
        songs = _matrix(snapshot, self.look.names, rows)
        margin = self.look.score(snapshot, rows) if rough is None else rough
        return self.trees.inplace_predict(songs, base_margin=margin)


def fit_look(snapshot: Snapshot, scorer: Scorer, taste: Taste, sample: Rows) -> RoughLook:
    """Fit the rough look to what the model says about a sample."""
    names = _names(taste)
    log_odds = scorer.log_odds(sample)
    # Where the model is undecided, nothing is cut off at its extremes.
    undecided = sample[np.argsort(np.abs(log_odds), kind="stable")[:_N_UNDECIDED]]
    artists = scorer.artist_shifts(int(undecided[0]))
    of_artists = np.zeros(len(sample), dtype=np.float32)
    artists.add_to(of_artists, snapshot, sample)
    codes = {name: snapshot.columns[name][sample] for name in names}
    tails = {
        name: tail_of(name, codes[name], partial(scorer.log_odds_with, undecided, name))
        for name in names
        if name in SCALES
    }
    return RoughLook(names, fit_rough(codes, names, log_odds - of_artists, tails), artists)


def fit_stand_in(
    snapshot: Snapshot,
    look: RoughLook,
    lessons: Rows,
    log_odds: Floats,
    onto: xgboost.Booster | None = None,
) -> StandIn:
    """Fit trees to what the rough look, and trees that are there already, leave over.

    Args:
        snapshot: Where.
        look: The rough look.
        lessons: Rows to learn from.
        log_odds: Of the lessons by the model.
        onto: Trees to go on from; they stay as they are.
    """
    songs = xgboost.QuantileDMatrix(
        _matrix(snapshot, look.names, lessons),
        log_odds,
        base_margin=look.score(snapshot, lessons),
        nthread=1,
        max_bin=_TREES["max_bin"],
    )
    return StandIn(look, xgboost.train(_TREES, songs, _N_TREES, xgb_model=onto))


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
