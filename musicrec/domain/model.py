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


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model's summary and its bytes (``taste.model_file``)."""

    summary: ModelSummary
    blob: bytes
