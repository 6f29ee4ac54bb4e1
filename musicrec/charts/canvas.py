"""What all figures share: the card they are drawn on, colours, and text that can be drawn."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

import io
import re
from functools import cache
from typing import Any, Final

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from musicrec.domain.picture import Picture

MAX_DESCRIPTION: Final = 256
MAX_TEXT: Final = 1800

# A solid dark card of its own is readable on Discord's dark and on its light theme.
CARD: Final = "#23252b"
PANEL: Final = "#2f3239"
INK: Final = "#f4f5f7"
FADED: Final = "#b4b9c4"
LINE: Final = "#565b66"

# From Okabe and Ito's palette (2008), which colour-blind people can tell apart.
BLUE: Final = "#56b4e9"
ORANGE: Final = "#e69f00"
GREY: Final = "#8a8f9b"

_GAPS: Final = re.compile(r"\0[\0 ]*(?<! )")
_FONT: Final = "DejaVu Sans"
_INCHES: Final = (10.0, 7.0)
_DPI: Final = 100


def new_card(title: str, subtitle: str) -> Figure:
    """Make an empty card of 1000 × 700 pixels with two lines at its top; panels go below 0.83."""
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor=CARD)
    figure.text(0.04, 0.925, _drawable(title), color=INK, size=20, weight="bold", family=_FONT)
    figure.text(0.04, 0.875, _drawable(subtitle), color=FADED, size=12.5, family=_FONT)
    return figure


def add_panel(figure: Figure, box: tuple[float, float, float, float], title: str) -> Axes:
    """Add axes without spines at ``box`` (left, bottom, width, height in shares of the card)."""
    axes = figure.add_axes(box, facecolor=PANEL)
    axes.set_title(_drawable(title), color=INK, size=13, loc="left", pad=10, family=_FONT)
    axes.tick_params(colors=FADED, length=0, labelsize=11)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Write text at data coordinates, by default centred on its height."""
    defaults: dict[str, Any] = {"color": INK, "size": 11.5, "va": "center", "family": _FONT}
    axes.text(x, y, _drawable(text), **(defaults | style))


def scale(axes: Axes, *, reach: tuple[float, float], rows: int) -> None:
    """Give axes a horizontal reach and room for ``rows`` bars, from y = 0 at the top downwards."""
    axes.set(xlim=reach, ylim=(rows - 0.4, -0.6), xticks=[], yticks=[])


def bar(axes: Axes, y: float, length: float, *, height: float, color: str) -> None:
    """Draw a horizontal bar from 0 to ``length``, which may be negative."""
    axes.barh(y, length, height=height, color=color, zorder=3)


def rule(axes: Axes, x: float, *, dashed: bool = False) -> None:
    """Draw a vertical line: thin and behind the bars, or dashed and before them."""
    if dashed:
        axes.axvline(x, color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=4)
    else:
        axes.axvline(x, color=LINE, linewidth=1.2)


def write_heading(figure: Figure, x: float, y: float, text: str) -> None:
    """Write the title of a part of the card, at shares of the card."""
    figure.text(x, y, _drawable(text), color=INK, size=13, family=_FONT)


def write_below(figure: Figure, at: tuple[float, float], lines: tuple[str, ...]) -> None:
    """Write small faded lines from a point of the card (in shares of it) downwards."""
    for row, line in enumerate(lines):
        y = at[1] - 0.033 * row
        figure.text(at[0], y, _drawable(line), color=FADED, size=10.5, family=_FONT)


def picture(figure: Figure, *, description: str, text: str) -> Picture:
    """Finish a card."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=CARD)
    return Picture(
        png=buffer.getvalue(),
        description=shorten(description, MAX_DESCRIPTION),
        text=shorten(text, MAX_TEXT),
    )


def shorten(text: str, most: int) -> str:
    """Cut text that is longer than ``most`` characters, with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def one_line(text: str) -> str:
    """Turn line breaks and runs of white space into single spaces."""
    return " ".join(text.split())


def _drawable(text: str) -> str:
    """Replace what the font has no glyph for, and keep dollar signs from starting a formula."""
    kept = "".join(char if ord(char) in _glyphs() else "\0" for char in one_line(text))
    return _GAPS.sub("…", kept).replace("$", r"\$")


@cache
def _glyphs() -> frozenset[int]:
    path = font_manager.findfont(FontProperties(family=_FONT))
    return frozenset(font_manager.get_font(path).get_charmap())
