"""Everything about one listener, whatever tables there are."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.storage.packing import unpack
from musicrec.storage.personal import PERSONAL, PersonalTable, is_of

Row: TypeAlias = dict[str, Any]


class PersonalRepository:
    """The tables of ``storage.personal.PERSONAL``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def counts(self, listener_id: ListenerId) -> dict[str, int]:
        """Return for each table how many rows are the listener's."""
        return {each.table.name: await self._count(each, listener_id) for each in PERSONAL}

    async def rows(self, listener_id: ListenerId) -> dict[str, list[Row]]:
        """Return for each table the listener's rows as plain values, oldest first.

        Keys to accounts and models themselves are left out; packed lists are unpacked.
        """
        return {each.table.name: await self._rows(each, listener_id) for each in PERSONAL}

    async def end_consents(self, listener_id: ListenerId) -> int:
        """Forget whatever the listener allowed others on any server; return how much it was."""
        consents = [each for each in PERSONAL if each.is_consent]
        n_ended = 0
        for each in consents:
            n_ended += await self._count(each, listener_id)
            mine = is_of(each.table, listener_id)
            await self._session.execute(delete(each.table).where(mine))
        return n_ended

    async def _count(self, each: PersonalTable, listener_id: ListenerId) -> int:
        mine = is_of(each.table, listener_id)
        statement = select(func.count()).select_from(each.table).where(mine)
        return await self._session.scalar(statement) or 0

    async def _rows(self, each: PersonalTable, listener_id: ListenerId) -> list[Row]:
        table = each.table
        columns = [column for column in table.c if column.name not in each.kept_back]
        mine = is_of(table, listener_id)
        statement = select(*columns).where(mine).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in (await self._session.execute(statement)).mappings()]
        for row in rows:
            row |= {name: await unpack(row[name], _plain) for name in each.packed}
        return rows


def _plain(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return data
