"""Time zones: by parts of their IANA names or of a country's name, and by Discord's languages."""

import functools
import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

import babel
import discord
from babel.core import get_global
from rapidfuzz import fuzz, process

from cogs.weekly.likely_zones import LIKELY_ZONES
from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import fold

UTC_ZONE: Final = "UTC"

_ENGLISH: Final = "en-US"
_NOWHERE: Final = frozenset({"001", "ZZ"})
"""The world and an unknown country, in CLDR's table of the countries of zones."""
_NEAR_ENOUGH: Final = 70
"""Similarity in percent from which on a name is offered for a misspelled one."""
_MOST_NAMED: Final = 4


def assumed_zone(locale: discord.Locale) -> str:
    """Return the zone of most who use Discord in a language."""
    return LIKELY_ZONES[locale.value][0]


def is_clear(locale: discord.Locale) -> bool:
    """Whether nearly all who use Discord in a language live in one zone."""
    return len(LIKELY_ZONES[locale.value]) == 1


def zone_named(text: str) -> str:
    """Return the IANA name that is meant: in any case, or by a city or country that has one zone.

    Raises:
        BadInputError: There is no such zone; the message names the nearest.
    """
    wanted = fold(text)
    if name := _every_name().get(wanted):
        return name
    there = [name for name in _places() if wanted in {_city(name), fold(_country(name, _ENGLISH))}]
    if len(there) == 1:
        return there[0]
    there.sort(key=lambda name: name not in _well_known())
    raise BadInputError(_unknown(text, there[:_MOST_NAMED] or nearest_zones(text)))


def nearest_zones(text: str) -> list[str]:
    """Return the zones whose cities or names are spelled most like ``text``, nearest first."""
    keys = {name: _city(name) for name in _places()}
    wanted = fold(text.rpartition("/")[2])
    found = process.extract(
        wanted, keys, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=_MOST_NAMED
    )
    return [name for _, _, name in found]


def matching_zones(text: str, locale: discord.Locale, *, most: int) -> list[str]:
    """Return zones in whose city, name or country every word of ``text`` begins a word.

    Cities that begin so come first; without text, those that are likely for the language.
    """
    wanted = fold(text).split()
    if not wanted:
        return list(dict.fromkeys([*LIKELY_ZONES.get(locale.value, ()), *_well_known()]))[:most]
    found = [
        name
        for name, words in _searchable(locale.value).items()
        if all(any(word.startswith(part) for word in words) for part in wanted)
    ]
    begin = " ".join(wanted)
    # Cities in districts of their own, as America/Indiana/Knox, are rarely meant.
    found.sort(key=lambda name: (not _city(name).startswith(begin), name.count("/"), name))
    return found[:most]


def zone_line(name: str, locale: discord.Locale, at: datetime) -> str:
    """Describe a zone in one line: its name, country and the time there."""
    country = _country(name, locale.value)
    here = at.astimezone(zoneinfo.ZoneInfo(name))
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


def _unknown(text: str, near: list[str]) -> str:
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    return (
        f"I know no time zone “{text.strip()[:60]}”.{hint} Type a city or country under time_zone "
        "and pick one of those that appear, for example Europe/Berlin."
    )


@functools.cache
def _every_name() -> Mapping[str, str]:
    """Return every name of a place, also old ones, by how it folds.

    Abbreviations are not among them: EST is a zone without summer time, which nobody means.
    """
    names = (name for name in sorted(zoneinfo.available_timezones()) if "/" in name)
    return {fold(name): name for name in (*names, UTC_ZONE)}


@functools.cache
def _places() -> tuple[str, ...]:
    """Return the zones that people live in, and UTC."""
    lived_in = (name for name in zoneinfo.available_timezones() if _country(name, _ENGLISH))
    return (*sorted(lived_in), UTC_ZONE)


@functools.cache
def _well_known() -> tuple[str, ...]:
    return tuple(sorted({zone for zones in LIKELY_ZONES.values() for zone in zones}))


def _city(name: str) -> str:
    return fold(name.rpartition("/")[2])


@functools.cache
def _searchable(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of each zone's name and of its country's in two languages."""
    return {
        name: tuple(fold(f"{name} {_country(name, language)} {_country(name, _ENGLISH)}").split())
        for name in _places()
    }


@functools.cache
def _country(name: str, language: str) -> str:
    """Return the name of a zone's country in a language; empty for none."""
    countries = cast("Mapping[str, str]", get_global("zone_territories"))
    code = countries.get(name, "ZZ")
    if code in _NOWHERE:
        return ""
    names = cast("Mapping[str, str]", babel.Locale.parse(language, sep="-").territories)
    return names.get(code, code)
