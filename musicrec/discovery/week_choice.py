"""Take songs for a list one after the other: each likely, unlike the others, of the right mix."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery.week_mix import Mix

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

MOST_OF_ARTIST: Final = 2
"""Songs of a list by any credited artist, main or guest."""
_UNLIKE: Final = 0.25
"""What a song loses by sounding just like one of the list, in log odds, at a variety of 1."""
_APART: Final = 0.3
"""Log odds for one more unit of mean distance from the list's songs, at a variety of 1."""
_MIX: Final = 0.25
"""Log odds for one nat nearer to the wanted mix of genres."""
_NEAR: Final = 2.0
"""Distance in which songs sound alike; two random ones are some 4.5 apart."""


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """Songs to choose among, without their texts.

    Attributes:
        points: How they sound (``discovery.sounds.points``), shape ``(n_songs, n_axes)``.
        genres: By ``genre_key``, ``""`` where unknown.
        artists: Hashes of the first two of each, 0 where there is none, shape ``(n_songs, 2)``.
    """

    points: Floats
    genres: Sequence[str]
    artists: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Song:
    """What the text of a song tells.

    Attributes:
        recording: Equal for songs that a listener would call the same.
        artists: Folded names of everybody credited.
    """

    recording: str
    artists: frozenset[str]


Reader = Callable[[int], Song | None]
"""Reads the text of a song of the pool; None where the song must not be taken."""


class ListInMaking:
    """A list that grows; a song is worth its score, and more the less it sounds like the list.

    Source:
        Less by its likeness to the nearest song: Carbonell & Goldstein (1998), "The use of MMR",
        SIGIR, doi:10.1145/290941.291025. More by its mean distance: Borodin, Lee & Ye (2012),
        "Max-Sum Diversification", PODS, doi:10.1145/2213556.2213580.
    """

    def __init__(self, pool: Pool, mix: Mix, *, variety: float = 1.0) -> None:
        """Begin with an empty list, the genres that it shall have, and how much variety counts."""
        self.places: list[int] = []
        self._pool = pool
        self._mix = mix
        self._variety = variety
        self._likeness = np.zeros(len(pool.points))
        self._distances = np.zeros(len(pool.points))
        self._of_artist: Counter[str | int] = Counter()
        self._recordings: set[str] = set()

    @property
    def points(self) -> Floats:
        """How the songs of the list sound, in the order in which they were taken."""
        return self._pool.points[self.places]

    def take(
        self, places: Rows, scores: Floats, most: int, read: Reader, *, in_mix: bool = True
    ) -> list[int]:
        """Take up to ``most`` songs, the one that is worth most first.

        Args:
            places: Of the pool, that may be taken; of equally good ones the first.
            scores: Of these, about in log odds; higher is better.
            most: Songs.
            read: Asked about few songs: those that are to be taken.
            in_mix: Whether the wanted mix of genres is minded.

        Returns:
            The places that were taken.
        """
        taken: list[int] = []
        free = ~np.isin(places, self.places)
        genres, own = np.unique([self._pool.genres[place] for place in places], return_inverse=True)
        while len(taken) < most and free.any():
            worth = np.where(free, scores + self._unlike(places), -np.inf)
            if in_mix:
                worth += _MIX * np.array([self._mix.gain(str(genre)) for genre in genres])[own]
            best = int(np.argmax(worth))
            if worth[best] == -np.inf:
                break
            free[best] = False
            place = int(places[best])
            if self._fits(place, read):
                self._add(place, in_mix=in_mix)
                taken.append(place)
        return taken

    def _unlike(self, places: Rows) -> Floats:
        """Return what songs are worth for how little they sound like the list, in log odds."""
        mean = self._distances[places] / max(len(self.places), 1)
        return self._variety * (_APART * mean - _UNLIKE * self._likeness[places])

    def _fits(self, place: int, read: Reader) -> bool:
        hashes: list[int] = self._pool.artists[place].tolist()
        if not self._has_room(hashes):
            return False
        song = read(place)
        if song is None or song.recording in self._recordings or not self._has_room(song.artists):
            return False
        self._recordings.add(song.recording)
        self._of_artist.update(song.artists)
        self._of_artist.update({key for key in hashes if key})
        return True

    def _has_room(self, artists: Iterable[str | int]) -> bool:
        return all(self._of_artist[artist] < MOST_OF_ARTIST for artist in artists)

    def _add(self, place: int, *, in_mix: bool) -> None:
        self.places.append(place)
        if in_mix:
            self._mix.add(self._pool.genres[place])
        apart = ((self._pool.points - self._pool.points[place]) ** 2).sum(axis=1)
        self._distances += np.sqrt(apart)
        self._likeness = np.maximum(self._likeness, np.exp(-apart / (2 * _NEAR**2)))
