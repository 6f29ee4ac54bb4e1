"""Plans of weekly lists, and when the next one is due."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.weekly_tables import WeeklyPlanRow


class WeeklyPlanRepository:
    """The table ``weekly_plans``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, plan: WeeklyPlan, next_due: datetime | None) -> None:
        """Store a plan in the stead of the listener's last one; the listener must be known.

        Args:
            plan: What they wish.
            next_due: The first slot that is not in the ledger; None while the plan is off.
        """
        values = asdict(plan) | {"next_due": next_due, "trouble_told": False}
        insert = insert_into(self._session, WeeklyPlanRow).values(values)
        others = {name: value for name, value in values.items() if name != "listener_id"}
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=[WeeklyPlanRow.listener_id], set_=others)
        )

    async def get(self, listener_id: ListenerId) -> WeeklyPlan | None:
        """Return a listener's plan."""
        row = await self._row(listener_id)
        return None if row is None else _plan(row)

    async def next_due(self, listener_id: ListenerId) -> datetime | None:
        """Return the first slot that is not in the ledger, aware UTC; None while none is due."""
        row = await self._row(listener_id)
        return None if row is None else row.next_due

    async def due(self, at: datetime, *, most: int) -> list[ListenerId]:
        """Return whose next slot has come, those who wait longest first."""
        statement = (
            select(WeeklyPlanRow.listener_id)
            .where(WeeklyPlanRow.next_due <= at)
            .order_by(WeeklyPlanRow.next_due, WeeklyPlanRow.listener_id)
            .limit(most)
        )
        return list(await self._session.scalars(statement))

    async def move(self, listener_id: ListenerId, next_due: datetime) -> None:
        """Say which slot is the first that the ledger does not have; of a plan that is on."""
        await self._update(listener_id, {"next_due": next_due}, WeeklyPlanRow.is_on)

    async def set_trouble(self, listener_id: ListenerId, trouble: str) -> None:
        """Say why the last list could not be delivered; empty where all is well."""
        is_other = WeeklyPlanRow.trouble != trouble
        await self._update(listener_id, {"trouble": trouble, "trouble_told": False}, is_other)

    async def has_untold_trouble(self, listener_id: ListenerId) -> bool:
        """Tell whether there is trouble that the listener was not told of."""
        statement = select(WeeklyPlanRow.listener_id).where(*_untold(listener_id))
        return await self._session.scalar(statement) is not None

    async def tell_trouble(self, listener_id: ListenerId) -> str:
        """Return trouble that the listener was not told of, to one caller; empty for none."""
        statement = (
            update(WeeklyPlanRow)
            .where(*_untold(listener_id))
            .values(trouble_told=True)
            .returning(WeeklyPlanRow.trouble)
        )
        return await self._session.scalar(statement) or ""

    async def set_adventure(self, listener_id: ListenerId, adventure: float, *, was: float) -> None:
        """Move the adventure, unless the listener chose another one meanwhile."""
        await self._update(listener_id, {"adventure": adventure}, WeeklyPlanRow.adventure == was)

    async def set_spotify_playlist(self, listener_id: ListenerId, playlist_id: str) -> None:
        """Remember which playlist is overwritten."""
        await self._update(listener_id, {"spotify_playlist_id": playlist_id})

    async def _row(self, listener_id: ListenerId) -> WeeklyPlanRow | None:
        statement = select(WeeklyPlanRow).where(WeeklyPlanRow.listener_id == listener_id)
        return await self._session.scalar(statement)

    async def _update(
        self, listener_id: ListenerId, values: Mapping[str, Any], *which: Any
    ) -> None:
        statement = update(WeeklyPlanRow).where(WeeklyPlanRow.listener_id == listener_id, *which)
        await self._session.execute(statement.values(values))


def _untold(listener_id: ListenerId) -> tuple[ColumnElement[bool], ...]:
    return (
        WeeklyPlanRow.listener_id == listener_id,
        WeeklyPlanRow.trouble != "",
        WeeklyPlanRow.trouble_told.is_(False),
    )


def _plan(row: WeeklyPlanRow) -> WeeklyPlan:
    return WeeklyPlan(
        listener_id=row.listener_id,
        weekday=row.weekday,
        minute=row.minute,
        zone=row.zone,
        place=row.place,
        since=row.since,
        channel_id=row.channel_id,
        guild_id=row.guild_id,
        is_on=row.is_on,
        n_songs=row.n_songs,
        adventure=row.adventure,
        spotify=row.spotify,
        spotify_playlist_id=row.spotify_playlist_id,
        trouble=row.trouble,
    )
