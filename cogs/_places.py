"""Countries by name, in the listener's language; codes are for files and custom ids."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

import discord
from babel import Locale, UnknownLocaleError

from musicrec.domain.identity import fold

ENGLISH: Final = "en"
"""What is spoken where nobody's language is known."""


def language_of(locale: discord.Locale | None) -> str:
    """Return a language that names of countries are known in."""
    try:
        return str(Locale.parse((locale or discord.Locale.american_english).value, sep="-"))
    except (UnknownLocaleError, ValueError):
        return ENGLISH


def country_name(code: str, language: str = ENGLISH) -> str:
    """Return the name of a country; its code where it has none."""
    return country_names(language).get(code, code)


@lru_cache(maxsize=64)
def country_names(language: str) -> dict[str, str]:
    """Return the names of all countries by their codes, not to be changed."""
    territories: dict[str, str] = dict(Locale.parse(language).territories)
    return {code: name for code, name in territories.items() if code.isalpha() and code.isupper()}


def country_code(text: str | None, locale: discord.Locale | None) -> str | None:
    """Return the code of a country that somebody wrote by name or code; other text as it is."""
    if text is None:
        return None
    code = text.strip().upper()
    language = language_of(locale)
    if code in country_names(language):
        return code
    names = (_codes_by_name(language), _codes_by_name(ENGLISH))
    return next((each[fold(text)] for each in names if fold(text) in each), text)


def complete_country(
    text: str, locale: discord.Locale | None, codes: Iterable[str], most: int
) -> list[tuple[str, str]]:
    """Complete a country by name or code.

    Args:
        text: What was typed so far.
        locale: Of whoever typed it.
        codes: Countries to choose from, best first.
        most: How many are returned at most.

    Returns:
        Codes and names: those first whose code is typed, then those whose name begins so, in that
        language or in English, then those that have a word that begins so.
    """
    language, typed = language_of(locale), fold(text) if text.strip() else ""
    ranked = [(_rank(code, typed, language), place, code) for place, code in enumerate(codes)]
    found = sorted(each for each in ranked if each[0] < _NO_MATCH)
    return [(code, country_name(code, language)) for _, _, code in islice(found, most)]


def listed(names: Sequence[str]) -> str:
    """Return names as a part of a sentence: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


_NO_MATCH: Final = 3


def _rank(code: str, typed: str, language: str) -> int:
    if code.casefold() == typed:
        return 0
    names = [fold(country_name(code, each)) for each in (language, ENGLISH)]
    if any(name.startswith(typed) for name in names):
        return 1
    return 2 if any(f" {typed}" in name for name in names) else _NO_MATCH


@lru_cache(maxsize=64)
def _codes_by_name(language: str) -> dict[str, str]:
    return {fold(name): code for code, name in country_names(language).items()}
