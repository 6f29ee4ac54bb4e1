"""What clients need of whatever remembers answers and closures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from musicrec.domain.source_answer import SourceAnswer, SourceClosure


class AnswerStore(Protocol):
    """Remembers what was answered, what is closed, and how often was called."""

    async def answers(self, source: str, keys: Sequence[str]) -> Mapping[str, SourceAnswer]:
        """Return the kept answers to questions, by their key; the others are left out."""
        ...

    async def put_answers(self, answers: Sequence[SourceAnswer]) -> None:
        """Keep answers; a later one to the same question takes the place of the earlier."""
        ...

    async def closures(self, at: datetime) -> Sequence[SourceClosure]:
        """Return everything that is closed."""
        ...

    async def close(self, closure: SourceClosure) -> None:
        """Close a part of a service; an earlier closure that ends later stays."""
        ...

    async def count_call(self, source: str, bucket: str, day: date) -> int:
        """Count one call and return how many there were that day."""
        ...
