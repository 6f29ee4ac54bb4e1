"""What features and their values are called in pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from musicrec.taste.words import WORDINGS

_MS_PER_S: Final = 1000
_S_PER_MIN: Final = 60

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "danceability": "Danceability",
        "energy": "Energy",
        "loudness_db": "Loudness",
        "mode": "Key",
        "speechiness": "Spoken words",
        "acousticness": "Acoustic sound",
        "instrumentalness": "Instruments only",
        "liveness": "Live sound",
        "valence": "Mood",
        "tempo_bpm": "Tempo",
        "time_signature": "Metre",
        "duration_ms": "Length",
        "popularity": "Popularity",
        "explicit": "Explicit words",
        "year": "Year",
    }
)
"""Every feature that has words; on the way from low to high."""


def _length(value: float) -> str:
    minutes, seconds = divmod(round(value / _MS_PER_S), _S_PER_MIN)
    return f"{minutes}:{seconds:02}"


_VALUES: Final[Mapping[str, Callable[[float], str]]] = MappingProxyType(
    {
        "loudness_db": lambda value: f"{value:.0f} dB",
        "mode": lambda value: "major" if value else "minor",
        "tempo_bpm": lambda value: f"{value:.0f} BPM",
        "time_signature": lambda value: f"{value:.0f}",
        "duration_ms": _length,
        "popularity": lambda value: f"{value:.0f}",
        "explicit": lambda value: "yes" if value else "no",
        "year": lambda value: f"{value:.0f}",
    }
)


def value_words(feature: str, value: float) -> str:
    """Write a value with its unit; features between 0 and 1 in percent."""
    return _VALUES.get(feature, lambda share: f"{share:.0%}")(value)


def end_words(feature: str, *, high: bool) -> str:
    """Name one end of a feature in as few words as an axis has room for."""
    if feature in {"mode", "time_signature"}:
        return {"mode": ("minor", "major"), "time_signature": ("3 beats", "odd")}[feature][high]
    wording = WORDINGS[feature]
    return wording.high if high else wording.low
