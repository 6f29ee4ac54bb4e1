"""What those who manage a server want to have posted there by the clock."""

from dataclasses import dataclass, replace
from datetime import datetime

from musicrec.domain.server_post import ServerPlan, ServerPostKind
from musicrec.services.server_slots import slots
from musicrec.services.zones import zone_named
from musicrec.storage import Database


@dataclass(frozen=True, slots=True)
class PlanStarted:
    """A plan with when it is due first, aware UTC."""

    plan: ServerPlan
    first_at: datetime


class ServerPlanService:
    """Keeps the plans of servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, plan: ServerPlan) -> PlanStarted:
        """Post by a plan from now on; it takes the place of the server's earlier one.

        Raises:
            BadInputError: There is no such time zone; it may be named as people do.
        """
        plan = replace(plan, zone=zone_named(plan.zone))
        async with self._database.writing() as uow:
            # What was skipped may be made up for; what was sent is not sent twice on one day.
            await uow.planned_posts.drop_unsent(plan.guild_id, plan.kind)
            taken = await uow.planned_posts.dates_of(plan.guild_id, plan.kind)
            coming = slots(plan, plan.since)
            first_at = next(slot.due_at for slot in coming if slot.local_date not in taken)
            await uow.server_plans.put(plan, first_at)
        return PlanStarted(plan, first_at)

    async def end(self, guild_id: int, kind: ServerPostKind) -> bool:
        """Post nothing of that kind any more; tell whether anything was."""
        async with self._database.writing() as uow:
            return await uow.server_plans.forget(guild_id, kind)

    async def of_server(self, guild_id: int) -> list[ServerPlan]:
        """Return a server's plans, those with a trouble too."""
        async with self._database.reading() as uow:
            return await uow.server_plans.of_server(guild_id)
