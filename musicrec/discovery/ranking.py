"""A listener's best songs out of a whole snapshot, without asking their model about every one.

Three looks, each at fewer songs and each sharper than the one before: an additive copy of the model
at all songs, boosted trees at the best fifteenth, the model itself at the best hundred thousand. A
snapshot that is not much larger than that is scored whole.

``plan`` learns from samples how to look, ``look`` goes through a part of the snapshot, ``finish``
ranks what was found in all parts. Whoever goes through the parts in turn, as ``rank`` does, or on
many machines finds the same songs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.discovery.scorer import Scorer, Taste
from musicrec.discovery.stand_in import StandIn, fit_look, fit_stand_in

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

KEPT: Final = 50_000
"""Songs in a ranking."""
SCORED_WHOLE: Final = 150_000
"""Up to here a snapshot is scored whole; the three looks would cost as much."""

_SAMPLE: Final = 60_000
_SHARE: Final = 1 / 15
_FEWEST: Final = 400_000
"""Songs for the second look, at least."""
_SECOND_LOOK_SHARE: Final = 3
"""Of songs that meet a filter one in so many gets a second look; no fewer, and no more than:"""
_SECOND_LOOK_WITHIN: Final = (8_000, 60_000)
_FEWEST_OF_THIRD_LOOK: Final = 1_000
"""Songs that the model itself scores for a filtered ranking, however short it is."""
_LESSONS: Final = 40_000
_SCORED_TIMES: Final = 2
"""Songs with a place in the ranking that the model itself scores, times its length."""
_CLOSE_TIMES: Final = 5
"""Songs with a place in the ranking that the second look lets through, times its length."""
_MARGIN: Final = 1.25
"""What is let through before all parts are known, for the estimate of the limit may be wrong."""
_CHUNK: Final = 1 << 16
_MOST_PARTS: Final = 64


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
class Plan:
    """How to look through a snapshot.

    Attributes:
        stand_in: Looks.
        least_rough: Rough log odds of songs that are worth a second look.
        least: Log odds by the second look of songs that may be among the best.
        most: Songs to keep.
        lessons: Rows of some of the songs that the stand-in learned from.
        log_odds: Of these by the model.
    """

    stand_in: StandIn
    least_rough: float
    least: float
    most: int
    lessons: Rows
    log_odds: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """Songs that stood out.

    Attributes:
        rows: Ascending, shape ``(n,)``.
        scores: Higher is better, shape ``(n,)``.
    """

    rows: Rows
    scores: NDArray[np.float32]

    def best(self, most: int) -> "Found":
        """Return the songs with the highest scores; of equal ones the first."""
        if len(self.rows) <= most:
            return self
        least = np.partition(self.scores, -most)[-most]
        chosen = self.scores > least
        chosen[np.flatnonzero(self.scores == least)[: most - int(chosen.sum())]] = True
        return Found(self.rows[chosen], self.scores[chosen])


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
    planned = plan(snapshot, taste, most=most, seed=seed)
    found = [look(snapshot, planned, part) for part in parts_of(len(snapshot))]
    return finish(snapshot, taste, planned, found, most=most, seed=seed)


def parts_of(n_songs: int) -> list[slice]:
    """Cut a snapshot into at most 64 parts, none too small to be worth the journey."""
    rows = _CHUNK * -(-n_songs // (_CHUNK * _MOST_PARTS)) or 1
    return [slice(start, min(start + rows, n_songs)) for start in range(0, n_songs, rows)]


def plan(snapshot: Snapshot, taste: Taste, *, most: int = KEPT, seed: int = 0) -> Plan | None:
    """Learn how to look from samples; None where the snapshot is better scored whole."""
    n = len(snapshot)
    if n <= SCORED_WHOLE:
        return None
    rng = np.random.default_rng(seed)
    scorer = Scorer(snapshot, taste)
    rough = fit_look(snapshot, scorer, taste, _sample(n, _SAMPLE, rng))
    share = max(_SHARE, _FEWEST / n)
    some = _sample(n, max(_SAMPLE, int(_LESSONS / share)), rng)
    scores = rough.score(snapshot, some)
    least_rough = _limit(scores, share)
    lessons = some[scores >= least_rough]
    lessons = lessons[_sample(len(lessons), _LESSONS, rng)]
    log_odds = scorer.log_odds(lessons)
    stand_in = fit_stand_in(snapshot, rough, lessons, log_odds)
    wanted = _MARGIN * _CLOSE_TIMES * most / (share * n)
    least = _limit(stand_in.score(snapshot, lessons), wanted)
    return Plan(stand_in, least_rough, least, most, lessons[::4], log_odds[::4])


def look(snapshot: Snapshot, planned: Plan | None, part: slice) -> Found:
    """Look through a part of the snapshot; nothing is looked for without a plan."""
    if planned is None:
        return merged([])
    chunks = range(part.start, part.stop, _CHUNK)
    found = [
        _look(snapshot, planned, slice(start, min(start + _CHUNK, part.stop))) for start in chunks
    ]
    return merged(found).best(_CLOSE_TIMES * planned.most)


def finish(
    snapshot: Snapshot,
    taste: Taste,
    planned: Plan | None,
    found: Sequence[Found],
    *,
    most: int = KEPT,
    seed: int = 0,
) -> tuple[Ranking, StandIn | None]:
    """Rank what was found in all parts, with more lessons where the best songs lie."""
    scorer = Scorer(snapshot, taste)
    if planned is None:
        return best_of(scorer, np.arange(len(snapshot)), most), None
    close = merged(found).best(_CLOSE_TIMES * most).rows
    more = close[_sample(len(close), _LESSONS, np.random.default_rng((seed, 1)))]
    stand_in = fit_stand_in(
        snapshot,
        planned.stand_in.look,
        np.concatenate([planned.lessons, more]),
        np.concatenate([planned.log_odds, scorer.log_odds(more)]),
        onto=planned.stand_in.trees,
    )
    closer = Found(close, stand_in.score(snapshot, close)).best(_SCORED_TIMES * most)
    return best_of(scorer, closer.rows, most), stand_in


def rank_within(
    snapshot: Snapshot, taste: Taste, stand_in: StandIn | None, rows: Rows, *, most: int
) -> Ranking:
    """Find the best songs among some rows, for filters that the whole ranking says little about.

    Args:
        snapshot: Where.
        taste: Whose.
        stand_in: From ``rank``; without one the model scores every row.
        rows: Ascending; songs that the listener knows are better left out here than later.
        most: Songs in the ranking, few.
    """
    found = look_within(snapshot, stand_in, rows)
    return finish_within(snapshot, taste, stand_in, [found], most=most)


def look_within(snapshot: Snapshot, stand_in: StandIn | None, rows: Rows) -> Found:
    """Look at some rows of a part, ascending."""
    if stand_in is None:
        return Found(rows, np.zeros(len(rows), dtype=np.float32))
    most = _SECOND_LOOK_SHARE * _SECOND_LOOK_WITHIN[1]
    return Found(rows, stand_in.look.score(snapshot, rows)).best(most)


def finish_within(
    snapshot: Snapshot,
    taste: Taste,
    stand_in: StandIn | None,
    found: Sequence[Found],
    *,
    most: int,
) -> Ranking:
    """Rank what was found among the rows of all parts."""
    best = merged(found)
    if stand_in is not None:
        wanted = int(np.clip(len(best.rows) // _SECOND_LOOK_SHARE, *_SECOND_LOOK_WITHIN))
        some = best.best(wanted)
        scores = stand_in.score(snapshot, some.rows, some.scores)
        best = Found(some.rows, scores).best(max(_FEWEST_OF_THIRD_LOOK, most))
    return best_of(Scorer(snapshot, taste), best.rows, most)


def merged(found: Iterable[Found]) -> Found:
    """Join what was found in parts that follow each other."""
    each = list(found) or [Found(np.empty(0, np.intp), np.empty(0, np.float32))]
    rows, scores = zip(*((one.rows, one.scores) for one in each), strict=True)
    return Found(np.concatenate(rows), np.concatenate(scores))


def best_of(scorer: Scorer, rows: Rows, most: int) -> Ranking:
    """Rank rows by the model itself; equal ones in the snapshot's order."""
    p_like = scorer.p_like(rows)
    order = np.argsort(-p_like, kind="stable")[:most]
    return Ranking(rows[order].astype(np.uint32), p_like[order].astype(np.float32))


def _look(snapshot: Snapshot, planned: Plan, songs: slice) -> Found:
    rough = planned.stand_in.look.score(snapshot, songs)
    rows = np.flatnonzero(rough >= planned.least_rough)
    scores = planned.stand_in.score(snapshot, rows + songs.start, rough[rows])
    close = scores >= planned.least
    return Found(rows[close] + songs.start, scores[close])


def _sample(n: int, n_wanted: int, rng: np.random.Generator) -> Rows:
    """Draw numbers below ``n``, ascending, none twice: one from each of equally long stretches."""
    edges = np.arange(min(n, n_wanted) + 1) * n // max(1, min(n, n_wanted))
    return rng.integers(edges[:-1], edges[1:], dtype=np.intp)


def _limit(scores: NDArray[np.float32], share: float) -> float:
    """Return the score that a share of all reach."""
    return float(np.quantile(scores, 1 - share)) if share < 1 else -np.inf
