"""Times of day and honest sentences of weekly lists."""

from datetime import UTC, date, datetime

import pytest

from cogs.weekly.hours import clock, minute_of
from cogs.weekly.text import long_date, receipt_text, slot_words, song_line
from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, Receipt, WeekSong
from musicrec.domain.week_kinds import songs_of_kinds


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("18", "18:00"),
        (" 7 ", "7:00"),
        ("18:30", "18:30"),
        ("18.30", "18:30"),
        ("18h", "18:00"),
        ("18h30", "18:30"),
        ("6pm", "18:00"),
        ("6 PM", "18:00"),
        ("6:30 p.m.", "18:30"),
        ("12am", "0:00"),
        ("12pm", "12:00"),
        ("0", "0:00"),
        ("23:59", "23:59"),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, read: str):
    assert clock(minute_of(written)) == read


@pytest.mark.parametrize(
    "written",
    ["29:00", "25", "24", "24:00", "18:60", "13pm", "0am", "-1", "18:3", "noon", "", "١٨"],
)
def test_what_is_no_time_of_day_is_refused_with_an_example(written: str):
    with pytest.raises(BadInputError, match="18, 18:30 or 6pm"):
        minute_of(written)


def test_slots_are_said_by_the_local_calendar():
    assert slot_words(datetime(2026, 11, 27, 18, 0, tzinfo=UTC)) == "Friday 27 November, 18:00"
    assert long_date(date(2026, 11, 7)) == "Saturday 7 November 2026"


def test_the_dial_moves_songs_from_new_to_exploring():
    assert dict(songs_of_kinds(30, 0.5)) == {
        PickKind.FAMILIAR: 2,
        PickKind.NEW: 24,
        PickKind.EXPLORING: 4,
    }
    assert songs_of_kinds(30, 0)[PickKind.EXPLORING] == 0
    assert songs_of_kinds(30, 1)[PickKind.EXPLORING] == 10
    for n in range(10, 51):
        for percent in range(101):
            kinds = songs_of_kinds(n, percent / 100)
            assert kinds.total() == n
            assert min(kinds.values()) >= 0


def test_the_receipt_says_how_much_was_rated_beside_how_much_was_liked():
    said = receipt_text(Receipt(30, 21, 9, 4, 4, 2, 0.55, 0))
    assert "**9 of the 21** you rated, of 30 that I showed" in said
    assert "You found 4 new artists in it" in said
    assert "you liked 2 of 4, so adventure stands at 55 of 100" in said
    assert "in between" not in said
    assert "leans" not in said


def test_the_receipt_says_where_the_list_follows_the_answers():
    said = receipt_text(Receipt(30, 21, 9, 4, 4, 2, 0.55, leans=("slower", "more acoustic")))
    assert "What you liked was slower and more acoustic than what you did not" in said
    assert "so this list leans that way too" in said


def test_a_receipt_of_nothing_rated_claims_nothing():
    said = receipt_text(Receipt(30, 0, 0, 0, 0, 0, 0.5, 2))
    assert "you rated none" in said
    assert "2 lists in between could not be brought to you" in said
    assert "liked" not in said


def test_a_song_line_is_literal_and_leaves_out_what_is_not_known():
    song = WeekSong(7, TrackId("x"), "@everyone *hi*", (), None, PickKind.EXPLORING, "", "u" * 999)
    assert song_line(song) == "**7.** **@\u200beveryone \\*hi\\*** — Unknown artist\n🧭 exploring"
    bare = WeekSong(1, TrackId("x"), "", (), None, PickKind.NEW, "")
    assert song_line(bare) == "**1.** **Untitled** — Unknown artist"
