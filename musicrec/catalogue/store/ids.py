"""Which row has an id: a hash table in two flat arrays, for tens of millions of ids.

Ids are looked up by 64 bits of their hash: the upper bits choose a bucket, the lower 32 are
compared. An id that no song has is taken for another's once in a billion times; ids that songs have
never are, but where two of them collide, once in some ten thousand catalogues of 30 million.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

BUCKETS_FILE: Final = "ids.buckets.npy"
ENTRIES_FILE: Final = "ids.entries.npy"

_ENTRY: Final = np.dtype([("low", "<u4"), ("row", "<u4")])
_IDS_A_BUCKET: Final = 4
_FEWEST_BITS: Final = 8
_HASH_BYTES: Final = 8
_WRITTEN_AT_ONCE: Final = 1_000_000

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
        self._buckets = np.load(folder / BUCKETS_FILE, mmap_mode="r")
        self._entries = np.load(folder / ENTRIES_FILE, mmap_mode="r")
        self._shift = np.uint64(64 - (len(self._buckets) - 1).bit_length() + 1)

    def rows(self, track_id: str) -> list[int]:
        """Return every row that has the id, ascending; several where songs share a made one."""
        hashed = hashes_of([track_id])[0]
        bucket = int(hashed >> self._shift)
        entries = self._entries[self._buckets[bucket] : self._buckets[bucket + 1]]
        low = np.uint32(hashed & np.uint64(0xFFFFFFFF))
        return sorted(int(row) for row in entries["row"][entries["low"] == low])


def write_id_index(folder: Path, hashes: Hashes, rows: NDArray[np.uint32]) -> None:
    """Write the index of ids to a folder.

    Args:
        folder: Where.
        hashes: Of every id, any order.
        rows: The row of every id.
    """
    bits = max(_FEWEST_BITS, int(np.ceil(np.log2(max(len(hashes), 1) / _IDS_A_BUCKET))))
    order = np.argsort(hashes, kind="stable")
    starts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    buckets = np.append(np.searchsorted(hashes, starts, sorter=order), len(hashes))
    np.save(folder / BUCKETS_FILE, buckets.astype(np.uint32))
    _write_entries(folder / ENTRIES_FILE, hashes, rows, order)


def _write_entries(
    path: Path, hashes: Hashes, rows: NDArray[np.uint32], order: NDArray[np.intp]
) -> None:
    """Write in pieces; a memory map would die of SIGBUS, not of an error, on a full disk."""
    header = np.lib.format.header_data_from_array_1_0(np.empty(0, dtype=_ENTRY))
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {**header, "shape": hashes.shape})
        for start in range(0, len(order), _WRITTEN_AT_ONCE):
            piece = order[start : start + _WRITTEN_AT_ONCE]
            entries = np.empty(len(piece), dtype=_ENTRY)
            entries["low"] = hashes[piece] & np.uint64(0xFFFFFFFF)
            entries["row"] = rows[piece]
            file.write(entries.tobytes())
