"""Time zones: by their IANA names, by cities and countries, and by the languages spoken there."""

import functools
import zoneinfo
from collections.abc import Mapping
from typing import Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import babel
from babel.core import get_global
from rapidfuzz import fuzz, process

from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import fold
from musicrec.services.likely_zones import LIKELY_ZONES

UTC_ZONE: Final = "UTC"

_ENGLISH: Final = "en-US"
_NOWHERE: Final = frozenset({"001", "ZZ"})
"""The world and an unknown country, in CLDR's table of the countries of zones."""
_NEAR_ENOUGH: Final = 70
"""Similarity in percent from which on a name is offered for a misspelled one."""
_MOST_NAMED: Final = 4


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        BadInputError: There is none of that name, or none any more.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _unknown(name) from error


def zone_named(text: str) -> str:
    """Return the IANA name that is meant: in any case, or by a city or country that has one zone.

    Raises:
        BadInputError: There is no such zone; the message names the nearest.
    """
    name = _names().get(text.strip().replace(" ", "_").casefold())
    if name is not None:
        return name
    wanted = fold(text)
    there = [name for name in _places() if wanted and wanted in _called(name)]
    if len(there) == 1:
        return there[0]
    raise _unknown(text, sorted(there, key=lambda name: name not in _well_known()))


def zones_like(text: str, language: str, *, most: int) -> list[str]:
    """Return zones in whose city, name or country every word of ``text`` begins a word.

    Cities that begin so come first. Where there are none, the ones that are spelled nearest are
    returned; without text, those that are likely for the language.

    Args:
        text: What was typed so far.
        language: Whose names of countries are known beside the English ones, e.g. ``pt-BR``.
        most: At most so many.
    """
    wanted = fold(text).split()
    if not wanted:
        return list(dict.fromkeys([*LIKELY_ZONES.get(language, ()), *_well_known()]))[:most]
    found = [
        name
        for name, words in _searchable(language).items()
        if all(any(word.startswith(part) for word in words) for part in wanted)
    ]
    begin = " ".join(wanted)
    # Cities in districts of their own, as America/Indiana/Knox, are rarely meant.
    found.sort(key=lambda name: (not _city(name).startswith(begin), name.count("/"), name))
    return (found or _nearest(text))[:most]


def likely_zone(language: str) -> str:
    """Return the zone of most who set a program to a language."""
    return LIKELY_ZONES.get(language, (UTC_ZONE,))[0]


def has_one_zone(language: str) -> bool:
    """Whether nearly all who set a program to a language live in one zone."""
    return len(LIKELY_ZONES.get(language, ())) == 1


@functools.cache
def country_of_zone(name: str, language: str = _ENGLISH) -> str:
    """Return the name of a zone's country in a language; empty for none."""
    countries = cast("Mapping[str, str]", get_global("zone_territories"))
    code = countries.get(name, "ZZ")
    if code in _NOWHERE:
        return ""
    names = cast("Mapping[str, str]", babel.Locale.parse(language, sep="-").territories)
    return names.get(code, code)


def _unknown(text: str, near: list[str] | None = None) -> BadInputError:
    near = near or _nearest(text)
    hint = f" Did you mean {', '.join(near[:_MOST_NAMED])}?" if near else ""
    return BadInputError(
        f"I know no time zone “{text.strip()[:60]}”.{hint} Type a city or country and pick one of "
        "those that appear, for example Europe/Berlin."
    )


def _nearest(text: str) -> list[str]:
    """Return the zones whose cities are spelled most like ``text``, nearest first."""
    keys = {name: _city(name) for name in _places()}
    wanted = fold(text.rpartition("/")[2])
    found = process.extract(
        wanted, keys, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=_MOST_NAMED
    )
    return [name for _, _, name in found]


@functools.cache
def _names() -> Mapping[str, str]:
    """Return every name of a place, also old ones, by how it is written in small letters.

    Abbreviations are not among them: EST is a zone without summer time, which nobody means.
    """
    names = (name for name in zoneinfo.available_timezones() if "/" in name)
    return {name.casefold(): name for name in (*names, UTC_ZONE)}


@functools.cache
def _places() -> tuple[str, ...]:
    """Return the zones that people live in, and UTC."""
    lived_in = (name for name in zoneinfo.available_timezones() if country_of_zone(name))
    return (*sorted(lived_in), UTC_ZONE)


@functools.cache
def _well_known() -> tuple[str, ...]:
    return tuple(sorted({zone for zones in LIKELY_ZONES.values() for zone in zones}))


def _city(name: str) -> str:
    return fold(name.rpartition("/")[2])


def _called(name: str) -> set[str]:
    """Return what else a zone may be called, folded."""
    return {_city(name), fold(name), fold(country_of_zone(name))}


@functools.cache
def _searchable(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of each zone's name and of its country's in two languages."""
    return {
        name: tuple(
            fold(f"{name} {country_of_zone(name, language)} {country_of_zone(name)}").split()
        )
        for name in _places()
    }
