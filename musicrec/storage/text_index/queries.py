"""Full-text queries that SQLite answers soon."""

import sqlite3
from collections.abc import Sequence
from itertools import islice
from typing import Final

from musicrec.storage.text_index.lexicon import beginning_with, pairs
from musicrec.storage.text_index.schema import OTHERS

_INDEXED: Final = 3
"""Characters; beginnings up to here have lists of their own."""
_MOST_WORDS: Final = 1_000
_SONGS_A_WORD: Final = 100
"""As long as SQLite takes to open the list of a word, it merges so many songs of lists."""


def matching(connection: sqlite3.Connection, tier: str, choices: Sequence[Sequence[str]]) -> str:
    """Return what matches songs of a tier with one choice of every word.

    The choices of the last word may be beginnings.
    """
    *whole, last = choices
    groups = [[f'"{word}"' for word in words] for words in whole]
    groups.append([term for word in last for term in _begun(connection, tier, word)])
    return " AND ".join(f"({' OR '.join(group)})" for group in groups)


def _begun(connection: sqlite3.Connection, tier: str, beginning: str) -> list[str]:
    """Return terms for every word that begins so.

    SQLite merges the lists of all such words before it gives the first song. Where those lists are
    long it is quicker to name the words: then it reads no further than it must.
    """
    if len(beginning) == 1 and tier == OTHERS:
        return [f'"{beginning}"', *(f'"{pair}"*' for pair in pairs(connection, beginning))]
    if len(beginning) > _INDEXED:
        words = list(islice(beginning_with(connection, beginning), _MOST_WORDS))
        songs = sum(n_songs for _, n_songs in words)
        if _SONGS_A_WORD * len(words) < songs and len(words) < _MOST_WORDS:
            return [f'"{word}"' for word, _ in words]
    return [f'"{beginning}"*']
