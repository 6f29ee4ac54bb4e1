"""Answers remembered in memory, for tests of clients; the contract's tests run on databases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from musicrec.domain.source_answer import SourceAnswer, SourceClosure


class MemoryAnswers:
    """An ``AnswerStore`` that ends with the process."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], SourceAnswer] = {}
        self.closed: dict[tuple[str, str], SourceClosure] = {}
        self.counts: Counter[tuple[str, str, date]] = Counter()

    async def answers(self, source: str, keys: Sequence[str]) -> Mapping[str, SourceAnswer]:
        return {key: self.kept[source, key] for key in keys if (source, key) in self.kept}

    async def put_answers(self, answers: Sequence[SourceAnswer]) -> None:
        self.kept |= {(each.source, each.key): each for each in answers}

    async def closures(self, at: datetime) -> Sequence[SourceClosure]:
        return [each for each in self.closed.values() if each.closed_until > at]

    async def close(self, closure: SourceClosure) -> None:
        known = self.closed.get((closure.source, closure.bucket))
        if known is None or known.closed_until <= closure.closed_until:
            self.closed[closure.source, closure.bucket] = closure

    async def count_call(self, source: str, bucket: str, day: date) -> int:
        self.counts[source, bucket, day] += 1
        return self.counts[source, bucket, day]
