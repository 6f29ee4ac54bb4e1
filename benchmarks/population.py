"""A server full of listeners with known tastes on the demo catalogue, to measure borrowing on.

Most belong to one of a few circles whose members share much of their taste and differ in the rest;
some are like nobody else.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from musicrec.domain.features import GENRE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

N_CIRCLES: Final = 4
SHARED: Final = 0.65
"""Share of the variance of a member's taste that the circle explains."""

LONERS: Final = 0.25
"""Share of listeners who belong to no circle."""

STRENGTH: Final = 2.5
"""Standard deviation of the log odds of a like over all songs."""

_HEARD: Final = (
    *("danceability", "energy", "loudness_db", "speechiness", "acousticness"),
    *("instrumentalness", "liveness", "valence", "tempo_bpm", "duration_ms"),
)


@dataclass(frozen=True)
class Person:
    """Somebody whose chance of liking every song is known.

    Attributes:
        p_like: Shape ``(n_songs,)``.
        liked: Their verdict on every song, drawn once.
        rated: Rows in the order in which they rate them.
        circle: Number of the circle; -1 for a loner.
    """

    p_like: Floats
    liked: Bools
    rated: NDArray[np.intp]
    circle: int


class Population:
    """Makes people; equal seeds make equal populations."""

    def __init__(self, songs: pd.DataFrame, seed: int) -> None:
        self.songs = songs
        self._rng = np.random.default_rng([seed, 8])
        names = [name for name in _HEARD if name in songs]
        numbers = songs[names].fillna(songs[names].median())
        self._features = ((numbers - numbers.mean()) / numbers.std()).to_numpy(dtype=np.float64)
        self._genres, names_of_genres = pd.factorize(songs.get(GENRE, pd.Series("", songs.index)))
        self._n_genres = len(names_of_genres)
        self._circles = [self._wish() for _ in range(N_CIRCLES)]

    def person(self, *, loner: bool | None = None) -> Person:
        """Make somebody; chance decides whether a loner, unless told."""
        if loner is None:
            loner = bool(self._rng.random() < LONERS)
        circle = -1 if loner else int(self._rng.integers(N_CIRCLES))
        wish = self._wish()
        if not loner:
            wish = np.sqrt(SHARED) * self._circles[circle] + np.sqrt(1 - SHARED) * wish
        return self._with(wish, circle)

    def opposite(self, person: Person) -> Person:
        """Make somebody who likes what ``person`` dislikes, and the other way round."""
        return self._with(-np.log(person.p_like / (1 - person.p_like)) / STRENGTH, -1)

    def _with(self, wish: Floats, circle: int) -> Person:
        share = self._rng.uniform(0.35, 0.65)
        wish = wish - np.quantile(wish, 1 - share)
        p_like = expit(STRENGTH * wish)
        liked = self._rng.random(len(wish)) < p_like
        return Person(p_like, liked, self._order(), circle)

    def _order(self) -> NDArray[np.intp]:
        """Return all rows in random order, well-known songs (they come first) rather early."""
        place = np.arange(len(self.songs)) / len(self.songs)
        return np.argsort(self._rng.exponential(0.3 + place))

    def _wish(self) -> Floats:
        rng, features = self._rng, self._features
        linear = features @ rng.normal(size=features.shape[1])
        of_genre = np.append(rng.normal(size=self._n_genres), 0)[self._genres]
        one, other = rng.choice(features.shape[1], 2, replace=False)
        centres = features[rng.choice(len(features), 3)]
        apart = ((features[:, None] - centres) ** 2).sum(axis=2)
        islands = np.exp(-apart / 10).sum(axis=1)
        parts = (linear, of_genre, features[:, one] * features[:, other], islands)
        wish = sum(
            np.sqrt(weight) * _standard(part)
            for part, weight in zip(parts, (0.35, 0.3, 0.15, 0.2), strict=True)
        )
        return _standard(np.asarray(wish))


def _standard(values: Floats) -> Floats:
    return (values - values.mean()) / max(float(values.std()), 1e-9)
