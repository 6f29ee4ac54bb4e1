"""Why a model gives a song its probability, in words a listener understands.

Computed on log odds: near 0 and 1 probabilities hardly move, whatever the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import GENRE
from musicrec.taste.encode import Floats
from musicrec.taste.words import WORDINGS

MIN_PUSH: Final = 0.05
"""A feature that moves the log odds by less (1 % of probability around 0.5) is no reason."""

_NOT_ORDERED: Final = frozenset({"mode", "explicit", "time_signature"})
LogOdds = Callable[[pd.DataFrame], Floats]
"""From cleaned songs to log odds, shape ``(n_songs,)``."""


@dataclass(frozen=True, slots=True)
class Typical:
    """What is usual among the songs a listener rated, by feature, where there is a word for it.

    Attributes:
        middle: Median, or the most frequent value where the numbers are mere names.
        low: A fifth of the songs is at or below.
        high: A fifth of the songs is at or above.
    """

    middle: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]

    @classmethod
    def of(cls, songs: pd.DataFrame, feature_names: tuple[str, ...]) -> Self:
        """Measure the features that vary and have words, on cleaned training songs."""
        known = {name: songs[name].dropna() for name in feature_names if name in WORDINGS}
        return cls(
            middle={name: _middle(name, values) for name, values in known.items()},
            low={name: float(values.quantile(0.2)) for name, values in known.items()},
            high={name: float(values.quantile(0.8)) for name, values in known.items()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts; ``from_json`` reverses it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild from ``to_json``.

        Raises:
            KeyError, TypeError: The data is something else.
        """
        return cls(middle=dict(data["middle"]), low=dict(data["low"]), high=dict(data["high"]))

    def word(self, name: str, value: float) -> str:
        """Name the side a value lies on: an adjective in the outer fifths, else a comparison."""
        wording = WORDINGS[name]
        if value < self.middle[name]:
            return wording.low if value <= self.low[name] else wording.lower
        return wording.high if value >= self.high[name] else wording.higher


def reasons_for(
    songs: pd.DataFrame,
    log_odds: LogOdds,
    typical: Typical,
    *,
    likely: NDArray[np.bool_],
    most: int,
) -> list[tuple[str, ...]]:
    """Say for every song what pushes its probability to the side where it lies.

    A feature's push is the log odds minus those without it: with the typical value in its place,
    or with no genre. Only pushes towards a like are given for likely songs, only those towards a
    dislike for the others; the strongest come first.

    Args:
        songs: From ``clean_features``.
        log_odds: The model; called once, with ``len(songs)`` times the number of features + 1 rows.
        typical: Of the songs that the model learned from.
        likely: Which songs the listener rather likes, shape ``(n_songs,)``.
        most: Reasons a song at most.
    """
    names = [name for name in typical.middle if name in songs]
    names += [GENRE] if GENRE in songs else []
    without = [_without(songs, name, typical) for name in names]
    stacked = log_odds(pd.concat([songs, *without], ignore_index=True))
    whole, *rest = np.split(stacked, len(names) + 1)
    side = np.where(likely, 1.0, -1.0)
    pushes = [side * (whole - other) for other in rest]
    words = [_words(songs, name, typical) for name in names]
    return [
        _strongest([(push[row], word[row]) for push, word in zip(pushes, words, strict=True)], most)
        for row in range(len(songs))
    ]


def _strongest(pushes: list[tuple[float, str]], most: int) -> tuple[str, ...]:
    given = [(push, word) for push, word in pushes if word and push >= MIN_PUSH]
    return tuple(word for _, word in sorted(given, key=lambda pair: -pair[0])[:most])


def _without(songs: pd.DataFrame, name: str, typical: Typical) -> pd.DataFrame:
    if name == GENRE:
        return songs.assign(**{GENRE: ""})
    # An unknown value is no reason, so it stays unknown.
    return songs.assign(**{name: songs[name].mask(songs[name].notna(), typical.middle[name])})


def _words(songs: pd.DataFrame, name: str, typical: Typical) -> list[str]:
    if name == GENRE:
        return [f"it is {genre}" if genre else "" for genre in songs[GENRE]]
    return ["" if np.isnan(value) else typical.word(name, value) for value in songs[name]]


def _middle(name: str, values: "pd.Series[float]") -> float:
    return float(values.mode().iloc[0] if name in _NOT_ORDERED else values.median())
