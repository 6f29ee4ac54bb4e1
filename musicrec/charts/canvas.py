"""What all figures share: the card they are drawn on, colours, and text that can be drawn.

Discord shows a card about 550 pixels wide on a desk and 350 on a phone: text that carries a fact
is at least ``BODY`` high, and nothing is below ``SMALL``.
"""

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
FADED: Final = "#bcc1cb"
LINE: Final = "#5d6370"

# From Okabe and Ito's palette (2008), which colour-blind people can tell apart.
BLUE: Final = "#56b4e9"
ORANGE: Final = "#e69f00"
GREY: Final = "#9aa0ac"

WIDTH: Final = 1000
HEIGHT: Final = 700
"""Pixels."""

TITLE: Final = 29.0
BODY: Final = 20.0
SMALL: Final = 18.0
"""Heights of text, in pixels of the card."""

MARGIN: Final = 0.04
_LINE_STEP: Final = 26 / HEIGHT
_GAPS: Final = re.compile(r"\0[\0 ]*(?<! )")
_FONT: Final = "DejaVu Sans"
_DPI: Final = 100


def new_card(title: str, subtitle: str) -> Figure:
    """Make an empty card with two lines at its top, cut to its width; panels go below 0.83."""
    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=CARD)
    room = WIDTH * (1 - 2 * MARGIN)
    title = fitting(title, room, size=TITLE, bold=True)
    write_on(figure, (MARGIN, 0.93), title, size=TITLE, weight="bold")
    write_on(figure, (MARGIN, 0.87), fitting(subtitle, room), color=FADED)
    return figure


def add_panel(
    figure: Figure, box: tuple[float, float, float, float], title: str = "", **style: Any
) -> Axes:
    """Add axes without spines at ``box`` (left, bottom, width, height in shares of the card)."""
    axes = figure.add_axes(box, facecolor=PANEL, **style)
    axes.set_title(drawable(title), color=INK, size=points(BODY), loc="left", pad=12, family=_FONT)
    axes.tick_params(colors=FADED, length=0, labelsize=points(SMALL), labelfontfamily=_FONT, pad=6)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def write(axes: Axes, x: float, y: float, text: str, *, size: float = BODY, **style: Any) -> None:
    """Write text at data coordinates, by default centred on its height; ``size`` in pixels."""
    defaults: dict[str, Any] = {"color": INK, "va": "center", "family": _FONT}
    axes.text(x, y, drawable(text), size=points(size), **(defaults | style))


def write_on(
    figure: Figure, at: tuple[float, float], text: str, *, size: float = BODY, **style: Any
) -> None:
    """Write one line at shares of the card; ``size`` in pixels."""
    defaults: dict[str, Any] = {"color": INK, "family": _FONT}
    figure.text(at[0], at[1], drawable(text), size=points(size), **(defaults | style))


def write_lines(
    figure: Figure, at: tuple[float, float], lines: tuple[str, ...], *, size: float = SMALL
) -> None:
    """Write faded lines from a point of the card (in shares of it) downwards."""
    for row, line in enumerate(lines):
        write_on(figure, (at[0], at[1] - _LINE_STEP * row), line, size=size, color=FADED)


def name_axes(axes: Axes, x: str, y: str) -> None:
    """Say what the axes show."""
    style: dict[str, Any] = {"color": FADED, "size": points(BODY), "family": _FONT}
    axes.set_xlabel(drawable(x), labelpad=8, **style)
    axes.set_ylabel(drawable(y), labelpad=8, **style)


def scale(axes: Axes, *, reach: tuple[float, float], rows: int) -> None:
    """Give axes a horizontal reach and room for ``rows`` bars, from y = 0 at the top downwards."""
    axes.set(xlim=reach, ylim=(rows - 0.4, -0.6), xticks=[], yticks=[])


def bar(
    axes: Axes, y: float, length: float, *, height: float, color: str, start: float = 0.0
) -> None:
    """Draw a horizontal bar of a ``length``, which may be negative, from ``start`` on."""
    axes.barh(y, length, left=start, height=height, color=color, zorder=3)


def rule(axes: Axes, x: float) -> None:
    """Draw a thin vertical line behind the bars."""
    axes.axvline(x, color=LINE, linewidth=1.2)


def picture(figure: Figure, *, description: str, text: str) -> Picture:
    """Finish a card."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=CARD)
    return Picture(
        png=buffer.getvalue(),
        description=shorten(one_line(description), MAX_DESCRIPTION),
        text=shorten(text, MAX_TEXT),
    )


def shorten(text: str, most: int) -> str:
    """Cut text that is longer than ``most`` characters, with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def fitting(text: str, room: float, *, size: float = BODY, bold: bool = False) -> str:
    """Cut a line that is wider than ``room`` pixels when written ``size`` pixels high."""
    text = one_line(text)
    # A glyph is never narrower than this, so longer texts need not be measured.
    most = min(len(text), int(room / (0.15 * size)) + 1)
    while most > 1 and width_of(shorten(text, most), size=size, bold=bold) > room:
        most -= 1
    return shorten(text, most)


def width_of(text: str, *, size: float = BODY, bold: bool = False) -> float:
    """Return how many pixels a line takes."""
    font = font_manager.get_font(_font_path(bold=bold))
    font.set_size(points(size), _DPI)
    # Escaping matters to formulas only; the font measures what is seen.
    font.set_text(drawable(text).replace(r"\$", "$"), 0.0)
    return font.get_width_height()[0] / 64


def one_line(text: str) -> str:
    """Turn line breaks and runs of white space into single spaces."""
    return " ".join(text.split())


def drawable(text: str) -> str:
    """Replace what the font has no glyph for, and keep dollar signs from starting a formula."""
    kept = "".join(char if ord(char) in _glyphs() else "\0" for char in one_line(text))
    return _GAPS.sub("…", kept).replace("$", r"\$")


def points(pixels: float) -> float:
    """Return a height of text in points, matplotlib's unit."""
    return pixels * 72 / _DPI


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(font_manager.get_font(_font_path(bold=False)).get_charmap())


@cache
def _font_path(*, bold: bool) -> str:
    weight = "bold" if bold else "normal"
    return font_manager.findfont(FontProperties(family=_FONT, weight=weight))
