"""The registry of learning algorithms, each with settings that suit 10 to 5,000 labels.

The settings were chosen by log loss on simulated listeners with 25 to 1,000 labels; the figures
are in docs/benchmarks.md. The usual defaults are overconfident with few labels.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import Any, Final

from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from musicrec.taste.boosting import TreeBoosting

N_TREES: Final = 100
MOST_LABELS: Final = 10_000
"""Nobody rates more songs by hand; of larger files a sample is learned from."""

STRENGTH: Final = 0.1
"""Inverse regularisation of the linear models."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One way to learn a taste.

    Attributes:
        key: Stable name in reports and model files.
        title: For people.
        build: Makes the unfitted classifier from the number of training labels and a seed.
        plain_matrix: It takes unscaled columns with missing values as they are.
        weighable: It has a ``class_weight``.
        takes_hints: Labels may have weights; otherwise it learns from verdicts alone, because a
            hint that counted in full would be believed too much.
        gives_probabilities: Otherwise its scores have to be calibrated.
        most_labels: It learns from a sample of more, because its time grows with their square.
    """

    key: str
    title: str
    build: Callable[[int, int], Any]
    plain_matrix: bool = False
    weighable: bool = True
    takes_hints: bool = True
    gives_probabilities: bool = True
    most_labels: int = MOST_LABELS

    def pipeline(self, n_labels: int, seed: int, *, weigh: bool = False) -> Pipeline:
        """Make an unfitted pipeline from encoded songs to scores."""
        model = self.build(n_labels, seed)
        if weigh:
            model.set_params(class_weight="balanced")
        if self.plain_matrix:
            return Pipeline([("model", model)])
        steps = [("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())]
        return Pipeline([*steps, ("model", model)])


def _logistic(_: int, seed: int) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=500, random_state=seed)


def _sgd(n_labels: int, seed: int) -> SGDClassifier:
    return SGDClassifier(
        loss="log_loss",
        # The mean loss is minimised here, where logistic regression minimises the sum.
        alpha=1 / (STRENGTH * n_labels),
        learning_rate="adaptive",
        eta0=0.05,
        average=True,
        max_iter=200,
        tol=1e-4,
        random_state=seed,
    )


def _svc(_: int, seed: int) -> SVC:
    return SVC(C=1.0, kernel="rbf", gamma="scale", random_state=seed)


def _neighbours(n_labels: int, _: int) -> KNeighborsClassifier:
    k = min(n_labels, max(5, round(1.6 * sqrt(n_labels))))
    return KNeighborsClassifier(n_neighbors=k, weights="distance", algorithm="brute")


def _random_forest(_: int, seed: int) -> RandomForestClassifier:
    return RandomForestClassifier(N_TREES, min_samples_leaf=2, random_state=seed)


def _extra_trees(_: int, seed: int) -> ExtraTreesClassifier:
    return ExtraTreesClassifier(
        N_TREES,
        min_samples_leaf=2,
        max_features=0.5,  # pyright: ignore[reportArgumentType] -- inferred from the default, a str
        random_state=seed,
    )


def _boosting(n_labels: int, seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=0.04,
        max_iter=100,
        max_leaf_nodes=8,
        # The default of 20 allows no split at all below 40 labels.
        min_samples_leaf=max(2, min(20, n_labels // 10)),
        max_features=0.4,
        l2_regularization=1.0,
        early_stopping=False,  # pyright: ignore[reportArgumentType] -- as above
        random_state=seed,
    )


def _xgboost(_: int, seed: int) -> TreeBoosting:
    return TreeBoosting(random_state=seed)


def _neural_network(_: int, seed: int) -> MLPClassifier:
    return MLPClassifier((32,), alpha=5.0, learning_rate_init=0.01, max_iter=100, random_state=seed)


_ALL: Final = (
    Algorithm("logistic_regression", "logistic regression", _logistic),
    Algorithm("sgd", "linear SGD", _sgd),
    Algorithm("svc", "support vector machine", _svc, gives_probabilities=False, most_labels=3000),
    Algorithm("k_neighbors", "nearest neighbours", _neighbours, weighable=False, takes_hints=False),
    Algorithm("random_forest", "random forest", _random_forest, plain_matrix=True),
    Algorithm("extra_trees", "extra trees", _extra_trees, plain_matrix=True),
    Algorithm("hist_gradient_boosting", "gradient boosting", _boosting, plain_matrix=True),
    Algorithm("xgboost", "xgboost", _xgboost, plain_matrix=True),
    Algorithm("neural_network", "neural network", _neural_network, weighable=False),
)

ALGORITHMS: Final = MappingProxyType({algorithm.key: algorithm for algorithm in _ALL})
"""Every algorithm by its key, in the order in which they are compared."""
