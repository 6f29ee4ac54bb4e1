"""Who agreed on which server to have their taste compared."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.together import ComparableTaste
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.social_tables import ComparableTasteRow


class ComparingRepository:
    """The table ``comparable_tastes``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def allow(self, guild_id: int, listener_id: ListenerId, at: datetime) -> None:
        """Note the listener's consent; an earlier one on this server keeps its time.

        The listener must be known (``ListenerRepository.lock``).
        """
        insert = insert_into(self._session, ComparableTasteRow).values(
            guild_id=guild_id, listener_id=listener_id, since=at
        )
        await self._session.execute(insert.on_conflict_do_nothing())

    async def stop(self, guild_id: int, listener_id: ListenerId) -> bool:
        """Forget the listener's consent; tell whether there was one."""
        statement = (
            delete(ComparableTasteRow)
            .where(
                ComparableTasteRow.guild_id == guild_id,
                ComparableTasteRow.listener_id == listener_id,
            )
            .returning(ComparableTasteRow.guild_id)
        )
        return (await self._session.scalar(statement)) is not None

    async def those_who_allow(
        self, guild_id: int, listeners: Collection[ListenerId]
    ) -> set[ListenerId]:
        """Return those of some listeners who consent on this server."""
        statement = select(ComparableTasteRow.listener_id).where(
            ComparableTasteRow.guild_id == guild_id, ComparableTasteRow.listener_id.in_(listeners)
        )
        return set(await self._session.scalars(statement))

    async def list_all(self, listener_id: ListenerId) -> list[ComparableTaste]:
        """Return the listener's consents on all servers, oldest first."""
        statement = (
            select(ComparableTasteRow)
            .where(ComparableTasteRow.listener_id == listener_id)
            .order_by(ComparableTasteRow.since, ComparableTasteRow.guild_id)
        )
        rows = await self._session.scalars(statement)
        return [ComparableTaste(row.guild_id, row.listener_id, row.since) for row in rows]
