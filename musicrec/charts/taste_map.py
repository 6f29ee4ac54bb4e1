"""The picture of rated songs by tempo and energy."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from typing import Final

from matplotlib.axes import Axes

from musicrec.charts.canvas import (
    BLUE,
    CARD,
    FADED,
    LINE,
    ORANGE,
    add_panel,
    name_axes,
    new_card,
    picture,
    write,
    write_on,
)
from musicrec.charts.map_text import headline, map_text, middles, missing_words
from musicrec.domain.picture import Picture
from musicrec.domain.taste_profile import TasteMap

_BOX: Final = (0.115, 0.15, 0.855, 0.61)
_TEMPOS: Final = (60.0, 180.0)
"""Shown at the least, in BPM: single songs would float in space without it."""

_LARGE: Final = 200.0
_SMALL: Final = 20.0
_CROWD: Final = 12_000.0
"""Square points of ink that songs may take together."""

_FAINT: Final = 0.45
_LAYERS: Final = 12
"""Likes and dislikes are laid down in turns, so that neither hides the other."""


def draw_taste_map(taste: TasteMap) -> Picture:
    """Draw likes as circles and dislikes as crosses; missing values are counted, not drawn."""
    subtitle = missing_words(taste) or "Every song you rated, by tempo and energy"
    figure = new_card(headline(taste), subtitle)
    axes = add_panel(figure, _BOX)
    _frame(axes, taste)
    _scatter(axes, taste)
    for x, colour, name in (
        (_BOX[0], BLUE, f"● {len(taste.likes):,} liked"),
        (0.34, ORANGE, f"✖ {len(taste.dislikes):,} disliked"),
    ):
        write_on(figure, (x, 0.79), name, color=colour, weight="bold")
    if not taste.likes and not taste.dislikes:
        middle = sum(axes.get_xlim()) / 2
        write(axes, middle, 0.5, "nothing to draw", ha="center", color=FADED)
    return picture(figure, description=_description(taste), text=map_text(taste))


def _description(taste: TasteMap) -> str:
    parts = (headline(taste), _sentence(middles(taste)), missing_words(taste))
    said = ". ".join(part for part in parts if part)
    return (
        f"Map of {len(taste.likes):,} liked and {len(taste.dislikes):,} disliked songs by tempo "
        f"and energy. {said}."
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _frame(axes: Axes, taste: TasteMap) -> None:
    tempos = [tempo for tempo, _ in (*taste.likes, *taste.dislikes)]
    low, high = min((*tempos, _TEMPOS[0])), max((*tempos, _TEMPOS[1]))
    room = 0.03 * (high - low)
    axes.set(xlim=(low - room, high + room), ylim=(-0.04, 1.04))
    axes.set_yticks((0, 0.5, 1), ["0%", "50%", "100%"])
    axes.grid(color=LINE, linewidth=0.8, alpha=0.6)
    axes.set_axisbelow(True)
    name_axes(axes, "tempo in BPM: slow → fast", "energy: calm → energetic")


def _scatter(axes: Axes, taste: TasteMap) -> None:
    n = max(len(taste.likes) + len(taste.dislikes), 1)
    area = min(max(_CROWD / n, _SMALL), _LARGE)
    # Many songs cover each other: the fainter each is, the more their density shows.
    alpha = min(max(_CROWD / (n * _SMALL), _FAINT), 0.95)
    for layer in range(_LAYERS):
        for places, marker, colour in ((taste.dislikes, "X", ORANGE), (taste.likes, "o", BLUE)):
            x = [tempo for tempo, _ in places[layer::_LAYERS]]
            y = [energy for _, energy in places[layer::_LAYERS]]
            axes.scatter(
                x, y, s=area, marker=marker, c=colour, alpha=alpha, edgecolor=CARD, linewidth=0.6
            )
