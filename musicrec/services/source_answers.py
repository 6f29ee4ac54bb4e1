"""The database as the clients of outside services see it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from musicrec.domain.source_answer import SourceAnswer, SourceClosure
from musicrec.sources.api import UNKNOWN_FOR
from musicrec.storage import Database


class StoredAnswers:
    """Remembers answers, closures and counts; an ``AnswerStore`` of ``musicrec.sources``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answers(self, source: str, keys: Sequence[str]) -> Mapping[str, SourceAnswer]:
        """Return the kept answers to questions, by their key; the others are left out."""
        async with self._database.reading() as uow:
            return await uow.sources.answers(source, keys)

    async def put_answers(self, answers: Sequence[SourceAnswer]) -> None:
        """Keep answers; a later one to the same question takes the place of the earlier."""
        async with self._database.writing() as uow:
            await uow.sources.put_answers(answers)

    async def forget_unknown(self, at: datetime) -> int:
        """Delete what was unknown so long ago that it would be asked again; return how much."""
        async with self._database.writing() as uow:
            return await uow.sources.forget_unknown(at - UNKNOWN_FOR)

    async def closures(self, at: datetime) -> Sequence[SourceClosure]:
        """Return everything that is closed."""
        async with self._database.reading() as uow:
            return await uow.sources.closures(at)

    async def close(self, closure: SourceClosure) -> None:
        """Close a part of a service; an earlier closure that ends later stays."""
        async with self._database.writing() as uow:
            await uow.sources.close(closure)

    async def count_call(self, source: str, bucket: str, day: date) -> int:
        """Count one call and return how many there were that day."""
        async with self._database.writing() as uow:
            return await uow.sources.count_call(source, bucket, day)
