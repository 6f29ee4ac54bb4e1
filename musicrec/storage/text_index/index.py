"""Ask the index."""

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from musicrec.storage.text_index.queries import matching
from musicrec.storage.text_index.schema import (
    BEGINNINGS,
    FORMAT,
    TIERS,
    WORDS,
    damaged,
)
from musicrec.storage.text_index.spelling import Spelling, near
from musicrec.storage.text_index.words import asked_words
from musicrec.storage.text_index.writer import title_hash

FEW: Final = 5
"""Songs that may have a typo in common: where no more match a single word, it may be one too."""
_CLEARLY: Final = 50
"""Where something matches, a word is taken for a typo of others this many times as frequent."""
_MAX_SPELLINGS: Final = 4
"""Of a word, and of the beginnings of words."""

_MAPPED_BYTES: Final = 1 << 40
"""As much as SQLite is able to."""


class TextIndex:
    """An immutable index of songs; may be asked from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the file that ``writing_text_index`` made.

        Raises:
            StorageError: It is missing, damaged or of a newer program.
        """
        self._path = path
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        with self._connection() as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found != FORMAT:
                raise damaged(path, sqlite3.DatabaseError(f"it has format {found}, not {FORMAT}"))

    def search(self, text: str) -> Iterator[int]:
        """Find songs that contain every word of ``text`` in title or artists.

        The last word may be unfinished. Popular songs titled exactly ``text`` come first, then the
        most popular. Where none match, or only a few the only word and others are clearly more
        frequent, one typo in each word is forgiven.

        Args:
            text: Anything a person types; punctuation beside words is ignored.

        Yields:
            Row numbers, counted from 0 in the order that songs were added; found as they are
            asked for, so whoever needs few pays for few.

        Raises:
            StorageError: The file is damaged.
        """
        words = asked_words(text)
        if not words:
            return
        with self._connection() as connection:
            titled: set[int] = set()
            for row in _titled(connection, " ".join(words)):
                titled.add(row)
                yield row
            matching = _matching(connection, [[word] for word in words])
            first = list(islice(matching, FEW))
            yield from (row for row in chain(first, matching) if row not in titled)
            if not first or (len(words) == 1 and len(first) < FEW):
                spellings = _spellings(connection, words, _CLEARLY if first else 0)
                forgiven = _matching(connection, spellings)
                yield from (row for row in forgiven if row not in first)

    def close(self) -> None:
        """Free the memory; no search may follow."""
        while not self._idle.empty():
            self._idle.get().close()

    @contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        """Lend a connection that nobody else uses meanwhile."""
        try:
            try:
                connection = self._idle.get_nowait()
            except Empty:
                connection = _connect(self._path)
            try:
                yield connection
            finally:
                self._idle.put(connection)
        # In a damaged file a value may be of any type, or missing.
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise damaged(self._path, error) from error


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    return connection


def _titled(connection: sqlite3.Connection, title: str) -> Iterator[int]:
    statement = "SELECT song FROM titles WHERE hash = ? ORDER BY song"
    return (row for (row,) in connection.execute(statement, (title_hash(title),)))


def _matching(connection: sqlite3.Connection, choices: Sequence[Sequence[str]]) -> Iterator[int]:
    """Rows with one choice of every word; the last word's choices are beginnings."""
    for tier in TIERS:
        statement = f"SELECT rowid FROM {tier} WHERE {tier} MATCH ? ORDER BY rowid"  # noqa: S608 -- one of our tables
        query = matching(connection, tier, choices)
        if query is None:
            return
        for (row,) in connection.execute(statement, (query,)):
            yield row


def _spellings(connection: sqlite3.Connection, words: Sequence[str], times: int) -> list[list[str]]:
    """Every word, followed by those one typo away that are at least ``times`` as frequent."""
    known = [near(connection, WORDS, word) for word in words]
    ways = [_commoner(found, times * _songs(found)) for found in known]
    begun = near(connection, BEGINNINGS, words[-1])
    ways[-1] += _commoner(begun, times * max(_songs(begun), _songs(known[-1])))
    return [[word, *way] for word, way in zip(words, ways, strict=True)]


def _songs(found: Sequence[Spelling]) -> int:
    """How many songs have what was typed as it was typed."""
    return sum(spelling.songs for spelling in found if not spelling.typos)


def _commoner(found: Sequence[Spelling], n_songs: int) -> list[str]:
    others = [each.text for each in found if each.typos and each.songs >= n_songs]
    return others[:_MAX_SPELLINGS]
