"""Times of day, time zones and honest sentences of weekly lists."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import discord
import pytest

from cogs.weekly.hours import clock, minute_of
from cogs.weekly.likely_zones import LIKELY_ZONES
from cogs.weekly.text import long_date, receipt_text, slot_words, song_line
from cogs.weekly.zones import (
    assumed_zone,
    is_clear,
    matching_zones,
    offset_words,
    zone_line,
    zone_named,
)
from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, Receipt, WeekSong
from musicrec.domain.week_kinds import songs_of_kinds

NOON = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
GERMAN, AMERICAN = discord.Locale.german, discord.Locale.american_english


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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Japan", "Asia/Tokyo"),
        ("US/Eastern", "US/Eastern"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_name_its_city_or_a_country_with_one(written: str, meant: str):
    assert zone_named(written) == meant
    ZoneInfo(zone_named(written))


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Berln", "Did you mean Europe/Berlin"),
        ("Europe/Berlni", "Did you mean Europe/Berlin"),
        ("United States", "Did you mean America/Chicago, America/Denver"),
        ("Germany", "Did you mean Europe/Berlin, Europe/Busingen"),
        ("Mars/Phobos", "pick one of those that appear"),
        ("localtime", "pick one of those that appear"),
        ("EST", "pick one of those that appear"),
        ("!!!", "pick one of those that appear"),
        ("x" * 300, "pick one of those that appear"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(written: str, hint: str):
    with pytest.raises(BadInputError, match=hint) as caught:
        zone_named(written)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("germ", "Europe/Berlin"),
        ("Deutschl", "Europe/Berlin"),
        ("new yo", "America/New_York"),
        ("são pau", "America/Sao_Paulo"),
        ("kolk", "Asia/Kolkata"),
        ("indien", "Asia/Kolkata"),
        ("utc", "UTC"),
    ],
)
def test_zones_are_completed_by_city_and_by_country_in_two_languages(typed: str, first: str):
    assert matching_zones(typed, GERMAN, most=25)[0] == first


def test_without_text_the_likely_zones_of_the_language_come_first():
    assert matching_zones("", GERMAN, most=25)[0] == "Europe/Berlin"
    assert matching_zones("", AMERICAN, most=25)[:2] == ["America/New_York", "America/Chicago"]
    assert len(matching_zones("", AMERICAN, most=25)) == 25


def test_big_cities_of_a_large_country_are_among_what_fits():
    found = matching_zones("united states", AMERICAN, most=25)
    assert {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"} <= set(found)


def test_nothing_fits_nonsense():
    assert matching_zones("xyzzy", GERMAN, most=25) == []


def test_a_zone_is_shown_with_its_country_and_its_time():
    assert zone_line("Europe/Berlin", GERMAN, NOON) == (
        "Europe/Berlin · Deutschland · 14:05 now (UTC+1)"
    )
    assert zone_line("Asia/Kolkata", AMERICAN, NOON) == (
        "Asia/Kolkata · India · 18:35 now (UTC+5:30)"
    )
    assert zone_line("UTC", AMERICAN, NOON) == "UTC · 13:05 now (UTC)"
    assert offset_words(NOON.astimezone(ZoneInfo("America/St_Johns"))) == "UTC-3:30"


def test_every_language_of_discord_has_a_likely_zone_and_not_every_one_is_clear():
    assert {locale.value for locale in discord.Locale} == set(LIKELY_ZONES)
    for zones in LIKELY_ZONES.values():
        assert [zone_named(zone) for zone in zones] == list(zones)
    assert assumed_zone(GERMAN) == "Europe/Berlin"
    assert is_clear(GERMAN)
    assert assumed_zone(AMERICAN) == "America/New_York"
    for ambiguous in (AMERICAN, discord.Locale.russian, discord.Locale.latin_american_spanish):
        assert not is_clear(ambiguous)


@pytest.mark.parametrize("locale", list(discord.Locale))
def test_zones_can_be_shown_in_every_language(locale: discord.Locale):
    assert len(zone_line("America/Argentina/ComodRivadavia", locale, NOON)) <= 100
    assert matching_zones("berlin", locale, most=25) == ["Europe/Berlin"]


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
