"""The answers of the last hour: what is counted, and what is an hour old."""

from cogs._last_hour import HourTally, LastHour

MINUTE = 60.0


def test_a_young_bot_says_since_when_it_counts():
    hour = LastHour(1_000.0)
    assert hour.tally(1_001.0) == HourTally(0, 0, minutes=1)
    hour.count(1_000.0 + 11.5 * MINUTE, is_failure=True)
    hour.count(1_000.0 + 11.6 * MINUTE, is_failure=False)
    assert hour.tally(1_000.0 + 11.9 * MINUTE) == HourTally(2, 1, minutes=12)


def test_what_is_older_than_an_hour_is_forgotten():
    hour = LastHour(0.0)
    for minute in range(200):
        hour.count(minute * MINUTE, is_failure=minute % 2 == 0)
    assert hour.tally(199 * MINUTE) == HourTally(60, 30, minutes=60)
    assert hour.tally(230 * MINUTE) == HourTally(29, 14, minutes=60)
    assert hour.tally(10_000 * MINUTE) == HourTally(0, 0, minutes=60)


def test_a_minute_that_was_left_out_is_empty():
    hour = LastHour(0.0)
    hour.count(0.0, is_failure=False)
    hour.count(60.5 * MINUTE, is_failure=False)
    assert hour.tally(60.5 * MINUTE) == HourTally(1, 0, minutes=60)
