"""Everybody can tell the colours apart and read what is written in them."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from musicrec.charts.canvas import BLUE, CARD, FADED, GREY, INK, ORANGE, PANEL
from musicrec.charts.effects import GENRE_BAR

Colour = NDArray[np.float64]

SEEN_BY = {
    "everybody else": np.eye(3),
    "protanopes": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopes": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopes": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""From linear RGB to linear RGB.

Source: Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of
color vision deficiency", IEEE TVCG 15, severity 1.
"""

CLEARLY_APART = 20.0
"""In CIE Lab; two is what a trained eye just sees."""


def linear(name: str) -> Colour:
    srgb = np.array(to_rgb(name))
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: Colour) -> Colour:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(np.clip(to_xyz @ rgb / np.array([0.9505, 1.0, 1.089]), 0, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(first: str, second: str) -> float:
    """WCAG 2.1, relative luminance."""
    light, dark = sorted(
        (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (first, second)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_colours_that_mean_something_are_told_apart(eyes: str):
    seen = {name: lab(SEEN_BY[eyes] @ linear(name)) for name in (BLUE, ORANGE, GREY, PANEL)}
    for first, second in combinations(seen, 2):
        assert np.linalg.norm(seen[first] - seen[second]) > CLEARLY_APART, (first, second)


@pytest.mark.parametrize("ground", [CARD, PANEL])
@pytest.mark.parametrize("ink", [INK, FADED, BLUE, ORANGE, GREY])
def test_text_is_read_on_the_card_and_on_its_panels(ink: str, ground: str):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("ink", "ground"), [(CARD, BLUE), (CARD, ORANGE), (INK, GENRE_BAR)])
def test_text_is_read_on_bars_and_cells(ink: str, ground: str):
    assert contrast(ink, ground) >= 4.5


def test_contrast_is_measured_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
