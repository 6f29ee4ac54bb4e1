"""Which song to ask about next: the one whose answer teaches the most, as long as it is fun.

Before a model exists only well-known songs are asked about, from the genre asked about least.
Where chances of a like are known, likely dislikes have to teach more than others to be asked about.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery.lessons import Lessons, Spot
from musicrec.discovery.likeness import Floats, SongMap

Rows = NDArray[np.intp]

_MOST_CANDIDATES: Final = 200
"""Random candidates that the choice is among, so that it takes equally long in any catalogue."""

_MOST_LATER: Final = 40
"""Of each genre whose turn comes later in a series."""

_MOST_OTHERS: Final = 300
"""Random songs that stand for the whole catalogue."""

_MOST_ANSWERED: Final = 400
"""Answers that the choice looks at; a random part of more, because its time grows with n²."""

_WELL_KNOWN: Final = 0.2
"""Share of a genre's most popular songs that a first question is drawn from."""

_FEWEST_WELL_KNOWN: Final = 20

_FUN: Final = 0.5
"""Power of p_like in the choice: 0 asks whatever teaches most, 1 doubts liked songs only."""


@dataclass(frozen=True)
class Known:
    """What is known about a listener when the next question is chosen.

    Attributes:
        labelled: Rows with a label.
        shown: Rows that were asked about, labelled or not; they count for the genres' turns.
        p_like: Chance of a like for every row of the catalogue, from the own model or from what
            others like; None without either.
        is_borrowed: ``p_like`` is from others alone; as long as that is so, only well-known songs
            are asked about.
    """

    labelled: Rows
    shown: Rows
    p_like: NDArray[np.floating] | None = None
    is_borrowed: bool = False


def choose_to_rate(songs: SongMap, candidates: Rows, known: Known, rng: np.random.Generator) -> int:
    """Choose one of ``candidates`` by what its answer would teach.

    Args:
        songs: The catalogue, most popular song first.
        candidates: Row numbers that may be asked, ascending, at least one.
        known: About the listener.
        rng: Source of chance: equal states choose equally.

    Returns:
        A row number of the catalogue.
    """
    return choose_series(songs, candidates, known, rng, most=1)[0]


def choose_series(
    songs: SongMap, candidates: Rows, known: Known, rng: np.random.Generator, *, most: int
) -> list[int]:
    """Choose songs to ask about one after the other, each as if the former had been answered.

    What an answer teaches depends on where it is given, not on what it is; so the next questions
    are known as soon as the first one is, at little more cost.

    Args:
        songs: As of ``choose_to_rate``, like ``candidates``, ``known`` and ``rng``.
        candidates: Row numbers.
        known: About the listener.
        rng: Source of chance.
        most: How many, at least 1.

    Returns:
        Different rows, at least one; fewer than ``most`` where there are not more.
    """
    turns = _Turns(songs.genres, known.shown) if _takes_turns(known) else None
    if turns is None:
        sample = _some(candidates, _MOST_CANDIDATES, rng)
    else:
        sample = turns.sample(candidates, rng, most=most)
    points = songs.points(sample)
    answered = _some(known.labelled, _MOST_ANSWERED, rng)
    others = _some(np.arange(len(songs)), _MOST_OTHERS, rng)
    teaching = Lessons(
        _spot(points, sample, known),
        _spot(songs.points(answered), answered, known),
        _spot(songs.points(others), others, known),
    )
    # No model learns from a song without numbers, however typical the middle of everything looks.
    weight = np.isfinite(points).mean(axis=1) if points.size else np.ones(len(sample))
    if known.p_like is not None:
        weight = weight * known.p_like[sample] ** _FUN
    chosen: list[int] = []
    is_open = np.ones(len(sample), dtype=np.bool_)
    while is_open.any() and len(chosen) < most:
        can_be_next = is_open if turns is None else is_open & turns.whose(sample, is_open)
        best = int(np.argmax(np.where(can_be_next, teaching.worth() * weight, -np.inf)))
        chosen.append(int(sample[best]))
        teaching.answer(best)
        is_open[best] = False
        if turns is not None:
            turns.take(sample[best])
    return chosen


def choose_duel(
    songs: SongMap, candidates: Rows, known: Known, rng: np.random.Generator
) -> tuple[int, int]:
    """Choose two different songs to compare, the second as if the first had been answered.

    So they teach the most together: two songs that sound alike would teach the same twice.

    Args:
        songs: The catalogue, most popular song first.
        candidates: Row numbers that may be asked, ascending, at least two.
        known: About the listener.
        rng: Source of chance: equal states choose equally.
    """
    first = choose_to_rate(songs, candidates, known, rng)
    then = replace(
        known,
        labelled=np.append(known.labelled, first),
        shown=np.append(known.shown, first),
    )
    return first, choose_to_rate(songs, candidates[candidates != first], then, rng)


def _takes_turns(known: Known) -> bool:
    """Tell whether nothing but popularity and genre says what a listener may have heard of."""
    return known.p_like is None or known.is_borrowed


class _Turns:
    """Whose turn it is: that of the genres asked about least."""

    def __init__(self, genres: Rows, shown: Rows) -> None:
        self._genres = genres
        known = genres[shown]
        self._asked = np.bincount(known[known >= 0], minlength=int(genres.max(initial=-1)) + 1)

    def sample(self, candidates: Rows, rng: np.random.Generator, *, most: int) -> Rows:
        """Return well-known candidates of the genres whose turn comes within ``most`` songs."""
        of_candidates = self._genres[candidates]
        known = np.unique(of_candidates[of_candidates >= 0])
        if not len(known):
            return _some(_head(candidates), _MOST_CANDIDATES, rng)
        asked = self._asked[known]
        first = np.sort(known[asked == asked.min()])
        heads = [_head(candidates[of_candidates == genre]) for genre in first]
        sample = _some(np.sort(np.concatenate(heads)), _MOST_CANDIDATES, rng)
        later = [genre for genre in known[np.argsort(asked, kind="stable")] if genre not in first]
        more = [
            _some(_head(candidates[of_candidates == genre]), _MOST_LATER, rng)
            for genre in later[: max(0, most - len(first))]
        ]
        return np.concatenate([sample, *more])

    def whose(self, sample: Rows, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell of which songs the turn is; of all where no genre is known."""
        genres = self._genres[sample]
        there = np.unique(genres[is_open & (genres >= 0)])
        if not len(there):
            return np.ones(len(sample), dtype=np.bool_)
        asked = self._asked[there]
        return np.isin(genres, there[asked == asked.min()])

    def take(self, row: int) -> None:
        """Note that a song is asked about."""
        if self._genres[row] >= 0:
            self._asked[self._genres[row]] += 1


def _head(rows: Rows) -> Rows:
    return rows[: max(_FEWEST_WELL_KNOWN, int(len(rows) * _WELL_KNOWN))]


def _some(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rows if len(rows) <= most else rng.choice(rows, most, replace=False)


def _spot(points: Floats, rows: Rows, known: Known) -> Spot:
    p_like = None if known.p_like is None else known.p_like[rows].astype(np.float64)
    return Spot(np.nan_to_num(points), p_like)
