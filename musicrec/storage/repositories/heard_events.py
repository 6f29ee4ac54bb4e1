"""Which events were taken while two processes heard the same ones."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.storage.process_tables import HeardEventRow
from musicrec.storage.repositories.dialects import insert_into


class HeardEventRepository:
    """The table ``heard_events``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, event_id: int, at: datetime) -> bool:
        """Take an event; False where another process took it."""
        insert = insert_into(self._session, HeardEventRow).values(id=event_id, heard_at=at)
        taken = insert.on_conflict_do_nothing().returning(HeardEventRow.id)
        return await self._session.scalar(taken) is not None

    async def forget(self, before: datetime) -> None:
        """Forget what was taken before an instant."""
        await self._session.execute(delete(HeardEventRow).where(HeardEventRow.heard_at < before))
