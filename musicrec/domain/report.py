"""What a comparison of algorithms found out, as plain numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Metrics:
    """Mean over all folds and repeats; liking is the positive class.

    All in [0, 1], higher is better, except ``brier`` in [0, 1] and ``log_loss`` >= 0 (nats),
    lower is better.
    """

    accuracy: float
    balanced_accuracy: float
    precision: float
    recall: float
    f1: float
    roc_auc: float
    brier: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class AlgorithmResult:
    """One algorithm with the way of handling class imbalance that suited it best.

    Attributes:
        algorithm: Key, e.g. ``"random_forest"``.
        title: For people, e.g. ``"random forest"``.
        sampling: ``"none"``, ``"class weights"``, ``"undersampling"`` or ``"oversampling"``.
        metrics: Cross-validated.
        fit_s: Seconds spent on this algorithm's folds.
    """

    algorithm: str
    title: str
    sampling: str
    metrics: Metrics
    fit_s: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Out-of-fold decisions at 0.5 of the best algorithm, each label counted once a repeat."""

    true_likes: int
    false_likes: int
    true_dislikes: int
    false_dislikes: int


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one comparison.

    Attributes:
        n_likes: Labels that are likes.
        n_dislikes: Labels that are dislikes.
        feature_names: What the models saw.
        folds: Folds of the cross-validation actually used.
        repeats: How often it was repeated with another shuffle.
        grouped_by: ``"artist"`` where no artist was in both training and test folds, else None.
        baseline: Always predicting the majority.
        results: Every algorithm, best first.
        confusion: Of the best one.
        notices: What the reader should know, e.g. dropped duplicates or ignored columns.
    """

    n_likes: int
    n_dislikes: int
    feature_names: tuple[str, ...]
    folds: int
    repeats: int
    grouped_by: str | None
    baseline: Metrics
    results: tuple[AlgorithmResult, ...]
    confusion: Confusion
    notices: tuple[str, ...] = ()

    @property
    def best(self) -> AlgorithmResult:
        """The winner: first of ``results``."""
        return self.results[0]

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts, lists and numbers; ``from_json`` reverses it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a report from ``to_json``.

        Raises:
            KeyError, TypeError: The data is not a report.
        """
        fields: dict[str, Any] = {
            **data,
            "feature_names": tuple(data["feature_names"]),
            "baseline": Metrics(**data["baseline"]),
            "results": tuple(_result(result) for result in data["results"]),
            "confusion": Confusion(**data["confusion"]),
            "notices": tuple(data["notices"]),
        }
        return cls(**fields)


def _result(data: Mapping[str, Any]) -> AlgorithmResult:
    values: dict[str, Any] = {**data, "metrics": Metrics(**data["metrics"])}
    return AlgorithmResult(**values)
