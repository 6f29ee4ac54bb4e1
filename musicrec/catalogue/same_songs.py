"""Which entries are one song, and where it comes in the snapshot; for tens of millions of entries.

Identities are compared a slice of hashes at a time, so that memory holds some bytes an entry only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.entries import Part
from musicrec.domain.features import FEATURE_RANGES

_KEYS_AT_ONCE: Final = 4_000_000
_HASHES: Final = 1 << 64

Rows = NDArray[np.uint32]
"""Numbers of entries, counted over all parts."""


@dataclass(frozen=True, slots=True)
class Order:
    """The songs' order.

    Attributes:
        first: The first entry of every entry's song, shape ``(n_entries,)``.
        position: The row of every entry's song, most popular first, shape ``(n_entries,)``;
            ``n_songs`` where no entry has a title.
        n_songs: How many songs there are.
    """

    first: Rows
    position: Rows
    n_songs: int


def order_of(parts: Sequence[Part]) -> Order:
    """Find the songs behind the entries of all parts and sort them.

    Entries with an equal id, or of equal title and main artist, are one song, and so are entries
    that a third one joins in this way. A song is as popular as its most popular entry; among
    equals the one whose first entry came first comes first.
    """
    n_entries = sum(part.facts.n_entries for part in parts)
    first = _components(n_entries, _pairs(parts))
    songs = np.unique(first[np.concatenate([part.titled() for part in parts])])
    popularity = _popularity(parts, first)
    ranked = songs[np.argsort(popularity[songs], kind="stable")]
    position = np.full(n_entries, len(ranked), dtype=np.uint32)
    position[ranked] = np.arange(len(ranked), dtype=np.uint32)
    return Order(first, position[first], len(ranked))


def _pairs(parts: Sequence[Part]) -> Iterator[tuple[Rows, Rows]]:
    """Yield entries that share an identity with an earlier entry."""
    n_keys = sum(part.facts.n_keys for part in parts)
    n_slices = n_keys // _KEYS_AT_ONCE + 1
    bounds = [number * _HASHES // n_slices for number in range(n_slices)]
    all_keys = [part.keys() for part in parts]
    offsets = offsets_of(parts)
    cuts = [
        [*np.searchsorted(keys["hash"], np.array(bounds, dtype=np.uint64)).tolist(), len(keys)]
        for keys in all_keys
    ]
    for number in range(n_slices):
        slices = [
            (keys[cut[number] : cut[number + 1]], offset)
            for keys, cut, offset in zip(all_keys, cuts, offsets, strict=True)
        ]
        yield _pairs_of(slices)


def _pairs_of(slices: Sequence[tuple[NDArray[Any], int]]) -> tuple[Rows, Rows]:
    hashes = np.concatenate([keys["hash"] for keys, _ in slices])
    rows = np.concatenate([keys["row"] + np.uint32(offset) for keys, offset in slices])
    order = np.argsort(hashes, kind="stable")
    hashes, rows = hashes[order], rows[order]
    again = np.append(False, hashes[1:] == hashes[:-1])
    starts = np.maximum.accumulate(np.where(again, 0, np.arange(len(hashes))))
    return rows[starts[again]], rows[again]


def _components(n: int, pairs: Iterator[tuple[Rows, Rows]]) -> Rows:
    """Return the lowest row that each row is joined to, directly or through others."""
    lowest = np.arange(n, dtype=np.uint32)
    for left, right in pairs:
        lowest = _joined(lowest, left, right)
    return lowest


def _joined(lowest: Rows, left: Rows, right: Rows) -> Rows:
    while True:
        one, other = lowest[left], lowest[right]
        apart = one != other
        if not apart.any():
            return lowest
        left, right, one, other = left[apart], right[apart], one[apart], other[apart]
        np.minimum.at(lowest, np.maximum(one, other), np.minimum(one, other))
        lowest = _followed(lowest)


def _followed(lowest: Rows) -> Rows:
    """Let every row point to the end of its chain."""
    while True:
        further = lowest[lowest]
        if (further == lowest).all():
            return further
        lowest = further


def _popularity(parts: Sequence[Part], first: Rows) -> NDArray[np.uint16]:
    """Return how far every song is from the top; the unknown come last. Valid for first entries."""
    unknown = np.iinfo(np.uint16).max
    _, highest = FEATURE_RANGES["popularity"]
    distance = np.full(len(first), unknown, dtype=np.uint16)
    for part, offset in zip(parts, offsets_of(parts), strict=True):
        values = part.popularity()
        known = ~np.isnan(values)
        scaled = np.rint((highest - values[known]) * 500).astype(np.uint16)
        distance[offset : offset + len(values)][known] = scaled
    np.minimum.at(distance, first, distance.copy())
    return distance


def offsets_of(parts: Sequence[Part]) -> list[int]:
    """Return the number of each part's first entry."""
    sizes = [part.facts.n_entries for part in parts]
    return [0, *np.cumsum(sizes).tolist()][: len(parts)]
