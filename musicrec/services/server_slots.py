"""When something is due in a server: local wall-clock times, whatever a zone's clocks do.

A slot is a local date. A time that comes twice when clocks go back is due the first time; one that
is skipped when they go forward is due as much later as they skip.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Final

from musicrec.domain.server_post import Cadence, ServerPlan
from musicrec.services.zones import zone_of

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_LONGEST: Final = timedelta(days=15)
"""Within so long before any instant every cadence has a slot."""


@dataclass(frozen=True, slots=True)
class ServerSlot:
    """A date on which something is due, and the instant, aware UTC."""

    local_date: date
    due_at: datetime


def next_slot(plan: ServerPlan, after: datetime) -> ServerSlot:
    """Return a plan's first slot after an instant.

    Raises:
        BadInputError: There is no such time zone any more.
    """
    return next(slots(plan, after))


def last_slot(plan: ServerPlan, until: datetime) -> ServerSlot:
    """Return a plan's last slot that is not after an instant.

    Raises:
        BadInputError: There is no such time zone any more.
    """
    earlier = slots(plan, until - _LONGEST)
    return list(takewhile(lambda slot: slot.due_at <= until, earlier))[-1]


def slots(plan: ServerPlan, after: datetime) -> Iterator[ServerSlot]:
    """Yield a plan's slots after an instant, for ever.

    Raises:
        BadInputError: There is no such time zone any more.
    """
    zone = zone_of(plan.zone)
    day = after.astimezone(zone).date() - _DAY
    while True:
        if _is_on(plan, day):
            wall = datetime.combine(day, time(plan.minute // 60, plan.minute % 60), zone)
            due_at = wall.astimezone(UTC)
            if due_at > after:
                yield ServerSlot(day, due_at)
        day += _DAY


def _is_on(plan: ServerPlan, day: date) -> bool:
    if plan.cadence is Cadence.WEEKLY:
        return day.weekday() == plan.weekday
    return plan.cadence is Cadence.DAILY or day.weekday() < _SATURDAY
