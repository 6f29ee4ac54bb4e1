"""All words of the index in alphabetical order, numbered from 1."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from musicrec.storage.text_index.schema import WORDS

_FIRST: Final = chr(0)
_LAST: Final = chr(0x10FFFF)
_TEXT: Final = f"SELECT text FROM {WORDS} WHERE id = ?"  # noqa: S608 -- our own table
_FROM: Final = f"SELECT text, songs FROM {WORDS} WHERE id >= ?"  # noqa: S608 -- as above
_COUNT: Final = f"SELECT max(id) FROM {WORDS}"  # noqa: S608 -- as above


def beginning_with(connection: sqlite3.Connection, beginning: str) -> Iterator[tuple[str, int]]:
    """Yield the words that begin so, and how many songs each has."""
    for word, songs in connection.execute(_FROM, (_position(connection, beginning),)):
        if not word.startswith(beginning):
            return
        yield word, songs


def songs_with(connection: sqlite3.Connection, word: str) -> int:
    """Return how many songs have a word."""
    found, songs = connection.execute(_FROM, (_position(connection, word),)).fetchone() or ("", 0)
    return songs if found == word else 0


def pairs(connection: sqlite3.Connection, letter: str) -> Iterator[str]:
    """Yield the first two letters of all longer words that begin with ``letter``, each once."""
    after = letter + _FIRST
    while True:
        (word,) = connection.execute(_TEXT, (_position(connection, after),)).fetchone() or ("",)
        if not word.startswith(letter):
            return
        yield word[:2]
        after = word[:2] + _LAST


def _position(connection: sqlite3.Connection, text: str) -> int:
    """Return the number of the first word that is not before ``text``.

    Searching by halves needs no index, which would be as large as the words.
    """
    low, high = 1, (connection.execute(_COUNT).fetchone()[0] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        if connection.execute(_TEXT, (middle,)).fetchone()[0] < text:
            low = middle + 1
        else:
            high = middle
    return low
