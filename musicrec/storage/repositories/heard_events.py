"""Which events were taken while two processes heard the same ones."""

from datetime import datetime
from hashlib import blake2b

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

    async def switch(self, name: str, *, on: bool, at: datetime) -> bool:
        """Take a change of something that is on or off, whose changes have no numbers of their own.

        Whoever writes for the same name is kept out by the caller's lock.

        Returns:
            False where another process took it: where the latest change was to the same.
        """
        off_id, on_id = _ids_of(name)
        new, old = (on_id, off_id) if on else (off_id, on_id)
        is_taken = await self.claim(new, at)
        await self._session.execute(delete(HeardEventRow).where(HeardEventRow.id == old))
        return is_taken

    async def forget(self, before: datetime) -> None:
        """Forget what was taken before an instant."""
        await self._session.execute(delete(HeardEventRow).where(HeardEventRow.heard_at < before))


def _ids_of(name: str) -> tuple[int, int]:
    """Return two neighbours below zero, where no event of Discord's has its number."""
    even = int.from_bytes(blake2b(name.encode(), digest_size=7).digest()) * 2
    return -even - 1, -even - 2
