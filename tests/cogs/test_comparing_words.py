"""What is said about two tastes, for the reader and for others."""

from simcord.components import walk_components

from cogs._comparing_text import agreement_words, asked_of_others, comparison_layout, listed
from musicrec.domain.ids import TrackId
from musicrec.domain.together import Agreement, Comparison, SharedSong, Trait
from musicrec.domain.track import Track

SONG = SharedSong(Track(TrackId("song:a"), "A", ("B",)), 0.82, 0.41)


def agreement(low: float = 0.4, high: float = 0.6, n_both: int = 0) -> Agreement:
    return Agreement((low + high) / 2, low, high, 0.5, n_both, n_both // 2)


def said(comparison: Comparison, first: str | None = None) -> str:
    shown = walk_components(comparison_layout(comparison, first, "**Bob**").to_components())
    return "\n".join(one["content"] for one in shown if one["type"] == 10)


def test_a_range_around_chance_claims_nothing():
    assert "cannot tell yet" in agreement_words(agreement())
    assert "more alike than chance" in agreement_words(agreement(0.55, 0.7))
    assert "less alike than chance" in agreement_words(agreement(0.3, 0.45))


def test_few_songs_rated_by_both_are_said_to_be_few():
    assert "There is no song yet that both rated, so this is from my guesses" in agreement_words(
        agreement()
    )
    assert "Both rated only 1 song, so" in agreement_words(agreement(n_both=1))
    assert "Both rated 8 songs and said the same of 4." in agreement_words(agreement(n_both=8))


def test_traits_and_songs_are_told_of_the_right_person():
    alike = (Trait("genre", 0.2, 0.3, "jazz"), Trait("energy", -0.5, -0.4, "energetic", "calm"))
    apart = (Trait("genre", -0.2, 0.3, "*rock*"), Trait("tempo_bpm", 0.3, -0.3, "fast", "slow"))
    words = said(Comparison(agreement(), alike, apart, SONG, None))
    assert "### You and **Bob**" in words
    assert "- Alike: both lean towards jazz." in words
    assert "- Alike: both lean towards songs that are calm." in words
    assert r"- Apart: **Bob** leans towards \*rock\*, you lean away from it." in words
    assert (
        "you lean towards songs that are fast, **Bob** leans towards songs that are slow" in words
    )
    assert "you 82%, **Bob** 41%" in words
    assert "You two would say the same about some **50%**" in words
    assert "split" not in words


def test_a_third_reader_is_not_addressed():
    words = said(
        Comparison(agreement(), (Trait("genre", -0.2, -0.3, "pop"),), (), SONG, SONG), "Al"
    )
    assert "### Al and **Bob**" in words
    assert "both lean away from pop" in words
    assert "Al 82%, **Bob** 41%" in words
    assert "This would most likely split them" in words
    assert "They would say the same" in words


def test_without_a_clear_trait_that_is_said():
    words = said(Comparison(agreement(), (), (), None, None))
    assert "I see no genre or sound on which they clearly agree or differ." in words


def test_names_are_joined_and_verbs_fit():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert asked_of_others(["a"]).startswith("a has not opted in or has no model yet")
    assert asked_of_others(["a", "b"]).startswith("a and b have not opted in or have no model yet")
