"""The first rows that fulfil a condition, without reading all."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FIRST_LOOK: Final = 64
_LONGEST_LOOK: Final = 1 << 16


def first_that(
    hold: Callable[[NDArray[np.intp]], NDArray[np.bool_]], rows: Iterable[int], limit: int
) -> list[int]:
    """Return the first rows for which ``hold`` is true, in their order.

    Args:
        hold: Tells it of many rows at once.
        rows: Perhaps millions; few more are taken than are needed.
        limit: How many at most.
    """
    found: list[int] = []
    for some in _looks(iter(rows)):
        found += some[hold(some)].tolist()
        if len(found) >= limit:
            break
    return found[:limit]


def _looks(rows: Iterator[int]) -> Iterator[NDArray[np.intp]]:
    """Cut rows into pieces, each twice as long as the one before."""
    length = _FIRST_LOOK
    while len(piece := np.fromiter(islice(rows, length), dtype=np.intp)):
        yield piece
        length = min(2 * length, _LONGEST_LOOK)
