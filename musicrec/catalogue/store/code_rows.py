"""Which rows have a code in the columns that filters ask about, without reading those columns.

A code of at most one song in 128 has a list of its rows, four bytes each. Any other has one bit for
each row of the snapshot. Who combines several filters reads one short list, or a few bits a row,
where a scan would read every column as a whole.
"""

from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.store.columns import COUNTRY_CODE, GENRE_CODE, TYPES, file_name

INDEXED: Final = (GENRE_CODE, COUNTRY_CODE, "year")
"""Columns that filters ask about, two bytes a song."""

_N_CODES: Final = 1 << 16
_COUNTS_BYTES: Final = 4 * _N_CODES
_ONE_IN: Final = 128
"""Rows for one row of a list, at least. Lists of up to one in 32 would take less room than bits,
but ten nanoseconds a row to sort out what other columns do not let through."""
_WORD: Final = 64
"""Rows whose bits are looked at together."""
_MOST_BITMAPS: Final = 12
"""Of one column; to put together more takes longer than to look at the column where others hold."""
_CHUNK: Final = 1 << 20

Rows = NDArray[np.intp]
Bits = NDArray[np.uint8]
Wanted: TypeAlias = "tuple[CodeRows, Sequence[int]]"
"""A column, and codes of which a song must have one."""


