"""Listeners whose verdict on every song is known, to replay questions on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from listeners import catalogue, listeners
from numpy.typing import NDArray

from musicrec.domain.features import FEATURE_NAMES, GENRE

Floats = NDArray[np.float64]

N_SONGS: Final = 2_300
"""Songs of a simulated label set, drawn anew for every split."""

STRENGTH: Final = 2.5
"""Standard deviation of the log-odds: full AUCs come out between 0.79 and 0.89."""

_HEARD: Final = (
    *("danceability", "energy", "loudness_db", "speechiness", "acousticness"),
    *("instrumentalness", "liveness", "valence", "tempo_bpm", "duration_ms"),
)


@dataclass(frozen=True)
class Verdicts:
    """Songs, most popular first, with what the listener says about each.

    Attributes:
        songs: Song table.
        liked: Shape ``(n_songs,)``.
        wish: How much each is liked, in any unit; for a real listener only like or not.
    """

    songs: pd.DataFrame
    liked: NDArray[np.bool_]
    wish: Floats


def _linear(features: Floats, _: pd.DataFrame, rng: np.random.Generator) -> Floats:
    return np.asarray(features @ rng.normal(size=features.shape[1]), dtype=np.float64)


def _two_islands(features: Floats, _: pd.DataFrame, rng: np.random.Generator) -> Floats:
    centres = features[rng.choice(len(features), 2, replace=False)]
    apart = ((features[:, None] - centres) ** 2).sum(axis=2)
    return np.exp(-apart / 12).sum(axis=1)


def _genres(features: Floats, songs: pd.DataFrame, rng: np.random.Generator) -> Floats:
    codes, names = pd.factorize(songs[GENRE])
    of_genre = np.append(rng.normal(scale=1.5, size=len(names)), 0)
    return of_genre[codes] + 0.5 * _linear(features, songs, rng)


def _interaction(features: Floats, songs: pd.DataFrame, rng: np.random.Generator) -> Floats:
    one, other = rng.choice(features.shape[1], 2, replace=False)
    return features[:, one] * features[:, other] + 0.25 * _linear(features, songs, rng)


_Taste = Callable[[Floats, pd.DataFrame, np.random.Generator], Floats]

_TASTES: Final[Mapping[str, tuple[_Taste, float]]] = MappingProxyType(
    {
        "linear": (_linear, 0.5),
        "two islands": (_two_islands, 0.5),
        "genres, picky": (_genres, 0.2),
        "interaction": (_interaction, 0.6),
    }
)
"""What the log-odds are made of, and the share of songs that is liked."""

NAMES: Final = tuple(_TASTES)


def real_names() -> list[str]:
    """Return the names of the real label sets that are present."""
    return list(_real())


def verdicts(name: str, seed: int) -> Verdicts:
    """Return a listener's verdicts; a simulated one is another person for every seed."""
    rng = np.random.default_rng([seed, 1])
    if name in _TASTES:
        return _simulated(*_TASTES[name], rng)
    songs, liked = _real()[name]
    # Sorted by verdict, as one of the files is, the order would give the verdicts away.
    order = rng.permutation(len(songs))
    return Verdicts(
        songs.iloc[order].reset_index(drop=True), liked[order], liked[order].astype(np.float64)
    )


@cache
def _real() -> dict[str, tuple[pd.DataFrame, NDArray[np.bool_]]]:
    known = {who.name: who.songs for who in listeners() if who.name != "simulated"}
    return {name: (_with_all_columns(who.songs), who.liked) for name, who in known.items()}


def _with_all_columns(songs: pd.DataFrame) -> pd.DataFrame:
    return songs if GENRE in songs else songs.assign(**{GENRE: None})


@cache
def _demo() -> pd.DataFrame:
    return _with_all_columns(catalogue())


def _simulated(taste: _Taste, share: float, rng: np.random.Generator) -> Verdicts:
    rows = np.sort(rng.choice(len(_demo()), min(N_SONGS, len(_demo())), replace=False))
    songs = _demo().iloc[rows].reset_index(drop=True)
    names = [name for name in _HEARD if name in songs and name in FEATURE_NAMES]
    numbers = songs[names].fillna(songs[names].median())
    features = ((numbers - numbers.mean()) / numbers.std()).to_numpy(dtype=np.float64)
    wish = taste(features, songs, rng)
    log_odds = STRENGTH * (wish - wish.mean()) / wish.std()
    p_like = 1 / (1 + np.exp(-(log_odds + _offset(log_odds, share))))
    return Verdicts(songs, rng.random(len(songs)) < p_like, log_odds)


def _offset(log_odds: Floats, share: float) -> float:
    """Find what to add so that this share of all songs is liked."""
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(-(log_odds + middle)))).mean() > share:
            high = middle
        else:
            low = middle
    return (low + high) / 2
