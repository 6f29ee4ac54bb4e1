"""Forest and boosted trees on inner folds, and how deep the boosted ones grow.

With labels enough, other depths race against the usual one by successive halving (``taste.race``
says the source): they play two of the folds, the better one plays on if it is ahead, and it wins
only where its log loss is lower by more than a standard error of the songs' differences. The
budget is counted in fits.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import sqrt
from typing import Final

import numpy as np
from scipy.special import expit, logit

from musicrec.taste.boosting import DEPTH, Trees, fit_boosting, fit_forest, p_like_of
from musicrec.taste.encode import Floats, Labels, Rows
from musicrec.taste.hints import Weights, inner_folds, log_odds_by_hints, verdict_rows, weights_of

INNER_FOLDS: Final = 5
FEWEST_TO_SEARCH: Final = 300
"""Labels; with fewer the search follows chance (docs/benchmarks.md)."""

_OTHER_DEPTHS: Final = (3, 6)
_FIRST_FOLDS: Final = 2
_SUREST: Final = 1e-4

_Folds = Sequence[tuple[Rows, Rows]]
_Fit = Callable[..., Trees]
_Play = Callable[[_Fit, _Folds], Floats]


def held_out_trees(
    features: Floats, liked: Labels, *, seed: int, weights: Weights = None
) -> tuple[Floats, int]:
    """Play the inner folds.

    Hints raise what the trees say (``taste.hints``); whoever uses it has to allow for that.

    Returns:
        What forest and boosted trees say about songs of the other folds, shape ``(n_songs, 2)``,
        and the depth of the boosted trees.
    """
    folds = inner_folds(liked, INNER_FOLDS, seed=seed, weights=weights)
    play = partial(_held_out, features, liked, weights)
    forest = play(partial(fit_forest, seed=seed), folds)
    usual = play(partial(fit_boosting, seed=seed), folds)
    boosted, depth = usual, DEPTH
    if len(verdict_rows(weights, len(liked))) >= FEWEST_TO_SEARCH:
        boosted, depth = _race(usual, play, partial(_gains, liked, weights), folds, seed)
    return np.column_stack([forest, boosted]), depth


def _race(
    usual: Floats,
    play: _Play,
    gains_of: Callable[[Floats, Floats], Floats],
    folds: _Folds,
    seed: int,
) -> tuple[Floats, int]:
    """Return the winner's predictions and depth."""
    fits = {depth: partial(fit_boosting, seed=seed, depth=depth) for depth in _OTHER_DEPTHS}
    first, later = folds[:_FIRST_FOLDS], folds[_FIRST_FOLDS:]
    played = {depth: play(fit, first) for depth, fit in fits.items()}
    gains = {depth: gains_of(p_like, usual) for depth, p_like in played.items()}
    ahead = max(gains, key=lambda depth: float(gains[depth].mean()))
    if gains[ahead].mean() <= 0:
        return usual, DEPTH
    found = np.where(np.isnan(played[ahead]), play(fits[ahead], later), played[ahead])
    gain = gains_of(found, usual)
    clear = gain.mean() > gain.std() / sqrt(len(gain))
    return (found, ahead) if clear else (usual, DEPTH)


def _held_out(
    features: Floats, liked: Labels, weights: Weights, fit: _Fit, folds: _Folds
) -> Floats:
    """Return predictions for the folds' test songs, shape ``(n_songs,)``, NaN for all others."""
    p_like = np.full(len(liked), np.nan)
    for train, test in folds:
        trees = fit(features[train], liked[train], weights=weights_of(weights, train))
        p_like[test] = p_like_of(trees, features[test])
    return p_like


def _gains(liked: Labels, weights: Weights, p_like: Floats, usual: Floats) -> Floats:
    """Return by how much the log loss of every verdict that was predicted is lower."""
    rows = verdict_rows(weights, len(liked))
    rows = rows[~np.isnan(p_like[rows])]
    raised = log_odds_by_hints(liked, weights)
    found, before = (
        np.log(np.clip(np.where(liked[rows], each, 1 - each), _SUREST, 1))
        for each in (_lowered(p_like[rows], raised), _lowered(usual[rows], raised))
    )
    return found - before


def _lowered(p_like: Floats, by: float) -> Floats:
    """Return probabilities with lower log odds."""
    return expit(logit(np.clip(p_like, _SUREST, 1 - _SUREST)) - by) if by else p_like
