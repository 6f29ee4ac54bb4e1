"""Time zones as Discord shows them: to choose from, and with the time that it is there."""

from datetime import datetime
from typing import Final

import discord
from discord import app_commands

from cogs._bot import BotInteraction, now
from cogs._format import MAX_CHOICE, plain
from musicrec.services import UTC_ZONE, country_of_zone, zone_of, zones_like

_MAX_CHOICES: Final = 25
"""Discord's limit."""


async def zone_choices(interaction: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
    """Complete a time zone; those of the listener's language come first."""
    at, locale = now(), interaction.locale
    return [
        app_commands.Choice(name=plain(zone_line(name, locale, at), MAX_CHOICE), value=name)
        for name in zones_like(current, locale.value, most=_MAX_CHOICES)
    ]


def zone_line(name: str, locale: discord.Locale, at: datetime) -> str:
    """Describe a zone in one line: its name, country and the time there."""
    country = country_of_zone(name, locale.value)
    here = at.astimezone(zone_of(name))
    parts = (name, country, f"{here:%H:%M} now ({offset_words(here)})")
    return " · ".join(part for part in parts if part)


def offset_words(local: datetime) -> str:
    """Return the offset from UTC: ``UTC+1``, ``UTC-3:30``; ``UTC`` for none."""
    offset = local.utcoffset()
    minutes = 0 if offset is None else round(offset.total_seconds() / 60)
    if not minutes:
        return UTC_ZONE
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
