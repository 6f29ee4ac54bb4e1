"""The picture of a passport: a map of the world with stamps, and lists of the places."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Iterable, Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from musicrec.charts.canvas import (
    BLUE,
    CARD,
    FADED,
    INK,
    LINE,
    MARGIN,
    ORANGE,
    PANEL,
    SMALL,
    WIDTH,
    drawable,
    fitting,
    new_card,
    picture,
    width_of,
    write_on,
)
from musicrec.charts.passport_text import headline, name_of, next_words, passport_text
from musicrec.charts.world import Shape, world
from musicrec.domain.passport import Entry, Passport
from musicrec.domain.picture import Picture
from musicrec.domain.places import STAMPED_AT, PlaceKind

_MAP: Final = (0.02, 0.24, 0.96, 0.60)
OPEN: Final = "#6b7280"
"""Countries that songs come from; there is nothing to hear from the darker ones."""
_REACH: Final = (-2.55, 2.72, -1.05, 1.32)
"""Ends of the map: left, right, bottom, top."""
_TOO_SMALL: Final = 0.09
"""Countries smaller than this, in units of the map, get a dot as well: nobody would see them."""
_STAMPED_MARK: Final = "●"
_BEGUN_MARK: Final = "◐"
_HATCH: Final = "////"


def draw_passport(passport: Passport, names: Mapping[str, str]) -> Picture:
    """Draw stamped countries filled, begun ones hatched, and list both and the genres below.

    Args:
        passport: Whose.
        names: Of countries, by code; those that cannot be drawn are told by their code.
    """
    figure = new_card(headline(passport), next_words(passport, _drawn(names)))
    axes = figure.add_axes(_MAP)
    axes.set(xlim=_REACH[:2], ylim=_REACH[2:], aspect="equal", xticks=[], yticks=[])
    axes.set_axis_off()
    _fill(axes, passport)
    rows = (
        (0.175, BLUE, f"{_STAMPED_MARK} stamped", passport.stamped(PlaceKind.COUNTRY)),
        (0.125, ORANGE, f"{_BEGUN_MARK} begun", passport.begun(PlaceKind.COUNTRY)),
        (0.075, INK, "genres", _genres(passport)),
    )
    for y, colour, title, entries in rows:
        write_on(figure, (MARGIN, y), title, color=colour, weight="bold")
        left = 0.19
        room = WIDTH * (1 - MARGIN - left)
        write_on(figure, (left, y), _listed(entries, _drawn(names), room), color=FADED)
    key = f"lighter land: there are songs from there · a stamp takes {STAMPED_AT} rated songs"
    write_on(figure, (MARGIN, 0.025), fitting(key, WIDTH * (1 - 2 * MARGIN), size=SMALL),
             size=SMALL, color=FADED)  # fmt: skip
    return picture(
        figure, description=_description(passport, names), text=passport_text(passport, names)
    )


def _description(passport: Passport, names: Mapping[str, str]) -> str:
    stamped = ", ".join(name_of(each, names) for each in passport.stamped(PlaceKind.COUNTRY)[:8])
    where = f" Stamped most: {stamped}." if stamped else ""
    return f"Map of the world. {headline(passport)}.{where} {next_words(passport, names)}."


def _genres(passport: Passport) -> list[Entry]:
    return [*passport.stamped(PlaceKind.GENRE), *passport.begun(PlaceKind.GENRE)]


def _fill(axes: Axes, passport: Passport) -> None:
    stamped = {each.place.name for each in passport.stamped(PlaceKind.COUNTRY)}
    begun = {each.place.name for each in passport.begun(PlaceKind.COUNTRY)}
    known = passport.open_countries - stamped - begun
    every = world()
    _draw(axes, (each for each in every if each.code not in known | stamped | begun), PANEL)
    _draw(axes, (each for each in every if each.code in known), OPEN)
    _draw(axes, (each for each in every if each.code in begun), ORANGE, hatch=_HATCH)
    _draw(axes, (each for each in every if each.code in stamped), BLUE)
    for codes, colour in ((begun, ORANGE), (stamped, BLUE)):
        tiny = [each.middle for each in every if each.code in codes and each.size < _TOO_SMALL]
        axes.scatter(
            [x for x, _ in tiny], [y for _, y in tiny], s=55, c=colour, edgecolor=CARD,
            linewidth=1.2, zorder=5,
        )  # fmt: skip


def _draw(axes: Axes, shapes: Iterable[Shape], colour: str, *, hatch: str = "") -> None:
    rings = [ring for shape in shapes for ring in shape.rings]
    edge = LINE if colour == PANEL else CARD
    filling = PolyCollection(rings, facecolor=colour, edgecolor=edge, linewidth=0.5)
    if hatch:
        filling.set_hatch(hatch)
    axes.add_collection(filling)


def _listed(entries: list[Entry], names: Mapping[str, str], room: float) -> str:
    """Return as many places as have room, and how many there are more."""
    words = [_word(each, names) for each in entries]
    for most in range(len(words), 0, -1):
        left = len(words) - most
        line = " · ".join(words[:most]) + (f" · and {left} more" if left else "")
        if width_of(line) <= room:
            return line
    return fitting(words[0], room) if words else "none yet"


def _word(entry: Entry, names: Mapping[str, str]) -> str:
    of = "" if entry.visit.is_stamped else f" of {STAMPED_AT}"
    return f"{name_of(entry, names)} {entry.visit.rated}{of}"


def _drawn(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names that the font has all glyphs for."""
    return {code: name for code, name in names.items() if drawable(name) == name}
