"""How many of the best songs the lists hold, held against scoring every song."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

BEST: Final = 50
"""Songs that a list is looked for, those with the highest probability of a like."""


class AuditedFilter(StrEnum):
    """What a list was limited to; which genre or country is nobody's business afterwards."""

    NONE = "none"
    GENRE = "genre"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class RecallAudit:
    """One list of one model, held against the model's own scores of every song; of nobody.

    Attributes:
        catalogue_version: What was ranked.
        n_songs: Songs in it.
        algorithm: Key of the model's algorithm.
        n_labels: Labels that the model learned from.
        limited_to: The list's filter.
        looked_for: The best songs that fit and are new to the listener, at most ``BEST``.
        found: How many of them the list began with, ties forgiven.
        seconds: Of one processor, to score every song; the lists of that model share them.
        at: Aware UTC; one instant for the lists of one model that were audited at once.
    """

    catalogue_version: str
    n_songs: int
    algorithm: str
    n_labels: int
    limited_to: AuditedFilter
    looked_for: int
    found: int
    seconds: float
    at: datetime

    @property
    def recall(self) -> float:
        """Share of the songs looked for that were found, in [0, 1]."""
        return self.found / self.looked_for


@dataclass(frozen=True, slots=True)
class RecallSummary:
    """Several audited lists together.

    Attributes:
        n_lists: At least one.
        n_models: Audits that they come from; a model that was audited twice counts twice.
        mean: Recall, in [0, 1], the mean of the lists.
        lowest: Of all lists.
    """

    n_lists: int
    n_models: int
    mean: float
    lowest: float

    @classmethod
    def of(cls, audits: Sequence[RecallAudit]) -> Self | None:
        """Summarise; None where there is nothing."""
        if not audits:
            return None
        recalls = [audit.recall for audit in audits]
        models = {(audit.at, audit.algorithm, audit.n_labels) for audit in audits}
        return cls(len(audits), len(models), sum(recalls) / len(recalls), min(recalls))
