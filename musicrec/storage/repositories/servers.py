"""Everything that is kept about one server, whatever tables there are."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.storage.personal import OF_SERVERS, table_of


class ServerRepository:
    """The tables of ``storage.personal.OF_SERVERS``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known(self) -> set[int]:
        """Return every server about which anything is kept."""
        known: set[int] = set()
        for row in OF_SERVERS:
            guild_id = table_of(row).c.guild_id
            found = await self._session.scalars(select(guild_id).distinct())
            known |= {one for one in found if one is not None}
        return known

    async def forget(self, guild_id: int) -> dict[str, int]:
        """Delete everything about a server; return for each table how much it was."""
        deleted: dict[str, int] = {}
        for row in OF_SERVERS:
            table = table_of(row)
            there = table.c.guild_id == guild_id
            n = await self._session.scalar(select(func.count()).select_from(table).where(there))
            await self._session.execute(delete(table).where(there))
            deleted[table.name] = n or 0
        return deleted
