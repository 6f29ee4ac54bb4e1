"""Which song to ask about next: the one whose answer teaches the most, as long as it is fun.

Before a model exists only well-known songs are asked about, from the genre asked about least.
With one, songs that it takes for dislikes have to teach more than others to be asked about.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.discovery.lessons import Spot, lessons
from musicrec.discovery.likeness import Floats, Likeness
from musicrec.domain.features import GENRE

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
        p_like: Chance of a like for every row of the song table; None without a model.
    """

    labelled: Rows
    shown: Rows
    p_like: NDArray[np.floating] | None = None


def choose_to_rate(
    songs: pd.DataFrame,
    likeness: Likeness,
    candidates: Rows,
    known: Known,
    rng: np.random.Generator,
) -> int:
    """Choose one of ``candidates`` by what its answer would teach.

    Args:
        songs: The catalogue's song table, most popular first.
        likeness: Fitted on it.
        candidates: Row numbers that may be asked, ascending, at least one.
        known: About the listener.
        rng: Source of chance: equal states choose equally.

    Returns:
        A row number of ``songs``.
    """
    if known.p_like is None:
        candidates = _well_known(songs, candidates, known.shown)
    sample = _some(candidates, _MOST_CANDIDATES, rng)
    points = likeness.points(songs.iloc[sample])
    wish = lessons(
        _spot(points, sample, known),
        _spot_of(songs, likeness, _some(known.labelled, _MOST_ANSWERED, rng), known),
        _spot_of(songs, likeness, _some(np.arange(len(songs)), _MOST_OTHERS, rng), known),
    )
    # No model learns from a song without numbers, however typical the middle of everything looks.
    wish *= np.isfinite(points).mean(axis=1) if points.size else 1
    if known.p_like is not None:
        wish *= known.p_like[sample] ** _FUN
    return int(sample[np.argmax(wish)])


def choose_duel(
    songs: pd.DataFrame,
    likeness: Likeness,
    candidates: Rows,
    known: Known,
    rng: np.random.Generator,
) -> tuple[int, int]:
    """Choose two different songs to compare, the second as if the first had been answered.

    So they teach the most together: two songs that sound alike would teach the same twice.

    Args:
        songs: As for ``choose_to_rate``, like all others.
        likeness: Fitted on it.
        candidates: At least two.
        known: About the listener.
        rng: Source of chance.
    """
    first = choose_to_rate(songs, likeness, candidates, known, rng)
    then = Known(
        labelled=np.append(known.labelled, first),
        shown=np.append(known.shown, first),
        p_like=known.p_like,
    )
    rest = candidates[candidates != first]
    return first, choose_to_rate(songs, likeness, rest, then, rng)


def _well_known(songs: pd.DataFrame, candidates: Rows, shown: Rows) -> Rows:
    """Keep the most popular candidates of the genres asked about least."""
    genres = songs[GENRE].to_numpy(dtype=object)
    known = sorted({genre for genre in genres[candidates] if isinstance(genre, str)})
    if known:
        asked = Counter(genre for genre in genres[shown] if isinstance(genre, str))
        fewest = min(asked[genre] for genre in known)
        turn = [candidates[genres[candidates] == g] for g in known if asked[g] == fewest]
    else:
        turn = [candidates]
    return np.sort(np.concatenate([_head(rows) for rows in turn]))


def _head(rows: Rows) -> Rows:
    return rows[: max(_FEWEST_WELL_KNOWN, int(len(rows) * _WELL_KNOWN))]


def _some(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rows if len(rows) <= most else rng.choice(rows, most, replace=False)


def _spot_of(songs: pd.DataFrame, likeness: Likeness, rows: Rows, known: Known) -> Spot:
    return _spot(likeness.points(songs.iloc[rows]), rows, known)


def _spot(points: Floats, rows: Rows, known: Known) -> Spot:
    p_like = None if known.p_like is None else known.p_like[rows].astype(np.float64)
    return Spot(np.nan_to_num(points), p_like)
