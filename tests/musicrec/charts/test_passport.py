"""The map of a passport and its words."""

import numpy as np
import pytest

from musicrec.charts import draw_passport
from musicrec.charts.canvas import BLUE, ORANGE, PANEL
from musicrec.charts.passport import OPEN
from musicrec.charts.world import placed, world
from musicrec.domain.countries import COUNTRY_CODES
from tests.musicrec.charts.passports import NAMES, PASSPORT, passport
from tests.musicrec.charts.test_colours import CLEARLY_APART, SEEN_BY, lab, linear


def test_the_text_says_what_the_map_shows():
    text = draw_passport(PASSPORT, NAMES).text
    assert "Your passport: 2 countries and 1 genre." in text
    assert "The country of 7 of 40 rated songs is unknown." in text
    assert "Next stamp: Canada, 1 more song." in text
    assert "  ✓ Sweden: 12\n  ✓ Jamaica: 3\n  · Canada: 2 of 3\n  · 日本: 1 of 3" in text
    assert "  ✓ rock: 30\n  · folk: 1 of 3" in text
    assert "Nigeria" not in text


def test_more_stamps_colour_more_of_the_map():
    drawn = [draw_passport(passport({"SE": n}, {}), NAMES).png for n in (0, 2, 3)]
    assert len(set(drawn)) == 3


def test_a_tiny_country_is_seen_too():
    drawn = [draw_passport(passport({"SG": 3, "MT": n}, {}), {}).png for n in (0, 3)]
    assert drawn[0] != drawn[1]


def test_whoever_has_every_stamp_is_told():
    text = draw_passport(passport({"SE": 3}, {"rock": 3}), NAMES).text
    assert "You have every stamp there is." in text


def test_every_country_with_music_is_on_the_map():
    codes = {shape.code for shape in world()}
    missing = COUNTRY_CODES - codes
    assert {"FR", "NO", "XK", "TW", "JM", "HU", "RS", "SG", "PS"} <= codes
    # Parts of France, Norway and the Netherlands, and places where nobody lives.
    parts = {"BQ", "GF", "GP", "MQ", "RE", "SJ", "YT"}
    assert missing <= parts | {"AQ", "BV", "CC", "CX", "GS", "HM", "IO", "TF", "TK", "UM"}


def test_areas_are_true_and_the_middle_is_in_the_middle():
    assert placed(np.array([[0.0, 0.0]])) == pytest.approx(np.zeros((1, 2)))
    # From the paper's properties: the equator is 2.05 times as long as the axis.
    (_, north), (east, _) = placed(np.array([[90.0, 0.0], [0.0, 180.0]]))
    assert east / north == pytest.approx(2.055, abs=0.005)
    square = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    for latitude in (0.0, 40.0, 70.0):
        on_globe = np.sin(np.radians(latitude + 1)) - np.sin(np.radians(latitude))
        x, y = placed(square + np.array([latitude, 0.0])).T
        area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
        assert area / (on_globe * np.radians(1)) == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_land_is_told_apart(eyes: str):
    open_land = lab(SEEN_BY[eyes] @ linear(OPEN))
    for other in (BLUE, ORANGE, PANEL):
        assert np.linalg.norm(lab(SEEN_BY[eyes] @ linear(other)) - open_land) > CLEARLY_APART
