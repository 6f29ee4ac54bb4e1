"""A listener's fitted model as it is stored."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.ids import EventId, ListenerId, ModelId
from musicrec.domain.report import Report


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """Everything about a stored model but its bytes.

    Attributes:
        listener_id: Whose taste.
        fitted_at: Aware UTC.
        algorithm: Key of the algorithm that won.
        n_labels: Labels it learned from.
        feature_names: What it sees.
        content_hash: SHA-256 of the bytes, hex.
        trained_through: Last event of the label log that it saw.
        report: The comparison that chose it.
        id: None before it is stored.
    """

    listener_id: ListenerId
    fitted_at: datetime
    algorithm: str
    n_labels: int
    feature_names: tuple[str, ...]
    content_hash: str
    trained_through: EventId
    report: Report
    id: ModelId | None = None

    @property
    def brief(self) -> "ModelBrief":
        """What is told of it at every press."""
        return ModelBrief(
            content_hash=self.content_hash,
            trained_through=self.trained_through,
            accuracy=self.report.best.metrics.accuracy,
            baseline_accuracy=self.report.baseline.accuracy,
        )


@dataclass(frozen=True, slots=True)
class ModelBrief:
    """The little that is told of a model at every press: small enough to remember for thousands.

    Attributes:
        content_hash: As of ``ModelSummary``.
        trained_through: As of ``ModelSummary``.
        accuracy: Of the best algorithm, from 0 to 1.
        baseline_accuracy: Of always predicting the majority, from 0 to 1.
    """

    content_hash: str
    trained_through: EventId
    accuracy: float
    baseline_accuracy: float


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model's summary and its bytes (``taste.model_file``)."""

    summary: ModelSummary
    blob: bytes
