"""Words of a few songs, in memory: which songs have all the words that somebody types."""

import sys
from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from functools import cached_property
from typing import Final, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from musicrec.domain.track import Track
from musicrec.storage.text_index import folded

_LONGEST: Final = 200
"""Characters; longer than anything people type, what follows is ignored."""
_FORGIVEN_FROM: Final = 4
"""Letters; a typo in a shorter word makes another word of it too often."""
_MOST_SPELLINGS: Final = 10
_LAST: Final = "\U0010ffff"


def asked(text: str) -> list[str]:
    """Return the words that a person typed, the last one perhaps unfinished."""
    return folded(text[:_LONGEST]).split()


class LearnedWords:
    """Words of title and artists with the rows of their songs; never changed.

    Attributes:
        entries: Every word of every song with its row, ascending.
    """

    def __init__(self, entries: Sequence[tuple[str, int]] = ()) -> None:
        self.entries = entries

    @classmethod
    def of(cls, songs: Mapping[int, Track]) -> Self:
        """Collect the words of songs by row."""
        return cls(sorted((word, row) for row, song in songs.items() for word in _words_of(song)))

    def without(self, rows: Container[int]) -> Self:
        """Leave out songs."""
        return type(self)([entry for entry in self.entries if entry[1] not in rows])

    def merged(self, others: "LearnedWords") -> Self:
        """Return both together."""
        return type(self)(sorted([*self.entries, *others.entries]))

    def having(self, words: Sequence[str], typos: int = 0) -> set[int]:
        """Return the rows of songs with every word, the last of which may be unfinished.

        Args:
            words: Folded.
            typos: Forgiven in every word but short ones.
        """
        if not words:
            return set()
        *whole, last = words
        found = self._between(last, last + _LAST) | self._like(last, typos)
        for word in whole:
            found &= self._between(word, word) | self._like(word, typos)
        return found

    def _between(self, first: str, last: str) -> set[int]:
        start = bisect_left(self.entries, (first, -1))
        end = bisect_left(self.entries, (last, sys.maxsize))
        return {row for _, row in self.entries[start:end]}

    def _like(self, word: str, typos: int) -> set[int]:
        if not typos or len(word) < _FORGIVEN_FROM:
            return set()
        near = process.extract(
            word,
            self._distinct,
            scorer=OSA.distance,
            processor=None,
            score_cutoff=typos,
            limit=_MOST_SPELLINGS,
        )
        return {row for spelling, _, _ in near for row in self._between(spelling, spelling)}

    @cached_property
    def _distinct(self) -> list[str]:
        return list(dict.fromkeys(word for word, _ in self.entries))


def _words_of(song: Track) -> set[str]:
    return set(folded(" ".join((song.title, *song.artists))).split())
