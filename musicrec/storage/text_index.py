"""Find songs by what people type: SQLite's full-text search over title and artist.

Words are folded the same way when songs are indexed and when they are looked for, so that case,
accents and apostrophes do not matter. Rows are inserted most popular first; results come in that
order without sorting.
"""

import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import Final, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from musicrec.domain.errors import StorageError
from musicrec.domain.identity import fold

MAX_QUERY_CHARACTERS: Final = 200
"""Longer than any title people type; what follows is ignored."""
MAX_QUERY_WORDS: Final = 12
_MIN_FORGIVEN_WORD: Final = 3
_MAX_SPELLINGS: Final = 30

_APOSTROPHES: Final = re.compile(r"(?<=\w)['’‘ʼ`](?=\w)")
_LETTERS_WITHOUT_ACCENT: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
"""Letters that Unicode does not decompose but that people type without their stroke."""

# The words are folded beforehand, so the tokenizer only has to split at spaces: "ascii" takes
# every character beyond ASCII for a letter, which keeps scripts newer than SQLite's tables whole.
_SCHEMA: Final = """
CREATE VIRTUAL TABLE songs USING fts5(
    title, artists, content='', tokenize='ascii', prefix='1 2 3'
);
CREATE TABLE titles (title TEXT NOT NULL, song INTEGER NOT NULL);
"""
_FIND: Final = "SELECT rowid FROM songs WHERE songs MATCH ? ORDER BY rowid LIMIT ?"
_FIND_TITLE: Final = "SELECT song FROM titles WHERE title = ? ORDER BY song LIMIT ?"


class TextIndex:
    """An immutable index of songs; may be asked from several threads."""

    def __init__(self, connection: sqlite3.Connection, vocabulary: Sequence[str]) -> None:
        self._connection = connection
        self._vocabulary = vocabulary
        self._lock = threading.Lock()

    @classmethod
    def build(cls, rows: Iterable[tuple[str, str]]) -> Self:
        """Index ``(title, artists)`` of every song, most popular first.

        Raises:
            StorageError: This Python's SQLite was built without FTS5.
        """
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            connection.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            connection.close()
            msg = "This Python's SQLite lacks full-text search (FTS5); install another Python."
            raise StorageError(msg) from error
        folded = [
            (row, _folded(title), _folded(artists)) for row, (title, artists) in enumerate(rows)
        ]
        connection.executemany("INSERT INTO songs (rowid, title, artists) VALUES (?, ?, ?)", folded)
        connection.executemany(
            "INSERT INTO titles (song, title) VALUES (?, ?)",
            ((row, title) for row, title, _ in folded),
        )
        connection.execute("CREATE INDEX titles_by_title ON titles (title, song)")
        connection.commit()
        return cls(
            connection,
            sorted({word for _, *texts in folded for text in texts for word in text.split()}),
        )

    def search(self, text: str, limit: int) -> list[int]:
        """Find songs that contain every word of ``text`` in title or artists.

        The last word may be unfinished. Songs titled exactly ``text`` come first, then the most
        popular. When nothing matches, one typo in each word is forgiven.

        Args:
            text: Anything a person types; punctuation beside words is ignored.
            limit: How many rows at most.

        Returns:
            Row numbers as in ``build``; empty where nothing matches.
        """
        folded = _folded(text[:MAX_QUERY_CHARACTERS])
        exact = self._rows(_FIND_TITLE, folded, limit)
        words = [word for word in folded.split() if word.isalnum()][:MAX_QUERY_WORDS]
        if not words:
            return exact
        found = self._find([[word] for word in words], limit)
        if not (found or exact):
            found = self._find(self._spellings(words), limit)
        return list(dict.fromkeys([*exact, *found]))[:limit]

    def close(self) -> None:
        """Free the memory; no search may follow."""
        self._connection.close()

    def _find(self, choices: Sequence[Sequence[str]], limit: int) -> list[int]:
        """Rows with one choice of every word; the last word's choices are prefixes."""
        *whole, last = [[f'"{word}"' for word in words] for words in choices]
        groups = [*whole, [f"{word}*" for word in last]]
        query = " AND ".join(f"({' OR '.join(group)})" for group in groups)
        return self._rows(_FIND, query, limit)

    def _rows(self, statement: str, argument: str, limit: int) -> list[int]:
        with self._lock:
            return [row for (row,) in self._connection.execute(statement, (argument, limit))]

    def _spellings(self, words: Sequence[str]) -> list[list[str]]:
        """Every word with the known words at most one typo away from it, itself first."""
        *whole, last = words
        return [
            *([word, *_near(word, self._vocabulary)] for word in whole),
            [last, *self._near_prefixes(last)],
        ]

    def _near_prefixes(self, word: str) -> list[str]:
        """Beginnings of known words at most one typo away from ``word``.

        A typo may add or lose a letter, hence beginnings of three lengths.
        """
        lengths = (len(word) + 1, len(word), len(word) - 1)
        prefixes = {known[:length] for length in lengths for known in self._vocabulary}
        return _near(word, sorted(prefixes))


def _folded(text: str) -> str:
    """Words of letters and digits, separated by single spaces, as SQLite can store them."""
    storable = _APOSTROPHES.sub("", text).encode("utf-8", "ignore").decode()
    return fold(storable).translate(_LETTERS_WITHOUT_ACCENT)


def _near(word: str, known: Sequence[str]) -> list[str]:
    """Known words at most one typo (one swap of neighbours included) away, nearest first."""
    if len(word) < _MIN_FORGIVEN_WORD:
        return []
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=1, limit=_MAX_SPELLINGS)
    return [spelling for spelling, _, _ in found]
