"""Write the index, songs in batches, in constant memory."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from musicrec.storage.text_index.schema import (
    BEGINNINGS,
    N_POPULAR,
    OTHERS,
    POPULAR,
    SCHEMA,
    TIERS,
    WORDS,
    unwritten,
)
from musicrec.storage.text_index.spelling import MIN_FORGIVEN, write_neighbours
from musicrec.storage.text_index.words import folded, indexable

INDEX_FILE: Final = "search.sqlite"

_BYTES_AT_ONCE: Final = 64 << 20
"""Of the full-text table, kept in memory before they are sorted and written."""
_PAGE_BYTES: Final = 1_000
"""Of the full-text table: who looks for one song in a long list reads a page from its beginning."""
_MOST_BEGUN_WORDS: Final = 100_000
"""Words whose beginnings forgive a typo."""

_SETTINGS: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA secure_delete = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -65536;
"""
_COUNT_WORDS: Final = f"""
INSERT INTO {WORDS} (text, songs)
SELECT term, sum(doc) AS songs FROM (
    SELECT term, doc FROM temp.{POPULAR}_words UNION ALL SELECT term, doc FROM temp.{OTHERS}_words
)
GROUP BY term ORDER BY term
"""  # noqa: S608 -- our own tables


class TextIndexWriter:
    """Takes the texts of songs in their final order, most popular first."""

    def __init__(self, connection: sqlite3.Connection, n_popular: int) -> None:
        self._connection = connection
        self._n_popular = n_popular
        self._n_songs = 0

    def add(self, titles: Sequence[str], artists: Sequence[str]) -> None:
        """Append songs.

        Args:
            titles: Of each.
            artists: Of each, in one text; "" where unknown.
        """
        n_left = max(0, self._n_popular - self._n_songs)
        self._add_titles(titles[:n_left])
        self._add_words(POPULAR, titles[:n_left], artists[:n_left])
        self._add_words(OTHERS, titles[n_left:], artists[n_left:])

    def _add_titles(self, titles: Sequence[str]) -> None:
        self._connection.executemany(
            "INSERT INTO titles (song, hash) VALUES (?, ?)",
            ((song, title_hash(folded(title))) for song, title in enumerate(titles, self._n_songs)),
        )

    def _add_words(self, tier: str, titles: Sequence[str], artists: Sequence[str]) -> None:
        texts = (
            f"{indexable(title)} {indexable(names)}"
            for title, names in zip(titles, artists, strict=True)
        )
        self._connection.executemany(
            f"INSERT INTO {tier} (rowid, words) VALUES (?, ?)",  # noqa: S608 -- one of our tables
            enumerate(texts, self._n_songs),
        )
        self._n_songs += len(titles)

    def finish(self) -> None:
        """Merge what was added, and learn its words."""
        for tier in TIERS:
            self._connection.execute(f"INSERT INTO {tier} ({tier}) VALUES ('optimize')")  # noqa: S608 -- as above
            self._connection.execute(
                f"CREATE VIRTUAL TABLE temp.{tier}_words USING fts5vocab('main', '{tier}', 'row')"
            )
        self._connection.execute(_COUNT_WORDS)
        self._write_beginnings()
        for table in (WORDS, BEGINNINGS):
            write_neighbours(self._connection, table)

    def _write_beginnings(self) -> None:
        songs: Counter[str] = Counter()
        frequent = self._connection.execute(
            f"SELECT text, songs FROM {WORDS} ORDER BY songs DESC LIMIT ?",  # noqa: S608 -- as above
            (_MOST_BEGUN_WORDS,),
        )
        for word, n_songs in frequent:
            for length in range(MIN_FORGIVEN, len(word)):
                songs[word[:length]] += n_songs
        ranked = sorted(songs.items(), key=lambda item: (-item[1], item[0]))
        self._connection.executemany(
            f"INSERT INTO {BEGINNINGS} (text, songs) VALUES (?, ?)",  # noqa: S608 -- as above
            ranked,
        )


@contextmanager
def writing_text_index(path: Path, *, n_popular: int = N_POPULAR) -> Generator[TextIndexWriter]:
    """Open a new index for writing; it is whole when the context ends.

    Args:
        path: Of the file to make; while it is made, another one is beside it.
        n_popular: Songs of the first tier.

    Raises:
        StorageError: The disk is full, or this Python's SQLite was built without FTS5.
    """
    draft = path.with_name(f"{path.name}.draft")
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.executescript(_SETTINGS + SCHEMA)
            _prepare(connection)
            connection.execute("BEGIN")
            writer = TextIndexWriter(connection, n_popular)
            yield writer
            writer.finish()
            connection.execute("COMMIT")
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:
        raise unwritten(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def title_hash(title: str) -> int:
    """Return 64 bits of the hash of a folded title."""
    digest = hashlib.blake2b(title.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _prepare(connection: sqlite3.Connection) -> None:
    """Set small pages, and leave merging to the end, where it is done once."""
    for tier in TIERS:
        for setting, value in (
            ("pgsz", _PAGE_BYTES),
            ("hashsize", _BYTES_AT_ONCE),
            ("automerge", 0),
            ("crisismerge", 1000),
        ):
            connection.execute(
                f"INSERT INTO {tier} ({tier}, rank) VALUES (?, ?)",  # noqa: S608 -- as above
                (setting, value),
            )
