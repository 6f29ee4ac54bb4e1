"""Gradient boosted trees by xgboost, shaped like a scikit-learn classifier."""

# scikit-learn and parts of xgboost ship no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any, Final, Self

import numpy as np
import xgboost
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight

from musicrec.taste.encode import Floats, Labels

N_ROUNDS: Final = 150
_SETTINGS: Final = {
    "objective": "binary:logistic",
    "max_depth": 5,
    "eta": 0.04,
    "subsample": 0.7,
    "colsample_bynode": 0.4,
    "min_child_weight": 2,
    "reg_lambda": 3,
    "nthread": 1,
}


class TreeBoosting(ClassifierMixin, BaseEstimator):
    """Trees that each correct the ones before; missing values go where they did best.

    xgboost's own classifier would do, but for its many settings and its private file format
    inside of scikit-learn's: here a fitted model is one booster and nothing else.
    """

    classes_ = np.array([False, True])
    booster_: xgboost.Booster  # pyright: ignore[reportUninitializedInstanceVariable] -- see fit

    def __init__(self, *, class_weight: str | None = None, random_state: int | None = None) -> None:
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, features: Floats, liked: Labels) -> Self:
        """Fit, on one thread.

        Args:
            features: Shape ``(n_songs, n_columns)``, NaN where unknown.
            liked: Shape ``(n_songs,)``.
        """
        weights = compute_sample_weight(self.class_weight, liked) if self.class_weight else None
        matrix = xgboost.QuantileDMatrix(features, liked.astype(float), weight=weights, nthread=1)
        settings = _SETTINGS | {"seed": self.random_state or 0}
        self.booster_ = xgboost.train(settings, matrix, N_ROUNDS)
        return self

    def predict_proba(self, features: Floats) -> Floats:
        """Return the probabilities of dislike and like, shape ``(n_songs, 2)``."""
        p_like = self.booster_.inplace_predict(features).astype(np.float64)
        return np.column_stack([1 - p_like, p_like])

    @classmethod
    def of_booster(cls, booster: Any) -> Self:
        """Wrap a fitted booster."""
        boosting = cls()
        booster.set_param({"nthread": 1})
        boosting.booster_ = booster
        return boosting
