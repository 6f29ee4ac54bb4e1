"""Time zones as Discord shows them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import discord
import pytest

from cogs._zones import offset_words, zone_line
from musicrec.services import zones_like
from musicrec.services.likely_zones import LIKELY_ZONES

NOON = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def test_a_zone_is_shown_with_its_country_and_its_time():
    assert zone_line("Europe/Berlin", discord.Locale.german, NOON) == (
        "Europe/Berlin · Deutschland · 14:05 now (UTC+1)"
    )
    assert zone_line("Asia/Kolkata", discord.Locale.american_english, NOON) == (
        "Asia/Kolkata · India · 18:35 now (UTC+5:30)"
    )
    assert zone_line("UTC", discord.Locale.german, NOON) == "UTC · 13:05 now (UTC)"
    assert offset_words(NOON.astimezone(ZoneInfo("America/St_Johns"))) == "UTC-3:30"


def test_every_language_of_discord_has_a_likely_zone():
    assert {locale.value for locale in discord.Locale} == set(LIKELY_ZONES)


@pytest.mark.parametrize("locale", list(discord.Locale))
def test_zones_can_be_shown_in_every_language(locale: discord.Locale):
    assert len(zone_line("America/Argentina/ComodRivadavia", locale, NOON)) <= 100
    assert zones_like("berlin", locale.value, most=25) == ["Europe/Berlin"]
