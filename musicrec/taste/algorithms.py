"""The registry of learning algorithms, each with settings that suit 10 to 5,000 labels."""

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

N_TREES: Final = 100


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One way to learn a taste.

    Attributes:
        key: Stable name in reports and model files.
        title: For people.
        build: Makes the unfitted classifier from the number of training labels and a seed.
        plain_matrix: It takes unscaled columns with missing values as they are.
        weighable: It has a ``class_weight``.
        gives_probabilities: Otherwise its scores have to be calibrated.
    """

    key: str
    title: str
    build: Callable[[int, int], Any]
    plain_matrix: bool = False
    weighable: bool = True
    gives_probabilities: bool = True

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
    return LogisticRegression(C=0.3, max_iter=500, random_state=seed)


def _sgd(_: int, seed: int) -> SGDClassifier:
    return SGDClassifier(
        loss="log_loss", alpha=0.01, average=True, max_iter=200, tol=1e-4, random_state=seed
    )


def _svc(_: int, seed: int) -> SVC:
    return SVC(C=1.0, kernel="rbf", gamma="scale", random_state=seed)


def _neighbours(n_labels: int, _: int) -> KNeighborsClassifier:
    # The usual rule of thumb, the root of n; odd, so that votes do not tie.
    k = min(n_labels, max(3, min(51, round(sqrt(n_labels))))) | 1
    return KNeighborsClassifier(n_neighbors=min(k, n_labels), algorithm="brute")


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
        learning_rate=0.06,
        max_iter=100,
        max_leaf_nodes=8,
        # The default of 20 allows no split at all below 40 labels.
        min_samples_leaf=max(2, min(20, n_labels // 20)),
        max_features=0.4,
        l2_regularization=1.0,
        early_stopping=False,  # pyright: ignore[reportArgumentType] -- as above
        random_state=seed,
    )


def _neural_network(_: int, seed: int) -> MLPClassifier:
    return MLPClassifier((32,), alpha=1.0, learning_rate_init=0.01, max_iter=100, random_state=seed)


_ALL: Final = (
    Algorithm("logistic_regression", "logistic regression", _logistic),
    Algorithm("sgd", "linear SGD", _sgd),
    Algorithm("svc", "support vector machine", _svc, gives_probabilities=False),
    Algorithm("k_neighbors", "nearest neighbours", _neighbours, weighable=False),
    Algorithm("random_forest", "random forest", _random_forest, plain_matrix=True),
    Algorithm("extra_trees", "extra trees", _extra_trees, plain_matrix=True),
    Algorithm("hist_gradient_boosting", "gradient boosting", _boosting, plain_matrix=True),
    Algorithm("neural_network", "neural network", _neural_network, weighable=False),
)

ALGORITHMS: Final = MappingProxyType({algorithm.key: algorithm for algorithm in _ALL})
"""Every algorithm by its key, in the order in which they are compared."""
