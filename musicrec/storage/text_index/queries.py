"""Full-text queries that SQLite answers soon."""

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from musicrec.storage.text_index.lexicon import beginning_with, pairs, songs_with
from musicrec.storage.text_index.schema import OTHERS

_INDEXED: Final = 3
"""Characters; beginnings up to here have lists of their own."""
_MOST_WORDS: Final = 1_000
_SONGS_A_WORD: Final = 25
"""As long as SQLite takes to open the list of a word, it merges so many songs of lists."""
_MANY: Final = 64
"""Terms; it is quicker to look at so many by groups."""
_NEVER: Final = '"a\ue021"'
"""No song has it: words are of letters and digits, or of symbols."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Terms of which a song must have one.

    Attributes:
        terms: In SQLite's syntax.
        songs: About how many have one; 0 only where none has.
    """

    terms: Sequence[str]
    songs: float

    def __str__(self) -> str:
        return _either(self.terms) if len(self.terms) < _MANY else _by_groups(self.terms)


def matching(
    connection: sqlite3.Connection, tier: str, choices: Sequence[Sequence[str]]
) -> str | None:
    """Return what matches songs of a tier with one choice of every word; None if no song can.

    The choices of the last word may be beginnings. The rarest words come first. SQLite looks for
    the next song in all lists of a conjunction at once, however long they are; a NOT in between
    makes it look in those of the frequent words only for songs that have the rarer ones.
    """
    *whole, last = choices
    groups = [_any_of(connection, words) for words in whole]
    groups.append(_begun(connection, tier, last, n_others=len(whole)))
    if not all(group.songs for group in groups):
        return None
    rarest, *others = sorted(groups, key=lambda group: group.songs)
    query = str(rarest)
    for number, group in enumerate(others):
        query = f"{_apart(query)} AND {group}" if number else f"{query} AND {group}"
    return query


def _either(terms: Sequence[str]) -> str:
    return f"({' OR '.join(terms)})"


def _by_groups(terms: Sequence[str]) -> str:
    """Join many terms: for every song SQLite looks at all groups, but only into some of them."""
    size = math.isqrt(len(terms))
    groups = (terms[start : start + size] for start in range(0, len(terms), size))
    return _either([_apart(_either(group)) for group in groups])


def _apart(query: str) -> str:
    """Keep SQLite from dissolving ``query`` into what is around it."""
    return f"(({query}) NOT {_NEVER})"


def _any_of(connection: sqlite3.Connection, words: Sequence[str]) -> _Group:
    songs = sum(songs_with(connection, word) for word in words)
    return _Group([f'"{word}"' for word in words], songs)


def _begun(
    connection: sqlite3.Connection, tier: str, beginnings: Sequence[str], *, n_others: int
) -> _Group:
    groups = [_begun_by(connection, tier, each, n_others=n_others) for each in beginnings]
    terms = [term for group in groups if group.songs for term in group.terms]
    return _Group(terms, sum(group.songs for group in groups))


def _begun_by(
    connection: sqlite3.Connection, tier: str, beginning: str, *, n_others: int
) -> _Group:
    """Return terms for every word that begins so.

    SQLite merges the lists of all such words before it gives the first song. Where those lists are
    long it is quicker to name the words: then it reads no further than it must.
    """
    if len(beginning) == 1 and tier == OTHERS:
        found = pairs(connection, beginning)
        return _Group([f'"{beginning}"', *(f'"{pair}"*' for pair in found)], math.inf)
    is_indexed = len(beginning) <= _INDEXED
    # Alone, it needs no place among others.
    most = 1 if is_indexed and not n_others else _MOST_WORDS
    words = list(islice(beginning_with(connection, beginning), most))
    songs = sum(n_songs for _, n_songs in words) if len(words) < most else math.inf
    if not is_indexed and _SONGS_A_WORD * len(words) < songs < math.inf:
        return _Group([f'"{word}"' for word, _ in words], songs)
    return _Group([f'"{beginning}"*'], songs)
