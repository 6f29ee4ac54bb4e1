"""What outside services answered, and until when they may not be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """One kept answer of one service.

    Attributes:
        source: Name of the service, as people know it.
        key: What was asked, such as ``isrc/GBAYE6700149``; what somebody typed is hashed.
        answer: What of its JSON is used; None where the service does not know.
        fetched_at: Aware UTC.
        licence: Under which terms; empty where unknown.
    """

    source: str
    key: str
    answer: Mapping[str, Any] | None
    fetched_at: datetime
    licence: str = ""


@dataclass(frozen=True, slots=True)
class SourceClosure:
    """A part of a service that may not be asked for a time.

    Attributes:
        source: Name of the service.
        bucket: The part of it that has a quota of its own; empty for the rest of it.
        closed_until: Aware UTC.
        reason: In a few words.
    """

    source: str
    bucket: str
    closed_until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a service did when this process asked it last.

    Attributes:
        source: Name of the service.
        heard_at: When that was, aware UTC; None where it was not asked since the start.
        problem: Why it did not answer; empty where it did.
    """

    source: str
    heard_at: datetime | None = None
    problem: str = ""
