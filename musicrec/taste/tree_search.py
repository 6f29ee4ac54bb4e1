"""Forest and boosted trees on inner folds, and how deep the boosted ones grow.

With labels enough, other depths race against the usual one by successive halving (``taste.race``
says the source): they play two of the folds, the better one plays on if it is ahead, and it wins
only where its log loss is lower by more than a standard error of the songs' differences. The
budget is counted in fits.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable, Sequence
from functools import partial
from math import sqrt
from typing import Final

import numpy as np
from sklearn.model_selection import StratifiedKFold

from musicrec.taste.boosting import DEPTH, Trees, fit_boosting, fit_forest, p_like_of
from musicrec.taste.encode import Floats, Labels, Rows
from musicrec.taste.sampling import rarer_count

INNER_FOLDS: Final = 5
FEWEST_TO_SEARCH: Final = 300
"""Labels; with fewer the search follows chance (docs/benchmarks.md)."""

_OTHER_DEPTHS: Final = (3, 6)
_FIRST_FOLDS: Final = 2
_SUREST: Final = 1e-4

_Folds = Sequence[tuple[Rows, Rows]]
_Fit = Callable[[Floats, Labels], Trees]


def held_out_trees(features: Floats, liked: Labels, *, seed: int) -> tuple[Floats, int]:
    """Play the inner folds.

    Returns:
        What forest and boosted trees say about songs of the other folds, shape ``(n_songs, 2)``,
        and the depth of the boosted trees.
    """
    n_folds = min(INNER_FOLDS, rarer_count(liked))
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    folds = list(splitter.split(features, liked))
    forest = _held_out(partial(fit_forest, seed=seed), features, liked, folds)
    usual = _held_out(partial(fit_boosting, seed=seed), features, liked, folds)
    boosted, depth = usual, DEPTH
    if len(liked) >= FEWEST_TO_SEARCH:
        boosted, depth = _race(usual, features, liked, folds, seed)
    return np.column_stack([forest, boosted]), depth


def _race(
    usual: Floats, features: Floats, liked: Labels, folds: _Folds, seed: int
) -> tuple[Floats, int]:
    """Return the winner's predictions and depth."""
    fits = {depth: partial(fit_boosting, seed=seed, depth=depth) for depth in _OTHER_DEPTHS}
    first, later = folds[:_FIRST_FOLDS], folds[_FIRST_FOLDS:]
    played = {depth: _held_out(fit, features, liked, first) for depth, fit in fits.items()}
    seen = np.concatenate([test for _, test in first])
    gains = {depth: _gains(p_like, usual, liked)[seen] for depth, p_like in played.items()}
    ahead = max(gains, key=lambda depth: float(gains[depth].mean()))
    if gains[ahead].mean() <= 0:
        return usual, DEPTH
    later_p_like = _held_out(fits[ahead], features, liked, later)
    found = np.where(np.isnan(played[ahead]), later_p_like, played[ahead])
    gain = _gains(found, usual, liked)
    clear = gain.mean() > gain.std() / sqrt(len(gain))
    return (found, ahead) if clear else (usual, DEPTH)


def _held_out(fit: _Fit, features: Floats, liked: Labels, folds: _Folds) -> Floats:
    """Return predictions for the folds' test songs, shape ``(n_songs,)``, NaN for all others."""
    p_like = np.full(len(liked), np.nan)
    for train, test in folds:
        p_like[test] = p_like_of(fit(features[train], liked[train]), features[test])
    return p_like


def _gains(p_like: Floats, usual: Floats, liked: Labels) -> Floats:
    """Return by how much every song's log loss is lower."""
    found, before = (
        np.log(np.clip(np.where(liked, each, 1 - each), _SUREST, 1)) for each in (p_like, usual)
    )
    return found - before
