"""When something is due in a server: local wall-clock times, whatever a zone's clocks do.

A slot is a local date. A time that comes twice when clocks go back is due the first time; one that
is skipped when they go forward is due as much later as they skip.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from musicrec.domain.errors import BadInputError
from musicrec.domain.server_post import Cadence, ServerPlan

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


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        BadInputError: There is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"there is no time zone {name[:40]!r}; zones are written like Europe/Berlin."
        raise BadInputError(msg) from error


def zones_like(text: str, *, limit: int) -> list[str]:
    """Complete the name of a time zone, those that begin so first."""
    wanted = text.strip().replace(" ", "_").casefold()
    found = [name for name in _zones() if wanted in name.casefold()]
    begins = [name for name in found if name.rpartition("/")[2].casefold().startswith(wanted)]
    return list(dict.fromkeys((*begins, *found)))[:limit]


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


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones() - {"localtime", "Factory"}))
