"""Listeners: who is known, and the queue of those who write for one of them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import ListenerRow


class ListenerRepository:
    """The table ``listeners``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, listener_id: ListenerId, at: datetime) -> None:
        """Make the listener known and be the only writer for them until the transaction ends.

        Args:
            listener_id: Whose data is about to change.
            at: Aware time; becomes ``created_at`` of a listener who was not known.
        """
        insert = insert_into(self._session, ListenerRow).values(id=listener_id, created_at=at)
        # One statement creates or locks: between two, another transaction could delete the row.
        statement = insert.on_conflict_do_update(
            index_elements=[ListenerRow.id], set_={"created_at": ListenerRow.created_at}
        )
        await self._session.execute(statement)

    async def lock_known(self, listener_id: ListenerId) -> bool:
        """Be the only writer for a listener who is known; tell whether they are."""
        statement = select(ListenerRow.id).where(ListenerRow.id == listener_id).with_for_update()
        return await self._session.scalar(statement) is not None

    async def created_at(self, listener_id: ListenerId) -> datetime | None:
        """Return when the listener became known, aware UTC."""
        statement = select(ListenerRow.created_at).where(ListenerRow.id == listener_id)
        return await self._session.scalar(statement)

    async def delete(self, listener_id: ListenerId) -> None:
        """Forget the listener with all labels, shortlists and models."""
        await self._session.execute(delete(ListenerRow).where(ListenerRow.id == listener_id))
