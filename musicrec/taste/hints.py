"""Labels that count less than a verdict: hints.

A verdict is what the listener said about a song; its weight is 1. A hint has a weight below 1:
something suggests that the song is liked, or is not, and nobody said so. Models learn from a hint
as from so much of a label. Nothing is judged by hints: what is measured, chosen or calibrated asks
verdicts alone, so that a heap of saved songs neither makes a model look good nor moves the
listener's share of likes.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Final

import numpy as np
from sklearn.model_selection import StratifiedKFold

from musicrec.taste.encode import Floats, Labels, Rows

PROBABLY: Final = 0.3
"""Weight of a like that is read from what somebody saved or often plays.

People save what they like, but also to try it later, for a party, or for a child; and they saved
it years ago. Were 85 % of such songs liked, a hint would be wrong once in seven times, and it comes
from the likes alone: of what the listener would refuse it tells nothing. So three such songs
together count a little less than one verdict.
"""

MOST_HINTS: Final = 1_000
"""Of more a sample is learned from: it would only take longer."""

Weights = Floats | None
"""In (0, 1], shape ``(n_songs,)``; None where all labels are verdicts."""


def verdict_rows(weights: Weights, n: int) -> Rows:
    """Return the rows of the verdicts among ``n`` labels."""
    return np.arange(n) if weights is None else np.flatnonzero(weights == 1)


def weights_of(weights: Weights, rows: Rows) -> Weights:
    """Return the weights of some rows; None where these are all verdicts."""
    if weights is None or (weights[rows] == 1).all():
        return None
    return weights[rows]


def bounded(weights: Weights) -> Weights:
    """Let hints together count at most as much as the verdicts beside them, before a fit.

    However much somebody saved, their own word outweighs it.
    """
    if weights is None or (weights == 1).all():
        return None
    is_hint = weights < 1
    share = min(1.0, (~is_hint).sum() / weights[is_hint].sum())
    return np.where(is_hint, weights * share, weights)


def amounts(weights: Weights, n: int) -> Floats:
    """Return how much each of ``n`` labels counts."""
    return np.ones(n) if weights is None else weights


def log_odds_by_hints(liked: Labels, weights: Weights) -> float:
    """Return by how much hints raise the log odds of a like among all that is learned from.

    Whoever learns from the labels finds every song so much more likely to be liked than verdicts
    say. Subtracting it gives the verdicts' share of likes back, as after balancing
    (``taste.sampling``). There must be verdicts of both kinds.
    """
    if weights is None:
        return 0.0
    verdicts = liked[weights == 1]
    learned = weights[liked].sum() / weights[~liked].sum()
    return float(np.log(learned) - np.log(verdicts.sum() / (~verdicts).sum()))


def inner_folds(
    liked: Labels, most: int, *, seed: int, weights: Weights = None
) -> list[tuple[Rows, Rows]]:
    """Divide labels into at most ``most`` folds for predictions of songs not learned from.

    Verdicts are spread evenly by kind; hints are spread as well, so that they, too, can be
    predicted by models that had not learned them.

    Returns:
        Training and test rows; as many folds as the rarer kind of verdict allows.
    """
    verdicts = verdict_rows(weights, len(liked))
    kinds = liked[verdicts]
    n_folds = min(most, int(kinds.sum()), int((~kinds).sum()))
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    hints = np.random.default_rng(seed).permutation(np.setdiff1d(np.arange(len(liked)), verdicts))
    tests = [
        np.sort(np.concatenate([verdicts[test], hints[fold::n_folds]]))
        for fold, (_, test) in enumerate(splitter.split(verdicts, kinds))
    ]
    return [(np.setdiff1d(np.arange(len(liked)), test), test) for test in tests]
