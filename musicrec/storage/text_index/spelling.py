"""Known texts at most one typo away: a missing, additional, wrong or swapped letter.

Two texts are one typo apart only if deleting at most one letter of each makes them equal. So every
known text is stored under itself and under all it becomes by losing a letter, and whoever looks for
a text looks under the same of theirs. What is found there is measured.

Source:
    Garbe (2012), "1000x faster spelling correction algorithm" (symmetric deletion).
"""

import sqlite3
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from rapidfuzz.distance import OSA

MIN_FORGIVEN: Final = 3
"""Characters; a typo in a shorter word makes another word of it too often."""
MAX_FORGIVEN: Final = 32
"""Of a known text that is stored; longer ones are found as they are typed."""
_MOST_TEXTS: Final = 2_000_000
"""The most frequent ones are found; rarer ones are mostly typos themselves."""

_LETTERS: Final = 26
_RIGHT: Final = 5_000
"""How much likelier a word is typed right than with one certain wrong letter."""

_BUCKET_BITS: Final = 16
"""A bucket has some hundred entries where a million words are known."""
_HASH_BITS: Final = 32
_ENTRY: Final = np.dtype([("hash", "<u2"), ("id", "<u4")])
"""The lower half of a key's hash, and the row of the known text."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A known text.

    Attributes:
        text: Folded.
        songs: How many have it.
        typos: How far it is from what was typed: 0 or 1.
    """

    text: str
    songs: int
    typos: int


def near(connection: sqlite3.Connection, table: str, text: str) -> list[Spelling]:
    """Return the texts of a table that are ``text`` or one typo away, the likeliest first.

    Args:
        connection: To the index.
        table: ``schema.WORDS`` or ``schema.BEGINNINGS``.
        text: Folded.
    """
    if not MIN_FORGIVEN <= len(text) <= MAX_FORGIVEN:
        return []
    ids = _ids_perhaps(connection, table, text)
    rows = (
        connection.execute(f"SELECT text, songs FROM {table} WHERE id = ?", (each,)).fetchone()  # noqa: S608 -- one of our two tables
        for each in ids
    )
    measured = (
        Spelling(known, songs, OSA.distance(text, known, score_cutoff=1)) for known, songs in rows
    )
    found = (spelling for spelling in measured if spelling.typos <= 1)
    return sorted(found, key=lambda spelling: -spelling.songs * _likelihood(text, spelling))


def write_neighbours(connection: sqlite3.Connection, table: str) -> None:
    """Make the texts of a table findable by ``near``."""
    texts = connection.execute(
        f"SELECT id, text FROM {table} WHERE length(text) BETWEEN ? AND ?"  # noqa: S608 -- our own tables
        " ORDER BY songs DESC LIMIT ?",
        (MIN_FORGIVEN - 1, MAX_FORGIVEN, _MOST_TEXTS),
    )
    hashed = (_hash(key) << _HASH_BITS | number for number, text in texts for key in _keys(text))
    entries = np.sort(np.fromiter(hashed, dtype=np.uint64))
    packed = np.empty(len(entries), dtype=_ENTRY)
    packed["hash"] = entries >> np.uint64(_HASH_BITS) & np.uint64(0xFFFF)
    packed["id"] = entries & np.uint64(0xFFFFFFFF)
    buckets, starts = np.unique(
        entries >> np.uint64(2 * _HASH_BITS - _BUCKET_BITS), return_index=True
    )
    ends = [*starts.tolist()[1:], len(entries)]
    connection.executemany(
        f"INSERT INTO {table}_near VALUES (?, ?)",  # noqa: S608 -- as above
        (
            (bucket, packed[start:end].tobytes())
            for bucket, start, end in zip(buckets.tolist(), starts.tolist(), ends, strict=False)
        ),
    )


def _likelihood(typed: str, meant: Spelling) -> float:
    """Return how likely somebody who means a word types this, up to a factor.

    Of all ways to lose or swap letters few lead here; to type a wrong or additional one, there are
    as many again as the alphabet has letters.
    """
    if not meant.typos:
        return _RIGHT
    is_swap = len(meant.text) == len(typed) and sorted(meant.text) == sorted(typed)
    return _LETTERS if is_swap or len(meant.text) > len(typed) else 1


def _ids_perhaps(connection: sqlite3.Connection, table: str, text: str) -> set[int]:
    ids: set[int] = set()
    statement = f"SELECT entries FROM {table}_near WHERE bucket = ?"  # noqa: S608 -- as above
    for key in _keys(text):
        hashed = _hash(key)
        row = connection.execute(statement, (hashed >> _HASH_BITS - _BUCKET_BITS,)).fetchone()
        if row is not None:
            entries = np.frombuffer(row[0], dtype=_ENTRY)
            ids.update(entries["id"][entries["hash"] == hashed & 0xFFFF].tolist())
    return ids


def _keys(text: str) -> set[str]:
    """Return ``text`` and all it becomes by losing a letter."""
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}


def _hash(key: str) -> int:
    return crc32(key.encode())
