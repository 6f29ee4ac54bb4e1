"""A listener's best songs out of a whole snapshot, without asking their model about every one.

Three looks, each at fewer songs and each sharper than the one before: an additive copy of the model
at all songs (``discovery.rough``), boosted trees at the best fifteenth, the model itself at the
best fifty thousand. A snapshot that is not much larger than that is scored whole.
"""

# xgboost's types are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import xgboost
from numpy.typing import NDArray

from musicrec.catalogue.store.columns import GENRE_CODE
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.discovery.rough import Rough, fit_rough
from musicrec.discovery.scorer import ArtistShifts, Scorer, Taste
from musicrec.domain.features import FEATURE_NAMES, GENRE

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
_SECOND_LOOK_WITHIN: Final = 60_000
_THIRD_LOOK_WITHIN: Final = 4_000
_LESSONS: Final = 40_000
_CLOSE_TIMES: Final = 5
"""Songs with a place in the ranking that the second look lets through, times its length."""
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


@dataclass(frozen=True, eq=False, slots=True)
class Ranking:
    """Songs of one snapshot, best first.

    Attributes:
        rows: Shape ``(n,)``.
        p_like: By the model, guests beyond the second artist not counted, shape ``(n,)``.
    """

    rows: NDArray[np.uint32]
    p_like: NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class StandIn:
    """A copy of a model for looking at many songs.

    Attributes:
        look: The first, rough one.
        trees: The second, on top of the first.
    """

    look: "RoughLook"
    trees: xgboost.Booster

    def score(self, snapshot: Snapshot, rows: Rows) -> NDArray[np.float32]:
        """Return log odds of rows, about those of the model."""
        rough = self.look.score(snapshot, rows)
        songs = _matrix(snapshot, self.look.names, rows)
        return self.trees.inplace_predict(songs, base_margin=rough)


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
    rng = np.random.default_rng(seed)
    look = _rough_look(snapshot, scorer, taste, rng)
    survivors = _survivors(snapshot, look, rng)
    stand_in, closer = _closer_looks(snapshot, scorer, look, survivors, rng=rng, most=most)
    return best_of(scorer, np.sort(closer), most), stand_in


def rank_within(
    snapshot: Snapshot, taste: Taste, stand_in: StandIn | None, rows: Rows, *, most: int
) -> Ranking:
    """Find the best songs among some rows, for filters that the whole ranking says little about.

    Args:
        snapshot: Where.
        taste: Whose.
        stand_in: From ``rank``; without one the model scores every row.
        rows: Ascending.
        most: Songs in the ranking, few.
    """
    if stand_in is not None:
        rows = np.sort(_best(stand_in.look.score(snapshot, rows), rows, _SECOND_LOOK_WITHIN))
        rows = _best(stand_in.score(snapshot, rows), rows, _THIRD_LOOK_WITHIN)
    return best_of(Scorer(snapshot, taste), np.sort(rows), most)


def best_of(scorer: Scorer, rows: Rows, most: int) -> Ranking:
    """Rank rows by the model itself; equal ones in the snapshot's order."""
    p_like = scorer.p_like(rows)
    order = np.argsort(-p_like, kind="stable")[:most]
    return Ranking(rows[order].astype(np.uint32), p_like[order].astype(np.float32))


def _rough_look(
    snapshot: Snapshot, scorer: Scorer, taste: Taste, rng: np.random.Generator
) -> RoughLook:
    names = _names(taste)
    sample = np.sort(rng.choice(len(snapshot), _SAMPLE, replace=False))
    log_odds = scorer.log_odds(sample)
    # Where the model is undecided, nothing is cut off at its extremes.
    artists = scorer.artist_shifts(int(sample[np.abs(log_odds).argmin()]))
    of_artists = np.zeros(len(sample), dtype=np.float32)
    artists.add_to(of_artists, snapshot, sample)
    codes = {name: snapshot.columns[name][sample] for name in names}
    return RoughLook(names, fit_rough(codes, names, log_odds - of_artists), artists)


def _survivors(snapshot: Snapshot, look: RoughLook, rng: np.random.Generator) -> Rows:
    """Look at every song once and return those worth a second look, ascending."""
    share = max(_SHARE, _FEWEST / len(snapshot))
    some = np.sort(rng.choice(len(snapshot), _SAMPLE, replace=False))
    limit = np.quantile(look.score(snapshot, some), max(0.0, 1 - share))
    return np.concatenate(
        [
            np.flatnonzero(look.score(snapshot, slice(start, start + _CHUNK)) >= limit) + start
            for start in range(0, len(snapshot), _CHUNK)
        ]
    )


def _closer_looks(
    snapshot: Snapshot,
    scorer: Scorer,
    look: RoughLook,
    survivors: Rows,
    *,
    rng: np.random.Generator,
    most: int,
) -> tuple[StandIn, Rows]:
    """Fit trees where the rough look let songs through, more of them where the best ones lie."""
    lessons = rng.choice(survivors, min(_LESSONS, len(survivors)), replace=False)
    log_odds = scorer.log_odds(lessons)
    stand_in = StandIn(look, _fit_trees(snapshot, look, lessons, log_odds))
    close = _best(stand_in.score(snapshot, survivors), survivors, _CLOSE_TIMES * most)
    more = rng.choice(close, min(_LESSONS, len(close)), replace=False)
    lessons = np.concatenate([lessons[: _LESSONS // 4], more])
    log_odds = np.concatenate([log_odds[: _LESSONS // 4], scorer.log_odds(more)])
    stand_in = StandIn(look, _fit_trees(snapshot, look, lessons, log_odds, stand_in.trees))
    return stand_in, _best(stand_in.score(snapshot, close), close, most)


def _fit_trees(
    snapshot: Snapshot,
    look: RoughLook,
    rows: Rows,
    log_odds: Floats,
    onto: xgboost.Booster | None = None,
) -> xgboost.Booster:
    """Fit what the rough look, and trees that are there already, leave over."""
    songs = xgboost.QuantileDMatrix(
        _matrix(snapshot, look.names, rows),
        log_odds,
        base_margin=look.score(snapshot, rows),
        nthread=1,
        max_bin=_TREES["max_bin"],
    )
    return xgboost.train(_TREES, songs, _N_TREES, xgb_model=onto)


def _best(scores: NDArray[np.float32], rows: Rows, most: int) -> Rows:
    """Return the rows with the highest scores, in no order."""
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
