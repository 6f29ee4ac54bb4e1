"""Which song to ask about next: the one whose answer teaches the most, as long as it is fun.

Before a model exists only well-known songs are asked about, from the genre asked about least.
Where chances of a like are known, likely dislikes have to teach more than others to be asked about.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery.lessons import Spot, lessons
from musicrec.discovery.likeness import Floats, SongMap

Rows = NDArray[np.intp]

_MOST_CANDIDATES: Final = 200
"""Random candidates that the choice is among, so that it takes equally long in any catalogue."""

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
    if known.p_like is None or known.is_borrowed:
        candidates = _well_known(songs.genres, candidates, known.shown)
    sample = _some(candidates, _MOST_CANDIDATES, rng)
    points = songs.points(sample)
    answered = _some(known.labelled, _MOST_ANSWERED, rng)
    others = _some(np.arange(len(songs)), _MOST_OTHERS, rng)
    wish = lessons(
        _spot(points, sample, known),
        _spot(songs.points(answered), answered, known),
        _spot(songs.points(others), others, known),
    )
    # No model learns from a song without numbers, however typical the middle of everything looks.
    wish *= np.isfinite(points).mean(axis=1) if points.size else 1
    if known.p_like is not None:
        wish *= known.p_like[sample] ** _FUN
    return int(sample[np.argmax(wish)])


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


def _well_known(genres: Rows, candidates: Rows, shown: Rows) -> Rows:
    """Keep the most popular candidates of the genres asked about least."""
    of_candidates = genres[candidates]
    known = np.unique(of_candidates[of_candidates >= 0])
    if not len(known):
        return _head(candidates)
    asked = np.bincount(genres[shown][genres[shown] >= 0], minlength=known.max() + 1)[known]
    turn = known[asked == asked.min()]
    return np.sort(np.concatenate([_head(candidates[of_candidates == g]) for g in turn]))


def _head(rows: Rows) -> Rows:
    return rows[: max(_FEWEST_WELL_KNOWN, int(len(rows) * _WELL_KNOWN))]


def _some(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rows if len(rows) <= most else rng.choice(rows, most, replace=False)


def _spot(points: Floats, rows: Rows, known: Known) -> Spot:
    p_like = None if known.p_like is None else known.p_like[rows].astype(np.float64)
    return Spot(np.nan_to_num(points), p_like)
