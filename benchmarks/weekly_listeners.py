"""Listeners with known tastes, choosy and easy ones, whose weekly lists are simulated."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from population import STRENGTH, Population
from scipy.optimize import brentq
from scipy.special import expit, logit

from musicrec.taste.columns import main_artists

Floats = NDArray[np.float64]

SHARES: Final = (0.2, 0.35, 0.5)
"""Of all songs that one listener or the other would like."""
OF_ARTISTS: Final = 0.2
"""Share of the variance of a taste that is about who plays, whatever it sounds like."""


@dataclass(frozen=True)
class Subject:
    """Somebody whose chance of liking every song is known.

    Attributes:
        share: Of all songs that they like, about.
        p_like: Shape ``(n_songs,)``.
        liked: Their verdicts, drawn once.
        rated: Rows in the order in which they would rate them by themselves.
    """

    share: float
    p_like: Floats
    liked: NDArray[np.bool_]
    rated: NDArray[np.intp]


def subjects(songs: pd.DataFrame, n: int, *, seed: int) -> Iterator[Subject]:
    """Yield listeners, each like nobody else; equal seeds yield equal ones."""
    population = Population(songs, seed)
    rng = np.random.default_rng([seed, 9])
    artists = np.asarray(pd.factorize(np.array(main_artists(songs)))[0], dtype=np.intp)
    for number in range(n):
        person = population.person(loner=True)
        sound = logit(person.p_like) / STRENGTH
        of_artist = rng.normal(size=len(songs))[artists]
        wish = np.sqrt(1 - OF_ARTISTS) * sound / sound.std() + np.sqrt(OF_ARTISTS) * of_artist
        share = SHARES[number % len(SHARES)]
        p_like = _p_like(STRENGTH * wish, share)
        yield Subject(share, p_like, rng.random(len(wish)) < p_like, person.rated)


def _p_like(log_odds: Floats, share: float) -> Floats:
    """Return probabilities of which the mean is the share of all songs that is liked."""
    offset = brentq(lambda offset: expit(log_odds + offset).mean() - share, -30, 30)
    return 1 / (1 + np.exp(-log_odds - float(offset)))
