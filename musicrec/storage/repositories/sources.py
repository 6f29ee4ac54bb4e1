"""What outside services answered, until when they are closed, how often they were called."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import case, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.source_answer import SourceAnswer, SourceClosure
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import SourceAnswerRow, SourceClosureRow

_AT_ONCE: Final = 1_000
"""Rows of one statement: databases limit the number of its parameters."""


class SourceRepository:
    """The tables ``source_answers`` and ``source_closures``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def answers(self, source: str, keys: Sequence[str]) -> Mapping[str, SourceAnswer]:
        """Return the kept answers to questions, by their key; the others are left out."""
        found: dict[str, SourceAnswer] = {}
        for start in range(0, len(keys), _AT_ONCE):
            statement = select(SourceAnswerRow).where(
                SourceAnswerRow.source == source,
                SourceAnswerRow.key.in_(keys[start : start + _AT_ONCE]),
            )
            statement = statement.execution_options(populate_existing=True)
            for row in await self._session.scalars(statement):
                found[row.key] = _answer(row)
        return found

    async def put_answers(self, answers: Sequence[SourceAnswer]) -> None:
        """Keep answers; a later one to the same question takes the place of the earlier."""
        for answer in answers:
            insert = insert_into(self._session, SourceAnswerRow).values(_values(answer))
            statement = insert.on_conflict_do_update(
                index_elements=[SourceAnswerRow.source, SourceAnswerRow.key],
                set_={
                    "answer": insert.excluded.answer,
                    "fetched_at": insert.excluded.fetched_at,
                    "licence": insert.excluded.licence,
                },
            )
            await self._session.execute(statement)

    async def forget_unknown(self, before: datetime) -> int:
        """Delete what was unknown before an instant, and return how much that was."""
        statement = (
            delete(SourceAnswerRow)
            .where(SourceAnswerRow.answer.is_(None), SourceAnswerRow.fetched_at < before)
            .returning(SourceAnswerRow.key)
        )
        return len((await self._session.scalars(statement)).all())

    async def close(self, closure: SourceClosure) -> None:
        """Close a part of a service; an earlier closure that ends later stays."""
        insert = insert_into(self._session, SourceClosureRow).values(
            source=closure.source,
            bucket=closure.bucket,
            closed_until=closure.closed_until,
            reason=closure.reason,
            n_calls=0,
        )
        stays = SourceClosureRow.closed_until > insert.excluded.closed_until
        statement = insert.on_conflict_do_update(
            index_elements=[SourceClosureRow.source, SourceClosureRow.bucket],
            set_={
                "closed_until": case(
                    (stays, SourceClosureRow.closed_until), else_=insert.excluded.closed_until
                ),
                "reason": case((stays, SourceClosureRow.reason), else_=insert.excluded.reason),
            },
        )
        await self._session.execute(statement)

    async def closures(self, at: datetime) -> list[SourceClosure]:
        """Return what is closed, by the names of the services."""
        statement = (
            select(SourceClosureRow)
            .where(SourceClosureRow.closed_until > at)
            .order_by(SourceClosureRow.source, SourceClosureRow.bucket)
            .execution_options(populate_existing=True)
        )
        rows = await self._session.scalars(statement)
        return [
            SourceClosure(row.source, row.bucket, row.closed_until, row.reason)
            for row in rows
            if row.closed_until is not None
        ]

    async def count_call(self, source: str, bucket: str, day: date) -> int:
        """Count one call and return how many there were that day; other days are forgotten."""
        insert = insert_into(self._session, SourceClosureRow).values(
            source=source, bucket=bucket, reason="", counted_on=day, n_calls=1
        )
        same_day = SourceClosureRow.counted_on == day
        statement = insert.on_conflict_do_update(
            index_elements=[SourceClosureRow.source, SourceClosureRow.bucket],
            set_={
                "counted_on": insert.excluded.counted_on,
                "n_calls": case((same_day, SourceClosureRow.n_calls + 1), else_=1),
            },
        ).returning(SourceClosureRow.n_calls)
        return (await self._session.scalars(statement)).one()


def _values(answer: SourceAnswer) -> dict[str, Any]:
    return {
        "source": answer.source,
        "key": answer.key,
        "answer": None if answer.answer is None else dict(answer.answer),
        "fetched_at": answer.fetched_at,
        "licence": answer.licence,
    }


def _answer(row: SourceAnswerRow) -> SourceAnswer:
    return SourceAnswer(row.source, row.key, row.answer, row.fetched_at, row.licence)
