"""What is posted in which server by the clock."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.server_post import ServerPlan, ServerPostKind
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.social_tables import ServerPlanRow

_CHOSEN = ("channel_id", "cadence", "weekday", "minute", "zone", "since", "next_due", "trouble")


class ServerPlanRepository:
    """The table ``server_plans``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, plan: ServerPlan, next_due: datetime) -> None:
        """Store a plan that is on; it takes the place of an earlier one."""
        insert = insert_into(self._session, ServerPlanRow).values(
            guild_id=plan.guild_id,
            kind=plan.kind,
            channel_id=plan.channel_id,
            cadence=plan.cadence,
            weekday=plan.weekday,
            minute=plan.minute,
            zone=plan.zone,
            since=plan.since,
            next_due=next_due,
            trouble="",
        )
        statement = insert.on_conflict_do_update(
            index_elements=[ServerPlanRow.guild_id, ServerPlanRow.kind],
            set_={name: insert.excluded[name] for name in _CHOSEN},
        )
        await self._session.execute(statement)

    async def get(self, guild_id: int, kind: ServerPostKind) -> ServerPlan | None:
        """Return a server's plan."""
        row = await self._session.get(ServerPlanRow, (guild_id, kind), populate_existing=True)
        return None if row is None else _plan(row)

    async def of_server(self, guild_id: int) -> list[ServerPlan]:
        """Return all plans of a server, by their kind."""
        statement = select(ServerPlanRow).where(ServerPlanRow.guild_id == guild_id)
        rows = await self._session.scalars(statement.order_by(ServerPlanRow.kind))
        return [_plan(row) for row in rows]

    async def due(self, at: datetime, *, most: int) -> list[ServerPlan]:
        """Return plans with a slot that has come and is not entered, the longest due first."""
        statement = (
            select(ServerPlanRow)
            .where(ServerPlanRow.next_due <= at)
            .order_by(ServerPlanRow.next_due, ServerPlanRow.guild_id, ServerPlanRow.kind)
            .limit(most)
        )
        return [_plan(row) for row in await self._session.scalars(statement)]

    async def move(self, plan: ServerPlan, next_due: datetime) -> bool:
        """Note the next slot of a plan that is on and was not chosen anew meanwhile."""
        return await self._update(plan, next_due=next_due)

    async def turn_off(self, plan: ServerPlan, trouble: str) -> bool:
        """Post nothing more by a plan that was not chosen anew meanwhile, and say why."""
        return await self._update(plan, next_due=None, trouble=trouble)

    async def forget(self, guild_id: int, kind: ServerPostKind | None = None) -> bool:
        """Forget a server's plan, or all of them; tell whether there was one that was on."""
        statement = delete(ServerPlanRow).where(ServerPlanRow.guild_id == guild_id)
        if kind is not None:
            statement = statement.where(ServerPlanRow.kind == kind)
        gone = (await self._session.scalars(statement.returning(ServerPlanRow.next_due))).all()
        return any(next_due is not None for next_due in gone)

    async def _update(self, plan: ServerPlan, **values: object) -> bool:
        statement = (
            update(ServerPlanRow)
            .where(
                ServerPlanRow.guild_id == plan.guild_id,
                ServerPlanRow.kind == plan.kind,
                ServerPlanRow.since == plan.since,
                ServerPlanRow.next_due.is_not(None),
            )
            .values(**values)
            .returning(ServerPlanRow.guild_id)
        )
        return await self._session.scalar(statement) is not None


def _plan(row: ServerPlanRow) -> ServerPlan:
    return ServerPlan(
        guild_id=row.guild_id,
        kind=row.kind,
        channel_id=row.channel_id,
        cadence=row.cadence,
        weekday=row.weekday,
        minute=row.minute,
        zone=row.zone,
        since=row.since,
        is_on=row.next_due is not None,
        trouble=row.trouble,
    )
