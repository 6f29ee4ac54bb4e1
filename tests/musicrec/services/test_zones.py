"""Time zones by what people call them."""

from zoneinfo import ZoneInfo

import pytest

from musicrec.domain.errors import BadInputError
from musicrec.services.likely_zones import LIKELY_ZONES
from musicrec.services.zones import (
    country_of_zone,
    has_one_zone,
    likely_zone,
    zone_named,
    zone_of,
    zones_like,
)

GERMAN, AMERICAN = "de", "en-US"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("europe berlin", "Europe/Berlin"),
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


@pytest.mark.parametrize("written", ["Etc/GMT+5", "Etc/GMT-5", "etc/gmt+5", "etc/gmt-5"])
def test_zones_that_differ_in_a_sign_alone_are_not_mixed_up(written: str):
    assert zone_named(written).casefold() == written.casefold()


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
        ("../etc/passwd", "pick one of those that appear"),
        ("\x00", "pick one of those that appear"),
        ("", "pick one of those that appear"),
        ("/", "pick one of those that appear"),
        ("!!!", "pick one of those that appear"),
        ("x" * 300, "pick one of those that appear"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(written: str, hint: str):
    with pytest.raises(BadInputError, match=hint) as caught:
        zone_named(written)
    assert len(str(caught.value)) < 400


def test_a_stored_zone_is_taken_by_its_very_name():
    assert zone_of("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")
    for name in ("Tokyo", "Europe", "Mars/Olympus", "../etc/passwd", "", "/", "\x00"):
        with pytest.raises(BadInputError, match="I know no time zone"):
            zone_of(name)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("Berlim", "Europe/Berlin"),
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
    assert zones_like(typed, GERMAN, most=25)[0] == first


def test_without_text_the_likely_zones_of_the_language_come_first():
    assert zones_like("", GERMAN, most=25)[0] == "Europe/Berlin"
    assert zones_like("", AMERICAN, most=25)[:2] == ["America/New_York", "America/Chicago"]
    assert len(zones_like("", AMERICAN, most=25)) == 25


def test_big_cities_of_a_large_country_are_among_what_fits():
    found = zones_like("united states", AMERICAN, most=25)
    assert {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"} <= set(found)


def test_nothing_fits_nonsense():
    assert zones_like("xyzzy", GERMAN, most=25) == []


def test_likely_zones_are_zones_and_not_every_language_has_one():
    for zones in LIKELY_ZONES.values():
        assert [zone_named(zone) for zone in zones] == list(zones)
    assert likely_zone(GERMAN) == "Europe/Berlin"
    assert has_one_zone(GERMAN)
    assert likely_zone(AMERICAN) == "America/New_York"
    for ambiguous in (AMERICAN, "ru", "es-419"):
        assert not has_one_zone(ambiguous)
    assert likely_zone("tlh") == "UTC"
    assert not has_one_zone("tlh")


def test_a_zone_has_a_country_in_many_languages_or_none():
    assert country_of_zone("Europe/Berlin", "fr") == "Allemagne"
    assert country_of_zone("Europe/Berlin") == "Germany"
    assert country_of_zone("UTC", "fr") == ""
