"""What a comparison of algorithms found out, as plain numbers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Metrics:
    """Mean over all folds and repeats; liking is the positive class.

    All in [0, 1], higher is better, except ``brier`` in [0, 1] and ``log_loss`` >= 0 (nats),
    lower is better. ``calibration_error`` is the mean distance between what was predicted and what
    happened over ten equally large bins of the out-of-fold probabilities; None in older reports.
    """

    accuracy: float
    balanced_accuracy: float
    precision: float
    recall: float
    f1: float
    roc_auc: float
    brier: float
    log_loss: float
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class AlgorithmResult:
    """One algorithm with the way of handling class imbalance that suited it best.

    Attributes:
        algorithm: Key, e.g. ``"random_forest"``.
        title: For people, e.g. ``"random forest"``.
        sampling: ``"none"``, ``"class weights"``, ``"undersampling"`` or ``"oversampling"``.
        metrics: Cross-validated.
        fit_s: Seconds spent on this algorithm's folds.
        low: Lower ends of the metrics' 95 % confidence intervals; None where not measured.
        high: Upper ends.
        stopped_after: Folds after which it was too far behind to go on; None where it played all.
    """

    algorithm: str
    title: str
    sampling: str
    metrics: Metrics
    fit_s: float
    low: Metrics | None = None
    high: Metrics | None = None
    stopped_after: int | None = None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Out-of-fold decisions at 0.5 of the best algorithm, each label counted once a repeat."""

    true_likes: int
    false_likes: int
    true_dislikes: int
    false_dislikes: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Out-of-fold predictions of about the same probability.

    Attributes:
        p_like: Mean of the predicted probabilities.
        liked: Share that was really liked.
        n: How many predictions.
    """

    p_like: float
    liked: float
    n: int


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """How the best one's ROC AUC grows with labels.

    Attributes:
        n_labels: Labels learned from, ascending.
        roc_auc: Mean over folds, for each of ``n_labels``.
        more_labels: As many again as there are now.
        gain: What they would add to the AUC, from a power law through the points; at least 0.
        gain_low: Lower end of the gain's 80 % interval, from resampled folds.
        gain_high: Upper end.
    """

    n_labels: tuple[int, ...]
    roc_auc: tuple[float, ...]
    more_labels: int
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen inside the kept blend, by log loss on songs that it had not learned.

    Attributes:
        tree_depth: Of the boosted trees.
        kernel_width: Of the wide kernel; larger is narrower.
        kernel_penalties: Of the wide and of the narrow kernel; larger is smoother.
    """

    tree_depth: int
    kernel_width: float
    kernel_penalties: tuple[float, float]


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
        auto: What the whole procedure achieves, choosing the best one included.
        new_artists: The best one on artists it had not learned from; None where not measured.
        baselines: Simple rules besides the majority: the artist's share of likes, popularity.
        roc: False and true positive rates of the best one's out-of-fold probabilities, ascending.
        calibration: Of the same probabilities, ascending.
        learning_curve: None where not measured.
        later: The best one on the last fifth of the labels, learned from the earlier ones; None
            where the labels have no times.
        settings: Of the kept model; None where it is no blend, and in older reports.
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
    auto: AlgorithmResult | None = None
    new_artists: AlgorithmResult | None = None
    baselines: tuple[AlgorithmResult, ...] = ()
    roc: tuple[tuple[float, float], ...] = ()
    calibration: tuple[CalibrationBin, ...] = ()
    learning_curve: LearningCurve | None = None
    later: AlgorithmResult | None = None
    settings: Settings | None = None

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
            "auto": _optional(data.get("auto"), _result),
            "new_artists": _optional(data.get("new_artists"), _result),
            "later": _optional(data.get("later"), _result),
            "baselines": tuple(_result(result) for result in data.get("baselines", ())),
            "roc": tuple((false, true) for false, true in data.get("roc", ())),
            "calibration": tuple(CalibrationBin(**each) for each in data.get("calibration", ())),
            "learning_curve": _optional(data.get("learning_curve"), _learning_curve),
            "settings": _optional(data.get("settings"), _settings),
        }
        return cls(**fields)


def _result(data: Mapping[str, Any]) -> AlgorithmResult:
    values: dict[str, Any] = {
        **data,
        "metrics": Metrics(**data["metrics"]),
        "low": _optional(data.get("low"), _metrics),
        "high": _optional(data.get("high"), _metrics),
    }
    return AlgorithmResult(**values)


def _metrics(data: Mapping[str, Any]) -> Metrics:
    return Metrics(**data)


def _learning_curve(data: Mapping[str, Any]) -> LearningCurve:
    values: dict[str, Any] = {
        **data,
        "n_labels": tuple(data["n_labels"]),
        "roc_auc": tuple(data["roc_auc"]),
    }
    return LearningCurve(**values)


def _settings(data: Mapping[str, Any]) -> Settings:
    wide, narrow = data["kernel_penalties"]
    return Settings(data["tree_depth"], data["kernel_width"], (wide, narrow))


def _optional(data: Mapping[str, Any] | None, build: Callable[[Mapping[str, Any]], T]) -> T | None:
    return None if data is None else build(data)
