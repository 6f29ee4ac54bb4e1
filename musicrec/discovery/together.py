"""Tastes of several people over the same songs: how far they agree, and what suits them all.

Pure functions on arrays: no I/O, no clock, no chance. A row is a song; every chance is calibrated.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv

from musicrec.domain.features import GENRE
from musicrec.domain.together import Agreement, Trait
from musicrec.taste.words import WORDINGS

Floats = NDArray[np.float64]

_OUTSIDE: Final = 0.1
"""Left out at each end of a range, so that four of five cases are inside."""

_BEYOND_THE_MODELS: Final = 0.2
"""Standard deviation of the correlation, over songs, of what models do not know of two people.

Between simulated listeners with 20 to 80 ratings over the demo songs it was 0.17 to 0.20, and the
range held 79 to 89 % of the true shares (``benchmarks/bench_agreement.py``).
"""

_LEAST_SPREAD: Final = 0.01
"""Of a share, however sure of themselves two models are."""

_FEWEST_OF_GENRE: Final = 8
"""Songs of a genre from which on a lean towards it is told."""

_CLEAR_GENRE: Final = 0.08
"""Chance above or below the person's usual that counts as a lean towards or away from a genre."""

_CLEAR_FEATURE: Final = 0.2
"""Correlation of chance and feature that counts as a lean."""


def agreement(first: Floats, second: Floats, *, n_both: int, n_same: int) -> Agreement:
    """Estimate on how large a share of songs two people say the same, and how sure that is.

    Chances alone tell the share that follows if whatever the models do not know of one person has
    nothing to do with what they do not know of the other. How far that goes together nobody knows
    of two people; ``_BEYOND_THE_MODELS`` says how far it usually does. The beta distribution of
    that mean and spread is what is believed beforehand, and the songs that both rated count on
    top, one each.

    Args:
        first: Chances that one person likes well-known songs, calibrated.
        second: The other's, of the same songs.
        n_both: Songs that both rated.
        n_same: Of these, rated alike.
    """
    guessed = float(np.mean(first * second + (1 - first) * (1 - second)))
    unknown = float(np.mean(np.sqrt(first * (1 - first) * second * (1 - second))))
    spread = max(2 * _BEYOND_THE_MODELS * unknown, _LEAST_SPREAD)
    worth = max(guessed * (1 - guessed) / spread**2 - 1, 2.0)
    same = guessed * worth + n_same
    other = (1 - guessed) * worth + n_both - n_same
    likes = float(first.mean()), float(second.mean())
    return Agreement(
        share=same / (same + other),
        low=float(betaincinv(same, other, _OUTSIDE)),
        high=float(betaincinv(same, other, 1 - _OUTSIDE)),
        by_chance=likes[0] * likes[1] + (1 - likes[0]) * (1 - likes[1]),
        n_both=n_both,
        n_same=n_same,
    )


def traits(
    songs: pd.DataFrame, first: Floats, second: Floats
) -> tuple[tuple[Trait, ...], tuple[Trait, ...]]:
    """Find where two people clearly lean to the same side, and where to opposite ones.

    Args:
        songs: Song table, one row for each chance.
        first: One person's chances.
        second: The other's.

    Returns:
        What is alike and what is apart: of each at most one genre and one feature, the clearest.
    """
    by_genre = _of_genres(songs, first, second)
    by_feature = _of_features(songs, first, second)
    alike = (_clearest(by_genre, _CLEAR_GENRE, 1), _clearest(by_feature, _CLEAR_FEATURE, 1))
    apart = (_clearest(by_genre, _CLEAR_GENRE, -1), _clearest(by_feature, _CLEAR_FEATURE, -1))
    return tuple(filter(None, alike)), tuple(filter(None, apart))


def happiest(p_like: Floats) -> NDArray[np.intp]:
    """Order songs by the chance of whoever likes each least, equal ones by the mean chance.

    Args:
        p_like: Shape ``(n_people, n_songs)``.

    Returns:
        Places of songs, best first; remaining ties go to the lower place.
    """
    least: Floats = p_like.min(axis=0)
    mean: Floats = p_like.mean(axis=0)
    return np.lexsort((-mean, -least))


def most_divided(first: Floats, second: Floats) -> NDArray[np.intp]:
    """Order songs by the chance that two people say opposite things; ties as they come."""
    return np.argsort(-(first * (1 - second) + (1 - first) * second), kind="stable")


def _of_genres(songs: pd.DataFrame, first: Floats, second: Floats) -> list[Trait]:
    if GENRE not in songs:
        return []
    codes, names = pd.factorize(songs[GENRE])
    known = codes >= 0
    n_songs = np.bincount(codes[known], minlength=len(names))
    a, b = (
        np.bincount(codes[known], weights=(p - p.mean())[known], minlength=len(names))
        / np.maximum(n_songs, 1)
        for p in (first, second)
    )
    return [
        Trait(GENRE, float(a[code]), float(b[code]), str(name))
        for code, name in enumerate(names)
        if n_songs[code] >= _FEWEST_OF_GENRE
    ]


def _of_features(songs: pd.DataFrame, first: Floats, second: Floats) -> list[Trait]:
    found: list[Trait] = []
    for name, wording in WORDINGS.items():
        if name in songs:
            values = songs[name].to_numpy(np.float64)
            leans = _lean(values, first), _lean(values, second)
            found.append(Trait(name, *leans, wording.high, wording.low))
    return found


def _lean(values: Floats, p_like: Floats) -> float:
    """Return the correlation of a feature with the chance; 0 where either is always the same."""
    known = np.isfinite(values)
    x, y = values[known], p_like[known]
    if len(x) < _FEWEST_OF_GENRE or not x.std() or not y.std():
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _clearest(traits_: Sequence[Trait], least: float, side: int) -> Trait | None:
    """Return the trait on which the less clear one of two people leans most, if that is enough.

    ``side`` is 1 where both shall lean to the same side, -1 for opposite ones.
    """
    fitting = [one for one in traits_ if side * one.first * one.second > 0]
    best = max(fitting, key=_clearness, default=None)
    return best if best is not None and _clearness(best) >= least else None


def _clearness(trait: Trait) -> float:
    return min(abs(trait.first), abs(trait.second))
