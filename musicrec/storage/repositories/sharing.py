"""Who lets others on which server lean on their taste."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.sharing import SharedTaste
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import ModelRow, SharedTasteRow


class SharingRepository:
    """The table ``shared_tastes``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def share(self, guild_id: int, listener_id: ListenerId, at: datetime) -> None:
        """Note the listener's consent; an earlier one on this server keeps its time.

        The listener must be known (``ListenerRepository.lock``).
        """
        insert = insert_into(self._session, SharedTasteRow).values(
            guild_id=guild_id, listener_id=listener_id, since=at
        )
        await self._session.execute(insert.on_conflict_do_nothing())

    async def stop(self, guild_id: int, listener_id: ListenerId) -> bool:
        """Forget the listener's consent; tell whether there was one."""
        statement = (
            delete(SharedTasteRow)
            .where(SharedTasteRow.guild_id == guild_id, SharedTasteRow.listener_id == listener_id)
            .returning(SharedTasteRow.guild_id)
        )
        return (await self._session.scalar(statement)) is not None

    async def is_shared(self, guild_id: int, listener_id: ListenerId) -> bool:
        """Tell whether the listener consents on this server."""
        statement = select(SharedTasteRow.guild_id).where(
            SharedTasteRow.guild_id == guild_id, SharedTasteRow.listener_id == listener_id
        )
        return (await self._session.scalar(statement)) is not None

    async def neighbours(
        self, guild_id: int, listener_id: ListenerId, *, most: int
    ) -> list[ListenerId]:
        """Return others who consent on this server and have a model, most labels first."""
        newest = (
            select(func.max(ModelRow.id))
            .join(SharedTasteRow, SharedTasteRow.listener_id == ModelRow.listener_id)
            .where(SharedTasteRow.guild_id == guild_id, ModelRow.listener_id != listener_id)
            .group_by(ModelRow.listener_id)
        )
        statement = (
            select(ModelRow.listener_id)
            .where(ModelRow.id.in_(newest))
            .order_by(ModelRow.n_labels.desc(), ModelRow.listener_id)
            .limit(most)
        )
        return list((await self._session.scalars(statement)).all())

    async def list_all(self, listener_id: ListenerId) -> list[SharedTaste]:
        """Return the listener's consents on all servers, oldest first."""
        statement = (
            select(SharedTasteRow)
            .where(SharedTasteRow.listener_id == listener_id)
            .order_by(SharedTasteRow.since, SharedTasteRow.guild_id)
        )
        rows = await self._session.scalars(statement)
        return [SharedTaste(row.guild_id, row.listener_id, row.since) for row in rows]
