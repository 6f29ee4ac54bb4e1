"""Trees by xgboost: boosted ones, and a forest.

xgboost grows a forest about three times as fast as scikit-learn, scores three times as fast, and
stores it as data; trees of both kinds take missing values as they are.
"""

# scikit-learn and parts of xgboost ship no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any, Final, Self

import numpy as np
import xgboost
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight

from musicrec.taste.encode import Floats, Labels
from musicrec.taste.hints import Weights

DEPTH: Final = 4
"""Of boosted trees, unless a search finds another (``taste.tree_search``)."""

_BOOSTING: Final = {
    "objective": "binary:logistic",
    "eta": 0.05,
    "subsample": 0.7,
    "colsample_bynode": 0.6,
    "min_child_weight": 2,
    "reg_lambda": 3,
    "max_bin": 128,
}
_FEWEST_ROUNDS: Final = 100
_MOST_ROUNDS: Final = 250
_LABELS_A_ROUND: Final = 8
_FOREST: Final = {
    "objective": "reg:squarederror",
    "num_parallel_tree": 64,
    "eta": 1,
    "subsample": 0.5,
    "colsample_bynode": 0.5,
    "max_depth": 12,
    "min_child_weight": 2,
    "reg_lambda": 0.5,
    "max_bin": 64,
}

_EXPERT: Final = {
    "objective": "binary:logistic",
    "max_depth": 5,
    "eta": 0.05,
    "subsample": 0.5,
    "colsample_bynode": 0.5,
    "min_child_weight": 4,
    "reg_lambda": 5,
    "max_bin": 64,
}
_EXPERT_ROUNDS: Final = 150

Trees = xgboost.Booster
"""Fitted trees of one kind."""


def fit_boosting(
    features: Floats,
    liked: Labels,
    *,
    seed: int,
    weights: Weights = None,
    depth: int = DEPTH,
) -> Trees:
    """Fit boosted trees, on one thread; more of them the more labels there are.

    Args:
        features: Shape ``(n_songs, n_columns)``, NaN where unknown.
        liked: Shape ``(n_songs,)``.
        seed: Decides which songs and columns a tree sees.
        weights: Of the songs.
        depth: Of every tree, at most.
    """
    rounds = min(_FEWEST_ROUNDS + len(liked) // _LABELS_A_ROUND, _MOST_ROUNDS)
    settings = _BOOSTING | {"max_depth": depth}
    return _fit(settings, features, liked, rounds, seed=seed, weights=weights)


def fit_forest(features: Floats, liked: Labels, *, seed: int, weights: Weights = None) -> Trees:
    """Fit a random forest, on one thread; its mean is not quite within [0, 1]."""
    return _fit(_FOREST, features, liked, 1, seed=seed, weights=weights)


def fit_expert_trees(inputs: Floats, liked: Labels, *, seed: int) -> Trees:
    """Fit the boosted trees of ``taste.expert``, on one thread."""
    return _fit(_EXPERT, inputs, liked, _EXPERT_ROUNDS, seed=seed)


def p_like_of(trees: Trees, features: Floats) -> Floats:
    """Return the probability of a like for every song, shape ``(n_songs,)``."""
    return trees.inplace_predict(features).astype(np.float64)


class TreeBoosting(ClassifierMixin, BaseEstimator):
    """Boosted trees, shaped like a scikit-learn classifier.

    xgboost's own would do, but for its many settings and its private file format inside of
    scikit-learn's: here a fitted model is one booster and nothing else.
    """

    classes_ = np.array([False, True])
    booster_: Trees  # pyright: ignore[reportUninitializedInstanceVariable] -- see fit

    def __init__(self, *, class_weight: str | None = None, random_state: int | None = None) -> None:
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, features: Floats, liked: Labels, sample_weight: Weights = None) -> Self:
        """Fit as ``fit_boosting`` does."""
        weights = sample_weight
        if self.class_weight:
            of_kinds = compute_sample_weight(self.class_weight, liked)
            weights = of_kinds if weights is None else weights * of_kinds
        seed = self.random_state or 0
        self.booster_ = fit_boosting(features, liked, seed=seed, weights=weights)
        return self

    def predict_proba(self, features: Floats) -> Floats:
        """Return the probabilities of dislike and like, shape ``(n_songs, 2)``."""
        p_like = p_like_of(self.booster_, features)
        return np.column_stack([1 - p_like, p_like])

    @classmethod
    def of(cls, trees: Trees) -> Self:
        """Wrap boosted trees."""
        boosting = cls()
        boosting.booster_ = trees
        return boosting


def _fit(
    settings: dict[str, Any],
    features: Floats,
    liked: Labels,
    rounds: int,
    *,
    seed: int,
    weights: Weights = None,
) -> Trees:
    matrix = xgboost.QuantileDMatrix(
        features, liked.astype(float), weight=weights, nthread=1, max_bin=settings["max_bin"]
    )
    return xgboost.train(settings | {"seed": seed, "nthread": 1}, matrix, rounds)
