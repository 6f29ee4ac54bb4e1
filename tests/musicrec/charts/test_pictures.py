"""The pictures beside the training report, the profile and the scoreboard."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from musicrec.charts import (
    draw_certainty,
    draw_effects,
    draw_learning_curve,
    draw_passport,
    draw_playlist_course,
    draw_radar,
    draw_scoreboard,
    draw_taste_map,
    draw_taste_profile,
    draw_training_report,
)
from musicrec.charts.canvas import SMALL, points
from musicrec.domain.effects import FeatureEffect, FeatureEffects, GenreEffect
from musicrec.domain.picture import Picture
from musicrec.domain.playlist_course import Course, PlaylistCourse
from musicrec.domain.report import CalibrationBin, LearningCurve
from musicrec.domain.taste_profile import TasteAxis, TasteMap, TasteRadar
from musicrec.taste.portrait import RADAR_FEATURES
from musicrec.taste.words import WORDINGS
from tests.musicrec.charts.passports import HOSTILE_PASSPORT, NAMES, PASSPORT
from tests.musicrec.charts.test_charts import HOSTILE, PROFILE, REPORT, SCOREBOARD

MEASURED = replace(
    REPORT,
    results=tuple(
        replace(
            result,
            low=replace(result.metrics, roc_auc=result.metrics.roc_auc - 0.06),
            high=replace(result.metrics, roc_auc=result.metrics.roc_auc + 0.05),
        )
        for result in REPORT.results
    ),
    roc=((0.0, 0.0), (0.1, 0.5), (0.4, 0.9), (1.0, 1.0)),
    calibration=tuple(CalibrationBin(p, p**1.3, 10) for p in np.linspace(0.05, 0.95, 10).tolist()),
)
CURVE = LearningCurve((10, 20, 40, 80), (0.55, 0.61, 0.68, 0.71), 100, 0.021, 0.012, 0.034)
COURSE = PlaylistCourse(
    "by likeness to " + HOSTILE[0],
    {
        "energy": Course((0.9, 0.1, None, 0.5), (0.1, 0.5, 0.9, None)),
        "tempo_bpm": Course((180.0, 60.0, None, 120.0), (60.0, 120.0, 180.0, None)),
    },
)
EFFECTS = FeatureEffects(
    features=(
        FeatureEffect("tempo_bpm", (80.0, 120.0, 170.0), (0.7, 0.5, 0.3)),
        FeatureEffect("energy", (0.1, 0.5, 0.9), (0.4, 0.6, 0.45)),
        FeatureEffect("mode", (0.0, 1.0), (0.48, 0.52)),
        FeatureEffect("duration_ms", (150_000.0, 245_000.0), (0.5, 0.51)),
    ),
    genres=(GenreEffect("folk", 0.8), GenreEffect("jazz", 0.6), GenreEffect("metal", 0.1)),
    p_like=0.5,
    n_songs=300,
)
RADAR = TasteRadar(
    tuple(TasteAxis(name, 30.0 + 6 * row, 50.0) for row, name in enumerate(RADAR_FEATURES)),
    n_likes=33,
    n_others=None,
)
MAP = TasteMap(
    likes=((80.0, 0.2), (95.0, 0.3), (120.0, 0.5)),
    dislikes=((150.0, 0.9), (170.0, 0.95)),
    n_without_tempo=12,
    n_without_energy=0,
)

EVERY: dict[str, Callable[[], Picture]] = {
    "report": lambda: draw_training_report(MEASURED),
    "certainty": lambda: draw_certainty(MEASURED),
    "curve": lambda: draw_learning_curve(CURVE),
    "no curve": lambda: draw_learning_curve(None),
    "course": lambda: draw_playlist_course(COURSE),
    "effects": lambda: draw_effects(EFFECTS),
    "radar": lambda: draw_radar(RADAR),
    "map": lambda: draw_taste_map(MAP),
    "passport": lambda: draw_passport(PASSPORT, NAMES),
    "hostile passport": lambda: draw_passport(HOSTILE_PASSPORT, {}),
    "profile": lambda: draw_taste_profile(PROFILE),
    "scoreboard": lambda: draw_scoreboard(SCOREBOARD),
}


def assert_fit_to_post(drawn: Picture, *, most_bytes: int = 200_000) -> None:
    image = Image.open(io.BytesIO(drawn.png))
    assert (image.format, image.size) == ("PNG", (1000, 700))
    assert len(drawn.png) < most_bytes
    assert 0 < len(drawn.description) <= 256
    assert "nan" not in (drawn.description + drawn.text).lower().split()
    assert 0 < len(drawn.text) <= 1800
    assert max(map(len, drawn.text.splitlines())) <= 56


@pytest.mark.parametrize("name", EVERY)
def test_every_picture_is_fit_to_post_and_the_same_every_time(name: str):
    drawn = EVERY[name]()
    assert_fit_to_post(drawn)
    assert EVERY[name]() == drawn


def unseen(card: Figure) -> list[Text]:
    """Return the labels of ticks that lie outside of their axis: matplotlib keeps them."""
    labels: list[Text] = []
    for axes in card.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
            labels += [label for tick in ticks for label in (tick.label1, tick.label2)]
            if not axes.yaxis.get_tick_params().get("labelleft", True):
                labels += [tick.label1 for tick in axes.yaxis.get_major_ticks()]
    return labels


@pytest.mark.parametrize("name", EVERY)
def test_no_text_is_too_small_for_a_phone_or_leaves_the_card(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    cards: list[Figure] = []
    save = Figure.savefig

    def watch(self: Figure, *args: object, **options: object) -> None:
        cards.append(self)
        save(self, *args, **options)  # pyright: ignore[reportArgumentType]  -- passed on as it came

    monkeypatch.setattr(Figure, "savefig", watch)
    EVERY[name]()
    (card,) = cards
    shown = [each for each in card.findobj(Text) if each.get_text() and each not in unseen(card)]
    assert len(shown) > 2
    for each in shown:
        assert float(each.get_fontsize()) >= points(SMALL), each.get_text()
        box = each.get_window_extent()
        assert box.x0 >= 0, each.get_text()
        assert box.x1 <= 1000, each.get_text()
        assert box.y0 >= 0, each.get_text()
        assert box.y1 <= 700, each.get_text()


def test_certainty_says_auc_with_its_interval_and_every_calibration_bin():
    text = draw_certainty(MEASURED).text
    assert text.startswith("Puts a song you like first in 80 of 100 pairs.")
    assert "AUC 0.80 (95%: 0.74 to 0.85)" in text
    assert ["50%", "10%"] in [line.split() for line in text.splitlines()]
    assert ["90%", "40%"] in [line.split() for line in text.splitlines()]
    assert ["95%", "94%", "64%", "to", "99%", "10"] in [line.split() for line in text.splitlines()]


def test_certainty_of_an_old_report_says_what_was_not_measured():
    drawn = draw_certainty(REPORT)
    assert_fit_to_post(drawn)
    assert "The curve was not measured." in drawn.text
    assert "(95%" not in drawn.text


@pytest.mark.parametrize("liked", [0.0, 1.0])
def test_calibration_of_a_single_song_and_of_one_class_is_drawn(liked: float):
    drawn = draw_certainty(replace(MEASURED, calibration=(CalibrationBin(0.5, liked, 1),)))
    assert_fit_to_post(drawn)


def test_the_curve_says_what_more_ratings_bring_and_how_sure_that_is():
    text = draw_learning_curve(CURVE).text
    assert text.startswith("About 100 more ratings for 2 points of AUC.")
    assert "With 80% certainty it is 1.2 to 3.4 points." in text
    assert ["40", "0.680", "#########"] in [line.split() for line in text.splitlines()]


def test_the_curve_says_where_ratings_bring_nothing_more():
    flat = replace(CURVE, roc_auc=(0.7,) * 4, gain=0.0, gain_low=0.0, gain_high=0.0)
    drawn = draw_learning_curve(flat)
    assert_fit_to_post(drawn)
    assert drawn.text.startswith("100 more ratings would bring hardly anything.")


@pytest.mark.parametrize("auc", [0.0, 0.3, 1.0])
def test_curves_below_a_coin_and_at_the_top_are_drawn(auc: float):
    assert_fit_to_post(draw_learning_curve(replace(CURVE, roc_auc=(auc,) * 4)))


def test_the_effects_name_the_best_chances_with_units():
    text = draw_effects(EFFECTS).text
    assert text.startswith("Best chances: slow, middling energy, major.")
    assert "80 BPM: 70%  120 BPM: 50%  170 BPM: 30%" in text
    assert "2:30: 50%  4:05: 51%" in text
    assert "minor: 48%  major: 52%" in text
    assert text.index("folk") < text.index("metal")


def test_effects_of_nothing_are_drawn():
    drawn = draw_effects(FeatureEffects((), (), 0.5, 0))
    assert_fit_to_post(drawn)
    assert drawn.text.startswith("No feature matters yet.")


def test_flat_effects_are_said_to_be_small():
    flat = FeatureEffect("energy", (0.1, 0.9), (0.5, 0.5))
    drawn = draw_effects(FeatureEffects((flat,), (), 0.5, 3))
    assert_fit_to_post(drawn)
    assert drawn.text.startswith("No single feature matters much.")


def test_every_feature_with_words_can_be_drawn():
    for name in WORDINGS:
        effect = FeatureEffect(name, (1.0, 3.0, 5.0), (0.2, 0.5, 0.8))
        drawn = draw_effects(FeatureEffects((effect,) * 6, (), 0.5, 10))
        assert_fit_to_post(drawn)


def test_genres_of_any_name_are_drawn():
    genres = tuple(GenreEffect(name, 0.5) for name in HOSTILE)
    assert_fit_to_post(draw_effects(replace(EFFECTS, genres=genres)))


def test_the_radar_says_whom_it_compares_with():
    assert "against all songs I know." in draw_radar(RADAR).text
    server = replace(RADAR, n_others=5)
    assert "against 5 others on this server." in draw_radar(server).text
    assert draw_radar(server).png != draw_radar(RADAR).png


def test_the_radar_says_the_largest_differences_first():
    text = draw_radar(RADAR).text
    assert text.startswith("Your likes are more instrumental")
    assert ["instrumental", "72", "50", "++++"] in [line.split() for line in text.splitlines()]
    assert ["energetic", "30", "50", "----"] in [line.split() for line in text.splitlines()]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_radars_of_few_axes_are_drawn_or_said_to_be_none(n: int):
    assert_fit_to_post(draw_radar(replace(RADAR, axes=RADAR.axes[:n])))


@pytest.mark.parametrize("rank", [0.0, 50.0, 100.0])
def test_radars_at_the_ends_of_their_range_are_drawn(rank: float):
    axes = tuple(replace(axis, liked=rank) for axis in RADAR.axes)
    assert_fit_to_post(draw_radar(replace(RADAR, axes=axes)))


def test_the_map_says_where_likes_lie_and_what_is_missing():
    text = draw_taste_map(MAP).text
    assert text.startswith("Likes are slower and calmer than dislikes.")
    assert "Likes around 95 BPM and 30% energy." in text
    assert "Not shown: 12 songs without a known tempo." in text
    assert ["energetic", "0/0", "0/0", "0/2"] in [line.split() for line in text.splitlines()]


@pytest.mark.parametrize(
    "places",
    [
        {"likes": ()},
        {"dislikes": ()},
        {"likes": (), "dislikes": ()},
        {"likes": ((120.0, 0.5),) * 50, "dislikes": ((120.0, 0.5),)},
        {"likes": ((1.0, 0.0),), "dislikes": ((400.0, 1.0),)},
        {"n_without_tempo": 123_456, "n_without_energy": 123_456},
    ],
)
def test_maps_of_odd_songs_are_drawn(places: dict[str, object]):
    assert_fit_to_post(draw_taste_map(replace(MAP, **places)))


def test_ten_thousand_songs_are_drawn():
    rng = np.random.default_rng(0)
    cloud = [tuple(place) for place in rng.uniform((60, 0), (200, 1), (10_000, 2)).tolist()]
    drawn = draw_taste_map(TasteMap(tuple(cloud[:5_000]), tuple(cloud[5_000:]), 0, 0))
    assert_fit_to_post(drawn, most_bytes=700_000)


def test_the_course_says_what_each_part_of_the_list_is_like():
    text = draw_playlist_course(COURSE).text
    assert "now    then" in text
    assert text.splitlines()[-1].split() == ["4", "0.50", "?", "120", "?"]
    assert max(map(len, text.splitlines())) <= 56


@pytest.mark.parametrize("values", [(None,), (0.5,), (None, None), (0.5,) * 10_000])
def test_courses_of_odd_lists_are_drawn(values: tuple[float | None, ...]):
    one = Course(values, values)
    assert_fit_to_post(draw_playlist_course(PlaylistCourse("by tempo", {"energy": one})))
