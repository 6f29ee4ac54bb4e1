"""Which songs a search may show."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.columns import COUNTRY_CODE, GENRE_CODE, Columns
from musicrec.catalogue.store.manifest import Manifest

YEAR: Final = "year"
_FIRST_LOOK: Final = 64
_LONGEST_LOOK: Final = 1 << 16

Years = tuple[int, int]
"""The first and the last one."""


class Wanted:
    """Conditions on columns; None is none."""

    def __init__(
        self,
        columns: Columns,
        manifest: Manifest,
        *,
        genre: str | None = None,
        country: str | None = None,
        years: Years | None = None,
    ) -> None:
        self._columns = columns
        self._ranges: dict[str, tuple[int, int]] = {}
        if genre is not None:
            self._ranges[GENRE_CODE] = _code_of(genre, manifest.genres)
        if country is not None:
            self._ranges[COUNTRY_CODE] = _code_of(country, manifest.countries)
        if years is not None:
            first, last = SCALES[YEAR].encode(np.array(years, dtype=np.float64))
            self._ranges[YEAR] = int(first), int(last)

    def first_of(self, rows: Iterator[int] | range, limit: int) -> list[int]:
        """Return the first rows that fulfil all; no more of ``rows`` is read than that needs."""
        if not self._ranges:
            return list(islice(rows, limit))
        found: list[int] = []
        for some in _looks(rows):
            found += some[self._holds(some)].tolist()
            if len(found) >= limit:
                break
        return found[:limit]

    def _holds(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        holds = np.ones(len(rows), dtype=bool)
        for column, (low, high) in self._ranges.items():
            codes = self._columns[column][rows]
            holds &= (codes >= low) & (codes <= high)
        return holds


def _code_of(word: str, words: tuple[str, ...]) -> tuple[int, int]:
    """Return the range of codes that mean ``word``: one, or none at all where it is unknown."""
    if not word or word not in words:
        return 1, 0
    return (code := words.index(word)), code


def _looks(rows: Iterator[int] | range) -> Iterator[NDArray[np.intp]]:
    """Cut rows into pieces, each longer than the one before."""
    length, pieces = _FIRST_LOOK, iter(rows)
    while len(piece := np.fromiter(islice(pieces, length), dtype=np.intp)):
        yield piece
        length = min(2 * length, _LONGEST_LOOK)
