"""Turns at outside services, shared by all processes of a database."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.storage.column_types import UtcDateTime
from musicrec.storage.process_tables import ServiceTurnRow
from musicrec.storage.repositories.dialects import insert_into

_LONGEST: Final = timedelta(hours=1)
"""Nobody waits longer for a turn, so a later one was noted by a clock that was wrong."""


class TurnRepository:
    """The table ``service_turns``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def now(self) -> datetime:
        """Return the database's time, aware UTC: hosts may disagree by more than an interval."""
        now = await self._session.scalar(select(func.current_timestamp(type_=UtcDateTime())))
        if now is None:
            msg = "A database always knows the time."
            raise RuntimeError(msg)
        return now

    async def take(self, service: str, interval: timedelta, *, at: datetime) -> datetime:
        """Take the next turn, at or after ``at``; the one after it comes ``interval`` later."""
        turn = await self._next_at(service, at)
        await self._set(service, turn + interval)
        return turn

    async def put_off(self, service: str, until: datetime, *, at: datetime) -> None:
        """Let the next turn come no sooner than ``until``."""
        await self._set(service, max(await self._next_at(service, at), until))

    async def _next_at(self, service: str, at: datetime) -> datetime:
        """Return the next turn; whoever asks meanwhile waits until the transaction ends."""
        insert = insert_into(self._session, ServiceTurnRow).values(service=service, next_at=at)
        await self._session.execute(insert.on_conflict_do_nothing())
        statement = select(ServiceTurnRow.next_at).where(ServiceTurnRow.service == service)
        noted = await self._session.scalar(statement.with_for_update())
        return at if noted is None or noted > at + _LONGEST else max(noted, at)

    async def _set(self, service: str, next_at: datetime) -> None:
        rows = update(ServiceTurnRow).where(ServiceTurnRow.service == service)
        await self._session.execute(rows.values(next_at=next_at))
