"""Take songs for a list one after the other: each likely, unlike the others, of the right mix."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery.week_mix import Mix

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

MOST_OF_ARTIST: Final = 2
"""Songs of a list by any credited artist, main or guest."""
_UNLIKE: Final = 1.0
"""What a song loses by sounding just like one of the list, in log odds."""
_MIX: Final = 0.5
"""Log odds for one nat nearer to the wanted mix of genres."""
_NEAR: Final = 2.0
"""Distance in which songs sound alike; two random ones are some 4.5 apart."""


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """Songs to choose among.

    Attributes:
        points: How they sound (``discovery.sounds.points``), shape ``(n_songs, n_axes)``.
        genres: Cleaned, ``""`` where unknown.
        artists: Folded names of everybody credited on each.
    """

    points: Floats
    genres: Sequence[str]
    artists: Sequence[frozenset[str]]


class ListInMaking:
    """A list that grows; a song is worth its score less its likeness to the list's songs.

    Source:
        Carbonell & Goldstein (1998), "The use of MMR", SIGIR, doi:10.1145/290941.291025.
    """

    def __init__(self, pool: Pool, mix: Mix, recording: Callable[[int], str | None]) -> None:
        """Begin with an empty list.

        Args:
            pool: Songs to choose among.
            mix: Of genres, wanted.
            recording: Names the recording of a place of the pool, equally for songs that a
                listener would call the same; None where it must not be taken. Only asked about
                songs that are to be taken.
        """
        self.places: list[int] = []
        self._pool = pool
        self._mix = mix
        self._recording = recording
        self._likeness = np.zeros(len(pool.points))
        self._of_artist: Counter[str] = Counter()
        self._recordings: set[str] = set()

    def take(self, places: Rows, scores: Floats, most: int, *, in_mix: bool = True) -> list[int]:
        """Take up to ``most`` songs, the one that is worth most first.

        Args:
            places: Of the pool, that may be taken; of equally good ones the first.
            scores: Of these, about in log odds; higher is better.
            most: Songs.
            in_mix: Whether the wanted mix of genres is minded.

        Returns:
            The places that were taken.
        """
        taken: list[int] = []
        free = ~np.isin(places, self.places)
        genres, own = np.unique([self._pool.genres[place] for place in places], return_inverse=True)
        while len(taken) < most and free.any():
            worth = np.where(free, scores - _UNLIKE * self._likeness[places], -np.inf)
            if in_mix:
                worth += _MIX * np.array([self._mix.gain(str(genre)) for genre in genres])[own]
            best = int(np.argmax(worth))
            if worth[best] == -np.inf:
                break
            free[best] = False
            place = int(places[best])
            if self._fits(place):
                self._add(place, in_mix=in_mix)
                taken.append(place)
        return taken

    @property
    def points(self) -> Floats:
        """How the songs of the list sound, in the order in which they were taken."""
        return self._pool.points[self.places]

    def _fits(self, place: int) -> bool:
        if any(self._of_artist[name] >= MOST_OF_ARTIST for name in self._pool.artists[place]):
            return False
        recording = self._recording(place)
        if recording is None or recording in self._recordings:
            return False
        self._recordings.add(recording)
        return True

    def _add(self, place: int, *, in_mix: bool) -> None:
        self.places.append(place)
        self._of_artist.update(self._pool.artists[place])
        if in_mix:
            self._mix.add(self._pool.genres[place])
        apart = ((self._pool.points - self._pool.points[place]) ** 2).sum(axis=1)
        self._likeness = np.maximum(self._likeness, np.exp(-apart / (2 * _NEAR**2)))
