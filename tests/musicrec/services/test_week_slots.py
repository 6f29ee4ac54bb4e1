"""When weekly lists are due, in many zones and years."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.ids import ListenerId
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.services.week_slots import (
    LEAST_DAYS_BETWEEN,
    due_slots,
    first_slot,
    next_slot,
    slots,
)

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
MONDAY, SUNDAY = 0, 6
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def plan(weekday: int, hour: int, minute: int = 0, zone: str = "Europe/Berlin") -> WeeklyPlan:
    return WeeklyPlan(ListenerId(1), weekday, 60 * hour + minute, zone, PlaceOfWeek.DM, SINCE)


plans = st.builds(
    plan, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59), st.sampled_from(ZONES)
)
instants = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_the_wall_clock_stays_when_the_clocks_change():
    at = utc(2026, 3, 22)
    found = [next_slot(plan(MONDAY, 9), at + timedelta(weeks=number)) for number in range(3)]
    assert [(slot.hour, slot.utcoffset()) for slot in found] == [
        (9, timedelta(hours=1)),
        (9, timedelta(hours=2)),
        (9, timedelta(hours=2)),
    ]


def test_a_time_that_is_skipped_becomes_the_next_one_that_exists():
    for minute in (0, 10, 30, 59):
        slot = next(slots(plan(SUNDAY, 2, minute), utc(2027, 3, 27)))
        assert (slot.local_date, slot.due_at) == (date(2027, 3, 28), utc(2027, 3, 28, 1))
        assert slot.due_at.tzinfo is UTC


def test_a_time_that_comes_twice_is_the_first_one_and_once():
    found = due_slots(plan(SUNDAY, 2, 30), utc(2026, 10, 24), utc(2026, 10, 26))
    assert [slot.due_at for slot in found] == [utc(2026, 10, 25, 0, 30)]


def test_a_day_that_a_zone_left_out_is_due_when_the_next_begins():
    slot = next(slots(plan(4, 12, zone="Pacific/Apia"), utc(2011, 12, 28)))
    assert (slot.local_date, slot.due_at) == (date(2011, 12, 30), utc(2011, 12, 30, 10))


def test_a_slot_that_has_come_is_not_the_next_one():
    monday = utc(2026, 11, 23, 8)
    assert next_slot(plan(MONDAY, 9), monday) == monday + timedelta(weeks=1)
    assert next_slot(plan(MONDAY, 9), monday - timedelta(seconds=1)) == monday


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_day_is_that_of_the_zone_and_the_instant_is_utc(zone: str):
    local = datetime(2026, 11, 23, tzinfo=ZoneInfo(zone))
    for hour in (0, 12, 23):
        after = local.replace(hour=hour).astimezone(UTC)
        slot = next(slots(plan(MONDAY, hour, 59, zone), after))
        assert slot.local_date == local.date()
        assert slot.due_at - after == timedelta(minutes=59)
        assert slot.due_at.tzinfo is UTC


@settings(deadline=None, max_examples=300)
@given(plans, instants)
def test_slots_are_weekly_on_their_day_and_at_their_time_unless_it_is_skipped(
    some: WeeklyPlan, after: datetime
):
    found = due_slots(some, after, after + timedelta(weeks=60))
    zone = ZoneInfo(some.zone)
    assert 59 <= len(found) <= 61
    assert after < found[0].due_at <= after + timedelta(days=8)
    for earlier, later in pairwise(found):
        assert later.local_date - earlier.local_date == timedelta(days=7)
        assert earlier.due_at < later.due_at
    for slot in found:
        local = slot.due_at.astimezone(zone)
        assert slot.local_date.weekday() == some.weekday
        minute = 60 * local.hour + local.minute
        is_on_time = local.date() == slot.local_date and minute == some.minute
        assert is_on_time or is_end_of_gap(slot.due_at, zone)
        assert local.fold == 0 or not is_on_time


def is_end_of_gap(instant: datetime, zone: ZoneInfo) -> bool:
    before = (instant - timedelta(seconds=1)).astimezone(zone).utcoffset()
    after = instant.astimezone(zone).utcoffset()
    return before is not None and after is not None and before < after


@settings(deadline=None, max_examples=200)
@given(plans, instants, st.lists(st.integers(0, 20 * 24 * 60), max_size=8))
def test_however_time_is_cut_into_pieces_every_slot_is_due_once(
    some: WeeklyPlan, start: datetime, minutes: list[int]
):
    end = start + timedelta(days=20)
    cuts = [start, *sorted(start + timedelta(minutes=cut) for cut in minutes), end]
    pieces = [slot for after, until in pairwise(cuts) for slot in due_slots(some, after, until)]
    assert pieces == due_slots(some, start, end)


@settings(deadline=None, max_examples=200)
@given(plans, instants, st.integers(0, 30))
def test_a_moved_plan_never_brings_two_lists_in_a_week(
    some: WeeklyPlan, after: datetime, days_ago: int
):
    last = after.date() - timedelta(days=days_ago)
    first = first_slot(some, after, last)
    assert first.due_at > after
    assert first.local_date.isocalendar()[:2] != last.isocalendar()[:2]
    assert (first.local_date - last).days >= LEAST_DAYS_BETWEEN
    assert first.due_at <= after + timedelta(days=16)


@pytest.mark.parametrize(
    ("weekday", "expected"),
    [
        (4, date(2026, 12, 4)),  # the Friday after the next Monday, for this week had its list
        (MONDAY, date(2026, 11, 30)),
        (SUNDAY, date(2026, 12, 6)),
    ],
)
def test_who_had_mondays_list_and_moves_waits_for_the_next_week(weekday: int, expected: date):
    tuesday = utc(2026, 11, 24, 12)
    assert first_slot(plan(weekday, 9), tuesday, date(2026, 11, 23)).local_date == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2026, 11, 19), date(2026, 11, 23)),  # Thursday's
        (date(2026, 11, 20), date(2026, 11, 30)),  # Friday's: Monday is three days later
        (date(2026, 11, 22), date(2026, 11, 30)),  # Sunday's
    ],
)
def test_mondays_list_follows_none_of_the_last_three_days(last: date, expected: date):
    sunday = utc(2026, 11, 22, 12)
    assert first_slot(plan(MONDAY, 9), sunday, last).local_date == expected


def test_who_had_no_list_yet_gets_the_next_slot():
    at = utc(2026, 11, 22, 12)
    assert first_slot(plan(MONDAY, 9), at, None).local_date == date(2026, 11, 23)
