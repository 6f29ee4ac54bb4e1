"""When nothing unasked is sent."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.quiet import QuietHours
from musicrec.storage.quiet_tables import QuietHoursRow, QuietServerRow
from musicrec.storage.repositories.dialects import insert_into

_HOURS = ("begins", "ends", "zone")


class QuietHoursRepository:
    """The tables ``quiet_hours`` and ``quiet_servers``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, listener_id: ListenerId, hours: QuietHours) -> None:
        """Store a listener's hours in the place of earlier ones.

        The listener must be known (``ListenerRepository.lock``).
        """
        await self._put(QuietHoursRow, hours, listener_id=listener_id)

    async def get(self, listener_id: ListenerId) -> QuietHours | None:
        """Return a listener's hours."""
        return _hours(await self._session.get(QuietHoursRow, listener_id, populate_existing=True))

    async def delete_all(self, listener_id: ListenerId) -> int:
        """Forget a listener's hours and return of how many there were."""
        statement = (
            delete(QuietHoursRow)
            .where(QuietHoursRow.listener_id == listener_id)
            .returning(QuietHoursRow.listener_id)
        )
        return len((await self._session.scalars(statement)).all())

    async def put_server(self, guild_id: int, hours: QuietHours) -> None:
        """Store a server's hours in the place of earlier ones."""
        await self._put(QuietServerRow, hours, guild_id=guild_id)

    async def of_server(self, guild_id: int) -> QuietHours | None:
        """Return a server's hours."""
        return _hours(await self._session.get(QuietServerRow, guild_id, populate_existing=True))

    async def forget_server(self, guild_id: int) -> bool:
        """Forget a server's hours; tell whether there were any."""
        statement = (
            delete(QuietServerRow)
            .where(QuietServerRow.guild_id == guild_id)
            .returning(QuietServerRow.guild_id)
        )
        return await self._session.scalar(statement) is not None

    async def _put(
        self, table: type[QuietHoursRow | QuietServerRow], hours: QuietHours, **key: Any
    ) -> None:
        insert = insert_into(self._session, table).values(
            **key, begins=hours.begins, ends=hours.ends, zone=hours.zone
        )
        statement = insert.on_conflict_do_update(
            index_elements=[*key], set_={name: insert.excluded[name] for name in _HOURS}
        )
        await self._session.execute(statement)


def _hours(row: QuietHoursRow | QuietServerRow | None) -> QuietHours | None:
    return None if row is None else QuietHours(row.begins, row.ends, row.zone)
