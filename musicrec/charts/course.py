"""The picture of a playlist before and after it is sorted."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from musicrec.charts.canvas import (
    BLUE,
    GREY,
    LINE,
    add_panel,
    new_card,
    picture,
    write_on,
)
from musicrec.charts.course_text import HEADLINE, TITLES, course_text
from musicrec.domain.picture import Picture
from musicrec.domain.playlist_course import Course, PlaylistCourse

_LEFT: Final = 0.09
_PANEL_WIDTH: Final = 0.87
_TOP: Final = 0.76
_BOTTOM: Final = 0.1
_BETWEEN: Final = 0.12
_MANY: Final = 60
"""Songs from which on single ones are not marked."""


def draw_playlist_course(course: PlaylistCourse) -> Picture:
    """Draw each feature along the list, as it is and as it would be."""
    figure = new_card(HEADLINE, f"Sorted {course.by}")
    write_on(figure, (0.76, 0.93), "now", color=GREY, weight="bold")
    write_on(figure, (0.86, 0.93), "then", color=BLUE, weight="bold")
    n = len(course.courses)
    height = (_TOP - _BOTTOM - _BETWEEN * (n - 1)) / n
    for row, (name, one) in enumerate(course.courses.items()):
        bottom = _TOP - height - row * (height + _BETWEEN)
        axes = add_panel(figure, (_LEFT, bottom, _PANEL_WIDTH, height), TITLES[name])
        _draw(axes, one)
    description = f"{HEADLINE} of {course.n_songs:,} songs, now and sorted {course.by}."
    return picture(figure, description=description, text=course_text(course))


def _draw(axes: Axes, one: Course) -> None:
    places = np.arange(1, len(one.now) + 1)
    marker = "" if len(places) > _MANY else "o"
    axes.plot(places, _numbers(one.now), color=GREY, linewidth=1.5, marker=marker, markersize=4)
    axes.plot(places, _numbers(one.then), color=BLUE, linewidth=2.5, marker=marker, markersize=6)
    axes.set_xlim(0.5, len(places) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.grid(axis="y", color=LINE, linewidth=0.8, alpha=0.6)
    axes.set_axisbelow(True)


def _numbers(values: tuple[float | None, ...]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