class CodeRows:
    """Rows by code of one column; memory-mapped.

    Attributes:
        counts: Songs of every code, shape ``(65536,)``.
    """

    def __init__(self, path: Path, n_songs: int) -> None:
        """Open the file that ``write_code_rows`` made.

        Raises:
            OSError, ValueError: It is not there or damaged.
        """
        content: NDArray[Any] = np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
        self.n_songs = n_songs
        self.counts = content[:_COUNTS_BYTES].view("<u4").astype(np.int64)
        self._rows = content[_COUNTS_BYTES:]
        self._ends = np.cumsum(_sizes(self.counts, n_songs))
        if self.counts.sum() != n_songs or self._ends[-1] != len(self._rows):
            msg = f"{path.name} is damaged"
            raise ValueError(msg)

    @classmethod
    def of(cls, folder: Path, n_songs: int) -> dict[str, Self]:
        """Open those of a snapshot, by column; small and older snapshots have none."""
        paths = {name: folder / rows_file(name) for name in INDEXED}
        return {name: cls(path, n_songs) for name, path in paths.items() if path.exists()}

    def songs(self, codes: Sequence[int]) -> int:
        """Return how many songs have one of the codes."""
        return int(self.counts[list(codes)].sum())

    def bitmaps(self, codes: Sequence[int]) -> int:
        """Return how many of the codes have bits instead of a list."""
        return int((self.counts[list(codes)] * _ONE_IN > self.n_songs).sum())

    def rows(self, codes: Sequence[int], part: slice) -> Rows:
        """Return rows of a part, ascending, that have one of the codes; all of them have lists."""
        lists = [self._list(code, part) for code in codes if self.counts[code]]
        return np.sort(np.concatenate([*lists, np.empty(0, np.uint32)])).astype(np.intp)

    def bits(self, codes: Sequence[int], part: slice) -> Bits:
        """Return a bit for each row of a part, which begins at a multiple of 64."""
        size = -(-(part.stop - part.start) // _WORD) * (_WORD // 8)
        whole = [code for code in codes if self.bitmaps([code])]
        start = part.start // 8
        met = reduce(np.bitwise_or, (self._content(code)[start : start + size] for code in whole))
        listed = self.rows([code for code in codes if code not in whole], part) - part.start
        if len(listed):
            met = met.copy()
            np.bitwise_or.at(met, listed >> 3, np.uint8(1) << (listed & 7).astype(np.uint8))
        return met

    def _list(self, code: int, part: slice) -> NDArray[np.uint32]:
        rows = self._content(code).view("<u4")
        start, stop = np.searchsorted(rows, np.array([part.start, part.stop], dtype=np.uint32))
        return rows[start:stop]

    def _content(self, code: int) -> NDArray[np.uint8]:
        end = int(self._ends[code])
        return self._rows[end - int(_sizes(self.counts[code], self.n_songs)) : end]


def rows_file(column: str) -> str:
    """Return the file of a column's rows by code within the snapshot."""
    return f"{column}.rows"


def few_rows(wanted: Sequence[Wanted], part: slice) -> Rows | None:
    """Find the rows of a part that may have what is wanted of every column.

    Args:
        wanted: Of each column.
        part: Of the rows.

    Returns:
        Ascending; all that have it are among them, the others are to be sorted out. None where
        they would be so many that looking at the columns is as quick.
    """
    with_lists = [each for each in wanted if not each[0].bitmaps(each[1])]
    if with_lists:
        index, codes = min(with_lists, key=lambda each: each[0].songs(each[1]))
        if index.songs(codes) * _ONE_IN <= index.n_songs:
            return index.rows(codes, part)
    quick = [each for each in wanted if 0 < each[0].bitmaps(each[1]) <= _MOST_BITMAPS]
    if not quick or part.start % _WORD:
        return None
    met = reduce(np.bitwise_and, (index.bits(codes, part) for index, codes in quick))
    rows = _rows_of(met, part.start, most=(part.stop - part.start) // _ONE_IN)
    return None if rows is None else rows[: np.searchsorted(rows, part.stop)]


def write_code_rows(folder: Path, n_songs: int) -> None:
    """Write rows by code of a snapshot whose columns are written.

    Raises:
        OSError: The disk is full.
    """
    for name in INDEXED:
        column = np.asarray(np.memmap(folder / file_name(name), dtype=TYPES[name], mode="r"))
        counts, rows = _indexed(column[:n_songs])
        # A memory map would die of SIGBUS, not of an error, on a full disk.
        with (folder / rows_file(name)).open("wb") as file:
            file.write(counts.astype("<u4").tobytes())
            file.write(rows.data)


def _indexed(column: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the songs of every code, and the lists and bits of all codes."""
    chunks = range(0, len(column), _CHUNK)
    every = (np.bincount(column[start : start + _CHUNK], minlength=_N_CODES) for start in chunks)
    counts: NDArray[np.int64] = np.sum([*every], axis=0)
    sizes = _sizes(counts, len(column))
    places = np.cumsum(sizes) - sizes
    content = np.zeros(int(sizes.sum()), dtype=np.uint8)
    for start in chunks:
        codes = column[start : start + _CHUNK]
        order = np.argsort(codes, kind="stable").astype(np.uint32)
        present, firsts = np.unique(codes[order], return_index=True)
        for code, rows in zip(present.tolist(), np.split(order, firsts[1:]), strict=True):
            if counts[code] * _ONE_IN > len(column):
                found = np.packbits(codes == code, bitorder="little")
                at = places[code] + start // 8
            else:
                found = (rows + np.uint32(start)).astype("<u4").view(np.uint8)
                at = places[code]
                places[code] += len(found)
            content[at : at + len(found)] = found
    return counts, content


def _sizes(counts: NDArray[np.int64], n_songs: int) -> NDArray[np.int64]:
    """Return the bytes that codes with so many songs take."""
    return np.where(counts * _ONE_IN > n_songs, -(-n_songs // _WORD) * (_WORD // 8), 4 * counts)


def _rows_of(bits: Bits, start: int, *, most: int) -> Rows | None:
    """Return the rows of bits that are set, ascending; None where they are more than ``most``."""
    words = bits.view("<u8")
    if int(np.bitwise_count(words).sum()) > most:
        return None
    some = np.flatnonzero(words)
    single = np.unpackbits(words[some].view(np.uint8), bitorder="little").view(np.bool_)
    found = np.flatnonzero(single)
    return some[found // _WORD] * _WORD + found % _WORD + start
