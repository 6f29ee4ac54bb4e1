"""Numbers, untrusted text and honest sentences."""

import pytest

from cogs._format import block, choice_name, count, duration, percent, plain, safe, song_name
from cogs._learned import accuracy_words
from cogs.predict.render import prediction_layout
from musicrec.domain.ids import TrackId
from musicrec.domain.reasons import Explanation, Reason, Reasons
from musicrec.domain.track import Track
from musicrec.services import Prediction


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Plain (Remix) - 2011", "Plain (Remix) - 2011"),
        ("*bold* _it_ ~~s~~ ||sp||", r"\*bold\* \_it\_ \~\~s\~\~ \|\|sp\|\|"),
        ("`code`", r"\`code\`"),
        ("[a](http://b)", r"\[a\](http\://b)"),
        ("<@1> <#2> <:e:3> <t:1>", "\\<@\u200b1\\> \\<\\#2\\> \\<:e:3\\> \\<t:1\\>"),
        ("@everyone", "@\u200beveryone"),
        ("a\n# b\t c", r"a \# b c"),
        ("x\u202ey\u2066z\x00", "xyz"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_song_text_is_literal(written: str, shown: str):
    assert safe(written) == shown


@pytest.mark.parametrize("written", ["*" * 500, "\\" * 500, "@" * 500, "x" * 500, "né" * 300])
def test_escaped_text_never_exceeds_its_limit_nor_ends_in_half_an_escape(written: str):
    shown = safe(written, 50)
    assert len(shown) <= 50
    assert shown.endswith("…")
    assert not shown.removesuffix("…").endswith("\\") or written.startswith("\\")


def test_short_text_is_not_cut():
    assert plain("a" * 10, 10) == "a" * 10
    assert plain("a" * 11, 10) == "a" * 9 + "…"


def test_a_song_without_words_still_has_a_name():
    assert song_name(Track(TrackId("x"), "", ())) == "**Untitled** — Unknown artist"


def test_choices_fit_into_discords_limit():
    assert len(choice_name(Track(TrackId("x"), "t" * 300, ("a" * 300,)))) == 100


@pytest.mark.parametrize(
    ("p", "shown"), [(0.0, "1%"), (0.004, "1%"), (0.723, "72%"), (0.999, "99%"), (1.0, "99%")]
)
def test_no_probability_is_certain(p: float, shown: str):
    assert percent(p) == shown


def test_lengths_are_minutes_and_seconds():
    assert [duration(ms) for ms in (1, 59_600, 225_000, 3_600_000)] == [
        "0:00",
        "1:00",
        "3:45",
        "60:00",
    ]


def test_nouns_agree_with_their_numbers():
    assert [count(1, "entry", "entries"), count(2, "entry", "entries"), count(1000, "song")] == [
        "1 entry",
        "2 entries",
        "1,000 songs",
    ]


def test_a_block_cannot_be_left_and_is_cut_at_a_line():
    shown = block("one ``` two\n" + "line\n" * 1000, 100)
    assert len(shown) <= 100
    assert shown.count("```") == 2
    assert shown.endswith("line\n…\n```")


def test_accuracy_stands_beside_its_baseline():
    assert accuracy_words(0.71, 0.58, "like") == (
        "I guess right 7 of 10 times; always saying “like” would be right 6 of 10."
    )


def test_a_narrow_lead_is_not_rounded_away():
    assert accuracy_words(0.62, 0.59) == (
        "I guess right 62% of the time; always giving the same answer would be right 59%."
    )


def test_without_a_model_nothing_is_claimed():
    assert accuracy_words(None, None) == ""


def test_a_song_without_reasons_is_said_to_be_unremarkable():
    explanation = Explanation(0.5, Reasons(), (0.1, 0.9))
    track = Track(TrackId("x"), "Title", ("Artist",))
    prediction = Prediction(track, explanation, None, None, 40, "blend", 0.7, 0.6)
    said = prediction_layout(prediction).to_components()[0]["content"]
    assert said == (
        "## 50% that you like it\nLikely between 10% and 90%.\n"
        "Nothing about this song stands out to me."
    )


def test_the_side_of_the_chance_comes_first_and_a_missing_one_is_left_out():
    fast, old = Reason("tempo_bpm", "fast for you", 0.5), Reason("year", "old for you", -0.7)
    track = Track(TrackId("x"), "Title", ("Artist",))

    def lines(p_like: float, reasons: Reasons) -> list[str]:
        explanation = Explanation(p_like, reasons, None)
        prediction = Prediction(track, explanation, None, None, 40, "blend", 0.7, 0.6)
        return prediction_layout(prediction).to_components()[0]["content"].split("\n")[1:]

    both = Reasons((fast, fast), (old,))
    likely = ["**For:** fast for you · fast for you", "**Against:** old for you"]
    assert lines(0.5, both) == likely
    assert lines(0.4, both) == likely[::-1]
    assert lines(0.9, Reasons((), (old,))) == ["**Against:** old for you"]
