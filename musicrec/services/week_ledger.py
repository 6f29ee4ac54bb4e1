"""Enters due slots into the ledger, each once, whatever the clock and the processes do."""

import logging
from datetime import datetime, timedelta
from typing import Final

from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import ListenerId
from musicrec.domain.week import Week, WeekState
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.week_slots import Slot, due_slots, slots
from musicrec.storage import Database

LATEST: Final = timedelta(days=3)
"""After its slot, how long a list is still brought."""

NOT_THERE: Final = "I was not running when it was due."

_MOST_MISSED: Final = timedelta(weeks=53)
_DAY: Final = timedelta(days=1)

_log = logging.getLogger(__name__)


async def enter_due(database: Database, at: datetime, *, most: int) -> int:
    """Enter every slot that has come of some plans; older ones than ``LATEST`` as skipped.

    Slots that were skipped while the clock was ahead are taken back first: they come again.

    Args:
        database: Where plans and ledger are.
        at: Now.
        most: Plans at most.

    Returns:
        How many plans were looked at; as many as ``most`` where more may be due.

    Raises:
        StorageError: The database is out of reach or failed.
    """
    await _retract(database, at)
    async with database.reading() as uow:
        due = await uow.weekly_plans.due(at, most=most)
    for listener_id in due:
        try:
            await _enter(database, listener_id, at)
        except BadInputError as error:  # the zone is not known any more
            _log.warning("The weekly list of a listener cannot be planned: %s", error)
            await _put_off(database, listener_id, str(error), at)
    return len(due)


async def _enter(database: Database, listener_id: ListenerId, at: datetime) -> None:
    async with database.writing() as uow:
        if not await uow.listeners.lock_known(listener_id):
            return
        plan = await uow.weekly_plans.get(listener_id)
        next_due = await uow.weekly_plans.next_due(listener_id)
        if plan is None or next_due is None or next_due > at:
            return
        for slot in _missing(plan, next_due, at):
            await uow.weeks.enter(_week(listener_id, slot, at))
        await uow.weekly_plans.move(listener_id, next(slots(plan, at)).due_at)


def _missing(plan: WeeklyPlan, next_due: datetime, at: datetime) -> list[Slot]:
    # Slots lie six days apart at least. A day earlier is the same slot, also where the zone's
    # rules were changed since it was worked out.
    return due_slots(plan, max(next_due, at - _MOST_MISSED) - _DAY, at)


def _week(listener_id: ListenerId, slot: Slot, at: datetime) -> Week:
    is_late = at - slot.due_at > LATEST
    state = WeekState.SKIPPED if is_late else WeekState.DUE
    problem = NOT_THERE if is_late else ""
    return Week(listener_id, slot.local_date, slot.due_at, state, problem=problem)


async def _retract(database: Database, at: datetime) -> None:
    async with database.reading() as uow:
        if not await uow.weeks.has_skipped(at):
            return
    async with database.writing() as uow:
        retracted = await uow.weeks.retract_skipped(at)
        for listener_id, due_at in retracted.items():
            await uow.weekly_plans.move(listener_id, due_at)
    _log.warning("The clock was ahead: skipped weeks of %d listeners come again.", len(retracted))


async def _put_off(database: Database, listener_id: ListenerId, trouble: str, at: datetime) -> None:
    async with database.writing() as uow:
        await uow.weekly_plans.set_trouble(listener_id, trouble)
        await uow.weekly_plans.move(listener_id, at + _DAY)
