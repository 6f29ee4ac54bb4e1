"""Let a list's genres be those of what its listener likes, softly, with a bound for each.

Source:
    Steck (2018), "Calibrated Recommendations", RecSys, doi:10.1145/3240323.3240372.
"""

from collections import Counter
from collections.abc import Mapping
from math import ceil, inf, log
from typing import Final

from musicrec.taste.tallies import Tally

_SMOOTHING: Final = 0.01
"""Of the list's shares by the wanted ones: a genre that is not there yet has a logarithm, too."""
_MOST_TIMES: Final = 1.5
_MOST_MORE: Final = 0.1
"""A genre takes at most its share times the one, plus the other."""


class Mix:
    """Counts a list's genres and says what one more song of a genre is worth."""

    def __init__(self, wanted: Mapping[str, float], n: int) -> None:
        """Begin with an empty list.

        Args:
            wanted: Shares by genre that add up to 1; empty where every mix is as good.
            n: Songs that the list will have.
        """
        self.wanted = wanted
        self._n = n
        self._counts: Counter[str] = Counter()

    def add(self, genre: str) -> None:
        """Count a song; an unknown genre is ``""``."""
        self._counts[genre] += 1

    def gain(self, genre: str) -> float:
        """Return by how much the list comes nearer to the wanted mix with one more of a genre.

        It is what a song takes from the Kullback-Leibler divergence of the whole list, in nats,
        beside a song of a genre that nobody wants; minus infinity where the genre is at its bound.
        """
        if not self.wanted or not genre:
            return 0.0
        share, count = self.wanted.get(genre, 0.0), self._counts[genre]
        if count >= self.most(genre):
            return -inf
        if not share:
            return 0.0
        size = self._counts.total() + 1
        before, after = (
            (1 - _SMOOTHING) * taken / size + _SMOOTHING * share for taken in (count, count + 1)
        )
        return size * share * log(after / before)

    def most(self, genre: str) -> int:
        """Return how many songs of a genre there may be."""
        return ceil(self._n * (_MOST_TIMES * self.wanted.get(genre, 0.0) + _MOST_MORE))


def shares_of_likes(genres: Mapping[str, Tally]) -> dict[str, float]:
    """Return every genre's share among the likes whose genre is known."""
    likes = {genre: tally.likes for genre, tally in genres.items() if tally.likes}
    return {genre: count / sum(likes.values()) for genre, count in likes.items()}
