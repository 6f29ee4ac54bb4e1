"""The picture of a taste radar."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from math import ceil, cos, pi, sin
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from musicrec.charts.canvas import (
    BLUE,
    FADED,
    LINE,
    MARGIN,
    ORANGE,
    SMALL,
    add_panel,
    new_card,
    picture,
    write,
    write_lines,
    write_on,
)
from musicrec.charts.radar_text import (
    FEWEST_AXES,
    clear_axes,
    headline,
    radar_text,
    rival,
    side_of,
)
from musicrec.domain.picture import Picture
from musicrec.domain.taste_profile import TasteRadar
from musicrec.taste.words import WORDINGS

_BOX: Final = (0.145, 0.105, 0.44, 0.6286)
"""A square on the card."""

_MIDDLE: Final = 50.0
_LEAST_REACH: Final = 20.0
_RING: Final = 10.0
_COLUMN: Final = 0.72
_LEGEND: Final = ("Rings: how many of 100", "songs are below yours.")


def draw_radar(radar: TasteRadar) -> Picture:
    """Draw the liked songs' mean ranks on every axis against the others' or all songs' mean."""
    figure = new_card(headline(radar), f"Your {radar.n_likes:,} likes against {rival(radar)}")
    if len(radar.axes) < FEWEST_AXES:
        _say_why_not(figure)
    else:
        _draw_axes(add_panel(figure, _BOX, projection="polar"), radar)
        _explain(figure, radar)
    return picture(figure, description=_description(radar), text=radar_text(radar))


def _description(radar: TasteRadar) -> str:
    ranks = ", ".join(
        f"{WORDINGS[axis.feature].high} {axis.liked:.0f} ({axis.other:.0f})" for axis in radar.axes
    )
    return f"Radar of {radar.n_likes:,} likes, in brackets {rival(radar)}: {ranks}."


def _say_why_not(figure: Figure) -> None:
    axes = add_panel(figure, (MARGIN, 0.06, 1 - 2 * MARGIN, 0.75))
    axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    write(axes, 0.5, 0.5, "too little is known about songs you like", ha="center", color=FADED)


def _draw_axes(axes: Axes, radar: TasteRadar) -> None:
    reach = _reach(radar)
    axes.set(ylim=(_MIDDLE - reach, _MIDDLE + reach))
    polar: Any = axes  # matplotlib's stubs do not know the methods of polar axes
    polar.set_theta_zero_location("N")
    polar.set_theta_direction(-1)
    angles = [2 * pi * row / len(radar.axes) for row in range(len(radar.axes))]
    rings = (_MIDDLE - reach / 2, _MIDDLE, _MIDDLE + reach / 2, _MIDDLE + reach)
    axes.set_xticks(angles, [])
    axes.set_yticks(rings, [])
    axes.grid(color=LINE, linewidth=1.0)
    _draw_shape(axes, angles, [axis.other for axis in radar.axes], is_own=False)
    _draw_shape(axes, angles, [axis.liked for axis in radar.axes], is_own=True)
    for angle, axis in zip(angles, radar.axes, strict=True):
        _name_axis(axes, angle, WORDINGS[axis.feature].high, _MIDDLE + 1.12 * reach)
    for ring in rings[1:]:
        write(axes, pi / len(angles), ring, f"{ring:.0f}", size=SMALL, ha="center", color=FADED)


def _reach(radar: TasteRadar) -> float:
    """Return how far the axes go from the middle: as far as needed, in whole rings."""
    ranks = [rank for axis in radar.axes for rank in (axis.liked, axis.other)]
    furthest = max(abs(rank - _MIDDLE) for rank in ranks)
    return min(max(_RING * ceil(furthest / _RING), _LEAST_REACH), _MIDDLE)


def _draw_shape(axes: Axes, angles: list[float], ranks: list[float], *, is_own: bool) -> None:
    x, y = [*angles, angles[0]], [*ranks, ranks[0]]
    if is_own:
        axes.fill(x, y, color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(x, y, "o-", color=BLUE, linewidth=3.5, markersize=9)
    else:
        axes.plot(x, y, color=ORANGE, linewidth=2.5, linestyle=(0, (4, 3)))


def _name_axis(axes: Axes, angle: float, name: str, radius: float) -> None:
    across, up = sin(angle), cos(angle)
    side = "center" if abs(across) < 0.1 else "left" if across > 0 else "right"  # noqa: PLR2004 -- nearly upright
    height = "bottom" if up > 0.9 else "top" if up < -0.9 else "center"  # noqa: PLR2004 -- nearly upright
    write(axes, angle, radius, name, ha=side, va=height)


def _explain(figure: Figure, radar: TasteRadar) -> None:
    write_on(figure, (_COLUMN, 0.70), "━ your likes", color=BLUE, weight="bold")
    others = "mean of the others" if radar.n_others else "mean of all songs"
    write_on(figure, (_COLUMN, 0.65), f"╍ {others}", color=ORANGE, weight="bold")
    write_on(figure, (_COLUMN, 0.55), "Largest differences")
    for row, axis in enumerate(clear_axes(radar)[:5]):
        y = 0.50 - 0.047 * row
        write_on(figure, (_COLUMN, y), side_of(axis), color=FADED)
        write_on(figure, (0.965, y), f"{abs(axis.liked - axis.other):.0f}", ha="right", color=FADED)
    write_lines(figure, (_COLUMN, 0.15), _LEGEND)
