"""When weekly lists are due: local wall-clock times, whatever a zone's clocks do.

A slot is a local date. At a local time that is skipped when clocks go forward, it is due at the
next one that exists; at one that comes twice when they go back, it is due the first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo

from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.zones import zone_of

LEAST_DAYS_BETWEEN: Final = 4
"""After a plan was moved, days from the last list to the first one of the new plan."""

_WEEK: Final = timedelta(weeks=1)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A date on which a list is due, and the instant, aware UTC."""

    local_date: date
    due_at: datetime


def next_slot(plan: WeeklyPlan, after: datetime) -> datetime:
    """Return the plan's first slot after an instant, in the plan's zone.

    Raises:
        BadInputError: There is no such zone any more.
    """
    return next(slots(plan, after)).due_at.astimezone(zone_of(plan.zone))


def slots(plan: WeeklyPlan, after: datetime) -> Iterator[Slot]:
    """Yield the plan's slots after an instant, for ever.

    Raises:
        BadInputError: There is no such zone any more.
    """
    zone = zone_of(plan.zone)
    day = after.astimezone(zone).date()
    day += timedelta(days=(plan.weekday - day.weekday()) % 7)
    while True:
        due_at = instant(day, plan.minute, zone)
        if due_at > after:
            yield Slot(day, due_at)
        day += _WEEK


def due_slots(plan: WeeklyPlan, after: datetime, until: datetime) -> list[Slot]:
    """Return the plan's slots after one instant and not after another."""
    return list(takewhile(lambda slot: slot.due_at <= until, slots(plan, after)))


def first_slot(plan: WeeklyPlan, after: datetime, last: date | None) -> Slot:
    """Return the first slot of a plan that was turned on or moved.

    Two lists are never due in the same local week, Monday to Sunday, nor within
    ``LEAST_DAYS_BETWEEN``: whoever got Monday's list and moves to Friday gets the next one on the
    Friday after.

    Args:
        plan: The new one.
        after: When it was turned on or moved.
        last: Local date of the last list that was or will be delivered.
    """
    return next(slot for slot in slots(plan, after) if last is None or _may_follow(slot, last))


def _may_follow(slot: Slot, last: date) -> bool:
    is_later_week = _monday_of(slot.local_date) > _monday_of(last)
    return is_later_week and (slot.local_date - last).days >= LEAST_DAYS_BETWEEN


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return when a local day reaches a minute, aware UTC, whatever the clocks do that day."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    # Only a wall time that does not exist is earlier the second time than the first: it is read
    # by the offset after the gap then, and lies before it.
    return _end_of_gap(wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC), zone)


def _end_of_gap(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Find the second at which the clocks go forward, between one before and one not before.

    Returns:
        That second; ``late`` where it is no later than ``early``, and there is no gap.
    """
    offset = late.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + ((late - early) // 2 // _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late
