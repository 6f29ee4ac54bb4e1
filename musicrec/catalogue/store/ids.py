"""Which row has an id: a hash table in two flat arrays, for tens of millions of ids.

Ids are looked up by 64 bits of their hash: the upper bits choose a bucket, the lower 32 are
compared. An id that no song has is taken for another's once in a billion times; ids that songs have
never are, but where two of them collide, once in some ten thousand catalogues of 30 million.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BUCKETS_FILE: Final = "ids.buckets.npy"
ENTRIES_FILE: Final = "ids.entries.npy"

_ENTRY: Final = np.dtype([("low", "<u4"), ("row", "<u4")])
_IDS_A_BUCKET: Final = 4
_FEWEST_BITS: Final = 8
_HASH_BYTES: Final = 8
_PART_BITS: Final = 4
_PARTS: Final = 1 << _PART_BITS
"""Sorted one after the other: sorting tens of millions at once takes gigabytes."""

Hashes = NDArray[np.uint64]


def hashes_of(ids: Iterable[str]) -> Hashes:
    """Return the 64-bit hash of every id."""
    digests = b"".join(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
        for text in ids
    )
    return np.frombuffer(digests, dtype="<u8")


class IdIndex:
    """Rows by id; memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open the files that ``write_id_index`` made.

        Raises:
            OSError, ValueError: They are not there or damaged.
        """
        # Plain views of the mapped files: indexing memory maps themselves takes five times as long.
        self._buckets = np.asarray(np.load(folder / BUCKETS_FILE, mmap_mode="r"))
        self._entries = np.asarray(np.load(folder / ENTRIES_FILE, mmap_mode="r"))
        self._shift = np.uint64(64 - (len(self._buckets) - 1).bit_length() + 1)

    def rows(self, track_id: str) -> list[int]:
        """Return every row that has the id, ascending; several where songs share a made one."""
        hashed = hashes_of([track_id])[0]
        bucket = int(hashed >> self._shift)
        entries = self._entries[self._buckets[bucket] : self._buckets[bucket + 1]]
        low = np.uint32(hashed & np.uint64(0xFFFFFFFF))
        return sorted(int(row) for row in entries["row"][entries["low"] == low])

    def rows_of_any(self, track_ids: Iterable[str]) -> NDArray[np.intp]:
        """Return every row that has one of the ids, in no order, as ``rows`` finds them."""
        hashed = hashes_of(track_ids)
        buckets = (hashed >> self._shift).astype(np.intp)
        starts = self._buckets[buckets].astype(np.intp)
        lengths = self._buckets[buckets + 1].astype(np.intp) - starts
        firsts = np.cumsum(lengths) - lengths
        entries = self._entries[np.repeat(starts - firsts, lengths) + np.arange(lengths.sum())]
        lows = np.repeat((hashed & np.uint64(0xFFFFFFFF)).astype(np.uint32), lengths)
        return entries["row"][entries["low"] == lows].astype(np.intp)


def write_id_index(folder: Path, hashes: Hashes, rows: NDArray[np.uint32]) -> None:
    """Write the index of ids to a folder.

    Args:
        folder: Where.
        hashes: Of every id, any order.
        rows: The row of every id.
    """
    bits = max(_FEWEST_BITS, int(np.ceil(np.log2(max(len(hashes), 1) / _IDS_A_BUCKET))))
    starts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    buckets = np.empty((1 << bits) + 1, dtype=np.uint32)
    header = np.lib.format.header_data_from_array_1_0(np.empty(0, dtype=_ENTRY))
    done = 0
    # A memory map would die of SIGBUS, not of an error, on a full disk.
    with (folder / ENTRIES_FILE).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {**header, "shape": hashes.shape})
        for part, some in enumerate(np.split(np.arange(1 << bits), _PARTS)):
            entries, own = _sorted_part(hashes, rows, part)
            file.write(entries.tobytes())
            buckets[some] = done + np.searchsorted(own, starts[some])
            done += len(own)
    buckets[-1] = done
    np.save(folder / BUCKETS_FILE, buckets)


def _sorted_part(
    hashes: Hashes, rows: NDArray[np.uint32], part: int
) -> tuple[NDArray[Any], Hashes]:
    """Return the entries of the ids whose hashes begin with ``part``, and these hashes, sorted."""
    chosen = np.flatnonzero(hashes >> np.uint64(64 - _PART_BITS) == part)
    own = hashes[chosen]
    order = np.argsort(own, kind="stable")
    entries = np.empty(len(own), dtype=_ENTRY)
    own = own[order]
    entries["low"] = own & np.uint64(0xFFFFFFFF)
    entries["row"] = rows[chosen[order]]
    return entries, own
