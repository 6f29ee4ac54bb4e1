"""In which channel of a server links of songs become cards."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import LinkChannelRow


class LinkChannelRepository:
    """The table ``link_channels``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def choose(self, guild_id: int, channel_id: int, at: datetime) -> None:
        """Note a server's channel; it takes the place of an earlier one."""
        insert = insert_into(self._session, LinkChannelRow).values(
            guild_id=guild_id, channel_id=channel_id, since=at
        )
        statement = insert.on_conflict_do_update(
            index_elements=[LinkChannelRow.guild_id],
            set_={"channel_id": insert.excluded.channel_id, "since": insert.excluded.since},
        )
        await self._session.execute(statement)

    async def channel_of(self, guild_id: int) -> int | None:
        """Return a server's channel."""
        statement = select(LinkChannelRow.channel_id).where(LinkChannelRow.guild_id == guild_id)
        return await self._session.scalar(statement)

    async def forget(self, guild_id: int) -> bool:
        """Forget a server's channel; tell whether there was one."""
        statement = (
            delete(LinkChannelRow)
            .where(LinkChannelRow.guild_id == guild_id)
            .returning(LinkChannelRow.guild_id)
        )
        return (await self._session.scalar(statement)) is not None
