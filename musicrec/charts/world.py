"""Shapes of all countries, from Natural Earth's public domain maps, placed on a flat map.

The Python package geo-intel-offline (MIT licence) carries them. Only its two data files are read.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]
"""An outline, shape ``(n, 2)``: x and y on the map, both in about [-2.7, 2.7]."""

_PACKAGE: Final = "geo-intel-offline"
_SHAPES: Final = "polygons.json.gz"
_NAMES: Final = "metadata.json.gz"

_CODES: Final = MappingProxyType(
    {
        "France": "FR",
        "Norway": "NO",
        "Kosovo": "XK",
        "Taiwan": "TW",
        "N. Cyprus": "CY",
        "Somaliland": "SO",
    }
)
"""Of territories for which Natural Earth has no ISO 3166-1 code, or another one."""

_STEP: Final = 0.3
"""Degrees between points of an outline: less than a pixel of the card."""
_SMALLEST: Final = 0.6
"""Degrees that an island measures at least; the largest one of a country is kept anyway."""
_SOUTH: Final = -58.0
"""Antarctica makes no music that anybody catalogues."""


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """A country on the map.

    Attributes:
        code: ISO 3166-1 alpha-2; empty for territories without one.
        rings: Outlines, the largest first.
    """

    code: str
    rings: tuple[Ring, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its largest part."""
        x, y = (self.rings[0].min(axis=0) + self.rings[0].max(axis=0)) / 2
        return float(x), float(y)

    @property
    def size(self) -> float:
        """The longer side of its largest part, in units of the map."""
        return float(np.ptp(self.rings[0], axis=0).max())


@cache
def world() -> tuple[Shape, ...]:
    """Return all countries, large ones first, so that those inside others are drawn later."""
    names = _read(_NAMES)
    shapes = [
        Shape(_code_of(names[number]), tuple(map(placed, rings)))
        for number, shape in _read(_SHAPES).items()
        if (rings := _kept(list(_rings(shape))))
    ]
    return tuple(sorted(shapes, key=lambda shape: -shape.size))


def placed(degrees: NDArray[np.float64]) -> Ring:
    """Project latitudes and longitudes so that areas stay true: the Equal Earth projection.

    Args:
        degrees: Shape ``(n, 2)``: latitude, longitude.

    Source:
        Šavrič, Patterson & Jenny (2018), "The Equal Earth map projection".
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    latitude, longitude = np.radians(degrees).T
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    square = theta**2
    power = square**3
    x = (2 * np.sqrt(3) * longitude * np.cos(theta)) / (
        3 * (9 * a4 * power * square + 7 * a3 * power + 3 * a2 * square + a1)
    )
    y = theta * (a4 * power * square + a3 * power + a2 * square + a1)
    return np.column_stack([x, y])


def _code_of(facts: dict[str, str]) -> str:
    code = _CODES.get(facts["name"], facts["iso2"])
    return code if code.isalpha() else ""


def _rings(shape: dict[str, Any]) -> Iterator[NDArray[np.float64]]:
    for outline in shape.get("exteriors") or [shape["exterior"]]:
        points = np.round(np.array(outline, dtype=np.float64) / _STEP) * _STEP
        moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
        ring = points[moved]
        if ring[:, 0].max() > _SOUTH:
            yield ring


def _kept(rings: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    sizes = [float(np.ptp(ring, axis=0).max()) for ring in rings]
    order = sorted(range(len(rings)), key=lambda number: -sizes[number])
    return [
        rings[number]
        for place, number in enumerate(order)
        if not place or sizes[number] > _SMALLEST
    ]


def _read(name: str) -> Any:
    path = next(file.locate() for file in metadata.files(_PACKAGE) or () if file.name == name)
    with gzip.open(str(path), "rt", encoding="utf-8") as file:
        return json.load(file)
