"""When something is due in a server."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.server_post import Cadence, ServerPlan, ServerPostKind
from musicrec.services.server_slots import last_slot, next_slot

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def plan(cadence: Cadence, hour: int = 18, zone: str = "Europe/Berlin", weekday: int = 0):
    return ServerPlan(1, ServerPostKind.SONG, 2, cadence, weekday, hour * 60, zone, SINCE)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_daily_posts_keep_their_wall_clock_time_over_both_changes_of_the_clocks():
    summer = next_slot(plan(Cadence.DAILY), utc(2026, 7, 1))
    winter = next_slot(plan(Cadence.DAILY), utc(2026, 12, 1))
    assert summer.due_at == utc(2026, 7, 1, 16)
    assert winter.due_at == utc(2026, 12, 1, 17)


def test_weekdays_leave_the_weekend_out_by_the_local_calendar():
    friday = next_slot(plan(Cadence.WEEKDAYS), utc(2026, 11, 20, 12))
    after = next_slot(plan(Cadence.WEEKDAYS), friday.due_at)
    assert (friday.local_date, after.local_date) == (date(2026, 11, 20), date(2026, 11, 23))
    tokyo = next_slot(plan(Cadence.WEEKDAYS, 8, "Asia/Tokyo"), utc(2026, 11, 22, 12))
    assert tokyo.local_date == date(2026, 11, 23)
    assert tokyo.due_at == utc(2026, 11, 22, 23)


def test_weekly_posts_come_on_their_day_alone():
    slot = next_slot(plan(Cadence.WEEKLY, weekday=2), utc(2026, 11, 18, 17))
    assert slot.local_date == date(2026, 11, 25)
    assert last_slot(plan(Cadence.WEEKLY, weekday=2), slot.due_at) == slot


def test_a_time_that_comes_twice_is_due_once_and_one_that_is_skipped_is_due_later():
    twice = next_slot(plan(Cadence.DAILY, 2), utc(2026, 10, 24, 12))
    following = next_slot(plan(Cadence.DAILY, 2), twice.due_at)
    assert twice.due_at == utc(2026, 10, 25, 0)
    assert following.local_date == date(2026, 10, 26)
    skipped = next_slot(plan(Cadence.DAILY, 2), utc(2026, 3, 28, 12))
    assert (skipped.local_date, skipped.due_at) == (date(2026, 3, 29), utc(2026, 3, 29, 1))


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(list(Cadence)),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/New_York", "Asia/Kolkata"]),
    st.integers(0, 6),
    st.integers(0, 60 * 24 * 730),
)
def test_the_next_slot_is_the_last_one_when_it_has_come(
    cadence: Cadence, hour: int, zone: str, weekday: int, minutes: int
):
    one = plan(cadence, hour, zone, weekday)
    at = SINCE + timedelta(minutes=minutes)
    slot = next_slot(one, at)
    assert slot.due_at > at
    assert last_slot(one, slot.due_at) == slot
    before = last_slot(one, at)
    assert before.due_at <= at
    assert next_slot(one, before.due_at) == slot
