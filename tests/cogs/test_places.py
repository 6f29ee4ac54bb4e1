"""Countries in people's own languages."""

import discord
import pytest

from cogs._places import complete_country, country_code, country_name, language_of, listed

GERMAN, FRENCH = discord.Locale.german, discord.Locale.french


@pytest.mark.parametrize("locale", list(discord.Locale))
def test_every_language_of_discord_has_names(locale: discord.Locale):
    assert len(country_name("SE", language_of(locale))) > 1
    assert country_name("SE", language_of(locale)) != "SE"


def test_names_are_in_the_language_of_whoever_reads():
    assert country_name("SE", language_of(GERMAN)) == "Schweden"
    assert country_name("SE", language_of(discord.Locale.japanese)) == "スウェーデン"
    assert country_name("SE", language_of(None)) == "Sweden"
    assert country_name("Q9", "en") == "Q9"


@pytest.mark.parametrize(
    ("text", "code"),
    [("se", "SE"), (" Schweden ", "SE"), ("SWEDEN", "SE"), ("Côte d’Ivoire", "CI"),
     ("Atlantis", "Atlantis"), ("XX", "XX"), (None, None)],
)  # fmt: skip
def test_a_country_is_understood_by_code_and_by_name(text: str | None, code: str | None):
    assert country_code(text, GERMAN) == code


def test_typing_a_code_or_a_name_finds_the_country():
    codes = ("US", "DE", "SE", "ZA", "KR", "IN", "ID")
    assert complete_country("de", GERMAN, codes, 5)[0] == ("DE", "Deutschland")
    assert complete_country("schw", GERMAN, codes, 5) == [("SE", "Schweden")]
    assert complete_country("swe", GERMAN, codes, 5) == [("SE", "Schweden")]
    assert complete_country("africa", FRENCH, codes, 5) == [("ZA", "Afrique du Sud")]
    assert [code for code, _ in complete_country("in", None, codes, 5)] == ["IN", "ID"]
    assert [code for code, _ in complete_country("", None, codes, 3)] == ["US", "DE", "SE"]
    assert complete_country("xqz", None, codes, 5) == []


def test_lists_read_as_a_sentence():
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
