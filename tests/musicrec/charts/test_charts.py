import io
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from matplotlib import rcParams
from PIL import Image

from musicrec.charts import draw_scoreboard, draw_taste_profile, draw_training_report
from musicrec.domain.label import LabelValue
from musicrec.domain.picture import Picture
from musicrec.domain.report import AlgorithmResult, Confusion, Metrics, Report
from musicrec.domain.scoreboard import Score, Scoreboard
from musicrec.domain.taste_profile import FeatureLean, GenreCount, TasteProfile
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.metrics import majority_metrics
from musicrec.taste.words import WORDINGS

HOSTILE = ("日本 🎵", "$uicide $ilence", "**bold** `code`", "line\nbreak\t\0", "x" * 300, "ع", "")


def metrics(auc: float) -> Metrics:
    return Metrics(0.75, 0.7, 0.8, 0.6, 0.69, auc, 0.17, 0.5)


REPORT = Report(
    n_likes=72,
    n_dislikes=28,
    feature_names=("energy",),
    folds=5,
    repeats=3,
    grouped_by=None,
    baseline=majority_metrics(72, 28),
    results=tuple(
        AlgorithmResult(key, algorithm.title, "none", metrics(0.8 - row / 20), 0.1)
        for row, (key, algorithm) in enumerate(ALGORITHMS.items())
    ),
    confusion=Confusion(true_likes=190, false_likes=31, true_dislikes=53, false_dislikes=26),
    notices=("4 repeated songs were counted once.",),
)
PROFILE = TasteProfile(
    n_likes=17,
    n_dislikes=43,
    leans=tuple(
        FeatureLean(name, 0.5, 0.4, 0.5, 0.2, effect)
        for name, effect in zip(WORDINGS, np.linspace(1.4, -1.1, len(WORDINGS)), strict=True)
    ),
    genres=(GenreCount("metal", 0, 12), GenreCount("folk", 9, 1)),
    top_artists=(("Nina", 4), ("Once", 1)),
    lean_words=("danceable", "energetic", "old"),
)

MONDAY = date(2026, 11, 16)
SCOREBOARD = Scoreboard(
    weeks=(
        (MONDAY - timedelta(days=7), Score(9, 0, 0, 0, None, None)),
        (MONDAY, Score(20, 15, 12, 9, 0.171, 0.24)),
    ),
    total=Score(29, 15, 12, 9, 0.171, 0.24),
    constant=LabelValue.LIKE,
)


def assert_fit_to_post(drawn: Picture) -> None:
    image = Image.open(io.BytesIO(drawn.png))
    assert (image.format, image.size) == ("PNG", (1000, 700))
    assert len(drawn.png) < 200_000
    assert 0 < len(drawn.description) <= 256
    assert 0 < len(drawn.text) <= 1800


@pytest.mark.parametrize("likes", [72, 28])
def test_the_training_report_is_fit_to_post(likes: int):
    assert_fit_to_post(draw_training_report(replace(REPORT, n_likes=likes)))


def test_the_card_is_opaque_and_dark_so_that_it_reads_on_both_themes():
    image = Image.open(io.BytesIO(draw_training_report(REPORT).png)).convert("RGBA")
    red, green, blue, alpha = np.array(image)[5, 5]
    assert alpha == 255
    assert max(red, green, blue) < 64


def test_the_text_says_what_the_report_says():
    text = draw_training_report(REPORT).text
    assert text.startswith("Right 75 of 100 times (always like: 72 of 100).")
    for algorithm in ALGORITHMS.values():
        assert f"\n{algorithm.title} " in text
    for number in ("190", "31", "53", "26", "0.800", "0.170"):
        assert number in text
    assert "Imbalance" not in text


def test_the_text_names_what_was_done_about_imbalance():
    evened = replace(REPORT.results[2], sampling="oversampling")
    results = (*REPORT.results[:2], evened, *REPORT.results[3:])
    text = draw_training_report(replace(REPORT, results=results)).text
    assert text.endswith(f"Imbalance evened out by:\n{evened.title:24} oversampling")


def test_rows_of_the_tables_are_narrow_enough_for_a_message():
    report = draw_training_report(REPORT).text
    profile = draw_taste_profile(PROFILE).text
    assert max(map(len, [*report.splitlines(), *profile.splitlines()])) <= 56


def test_a_comparison_without_any_decision_of_a_kind_is_drawn():
    assert_fit_to_post(draw_training_report(replace(REPORT, confusion=Confusion(0, 0, 0, 0))))


def test_the_taste_profile_is_fit_to_post():
    assert_fit_to_post(draw_taste_profile(PROFILE))


def test_the_text_says_what_the_profile_says():
    text = draw_taste_profile(PROFILE).text
    assert text.startswith("You lean towards: danceable, energetic and old.")
    assert "17 likes, 43 dislikes." in text
    assert "not for dancing      |##### danceable" in text
    assert "metal                    0       12" in text
    assert text.endswith("Most liked artists: Nina (4)")


def test_a_lean_is_drawn_on_its_own_side():
    slow = FeatureLean("tempo_bpm", 80.0, 140.0, 120.0, 25.0, -0.6)
    assert "slow   ###|      fast" in draw_taste_profile(replace(PROFILE, leans=(slow,))).text


def test_a_profile_of_nothing_is_drawn():
    nothing = TasteProfile(0, 0, (), (), (), ())
    drawn = draw_taste_profile(nothing)
    assert_fit_to_post(drawn)
    assert drawn.text.startswith("No clear leaning yet.")


def test_names_that_no_font_knows_or_that_look_like_formulas_are_drawn_quietly():
    hostile = replace(
        PROFILE,
        genres=tuple(GenreCount(name, 30, 3) for name in HOSTILE),
        top_artists=tuple((name, 40) for name in HOSTILE[:5]),
    )
    drawn = draw_taste_profile(hostile)
    assert_fit_to_post(drawn)
    assert "日本" in drawn.text


def test_drawing_leaves_matplotlibs_settings_alone():
    before = dict(rcParams)
    draw_training_report(REPORT)
    assert dict(rcParams) == before


def test_different_reports_give_different_pictures():
    other = replace(REPORT, confusion=Confusion(1, 2, 3, 4))
    assert draw_training_report(REPORT).png != draw_training_report(other).png
    assert draw_training_report(REPORT).png == draw_training_report(REPORT).png


def test_the_scoreboard_is_fit_to_post():
    drawn = draw_scoreboard(SCOREBOARD)
    assert_fit_to_post(drawn)
    assert "12 of 15 guessed right (always like: 9)" in drawn.description


def test_the_text_says_what_the_scoreboard_says():
    text = draw_scoreboard(SCOREBOARD).text
    assert text.startswith("12 of 15 guessed right (always like: 9).")
    assert [line.split() for line in text.splitlines() if line.startswith("2026")] == [
        ["2026-11-16", "12", "of", "15", "9", "0.17", "0.24"]
    ]
    assert text.endswith("14 guessed songs are unrated.")
    assert max(map(len, text.splitlines())) <= 52


def test_years_of_weeks_show_the_latest_ones():
    weeks = tuple(
        (MONDAY - timedelta(days=7 * n), Score(9_999, 9_999, 0, 9_999, 1.0, 0.0))
        for n in range(150, -1, -1)
    )
    drawn = draw_scoreboard(replace(SCOREBOARD, weeks=weeks, total=weeks[0][1]))
    assert_fit_to_post(drawn)
    shown = [line[:10] for line in drawn.text.splitlines() if line.startswith("20")]
    assert shown == [str(MONDAY - timedelta(days=7 * n)) for n in range(8)]
