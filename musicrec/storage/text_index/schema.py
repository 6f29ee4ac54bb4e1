"""Tables of the index, and failures of SQLite in our words."""

import sqlite3
from pathlib import Path
from typing import Final

from musicrec.domain.errors import StorageError

FORMAT: Final = 1
"""Kept as the file's ``user_version``."""
N_POPULAR: Final = 1_000_000
"""Songs of the first tier: most searches fill their page from it and never look further."""

POPULAR: Final = "popular"
OTHERS: Final = "others"
TIERS: Final = (POPULAR, OTHERS)
"""Full-text tables, the one with the most popular songs first; a song is in one of them."""

WORDS: Final = "words"
BEGINNINGS: Final = "beginnings"
"""Of frequent words, to find what an unfinished word was meant to be."""

SCHEMA: Final = f"""
PRAGMA user_version = {FORMAT};
CREATE VIRTUAL TABLE {POPULAR} USING fts5(
    words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3'
);
CREATE VIRTUAL TABLE {OTHERS} USING fts5(
    words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='2 3'
);
CREATE TABLE titles (hash INTEGER, song INTEGER, PRIMARY KEY (hash, song)) WITHOUT ROWID;
CREATE TABLE {WORDS} (id INTEGER PRIMARY KEY, text TEXT NOT NULL, songs INTEGER NOT NULL);
CREATE TABLE {WORDS}_near (bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE {BEGINNINGS} (id INTEGER PRIMARY KEY, text TEXT NOT NULL, songs INTEGER NOT NULL);
CREATE TABLE {BEGINNINGS}_near (bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL);
"""
"""``titles`` holds those of the first tier; words are numbered in alphabetical order."""


def unwritten(path: Path, error: sqlite3.Error) -> StorageError:
    """Say why the index cannot be written and what to do."""
    if "no such module" in str(error):
        return StorageError(
            "This Python's SQLite lacks full-text search (FTS5); install another Python."
        )
    return StorageError(
        f"The search index {path} cannot be written ({error}). Make room on its disk and see that"
        " the folder may be written to, then build or import the songs again."
    )


def damaged(path: Path, error: Exception) -> StorageError:
    """Say why the index cannot be read and what to do."""
    return StorageError(
        f"The search index {path} is damaged ({error}). Delete the folder that it is in and build"
        " or import the songs again."
    )
