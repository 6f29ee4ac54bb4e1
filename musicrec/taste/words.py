"""What numbers about songs are called when one talks about music."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """The two ends of one feature.

    ``low`` and ``high`` are adjectives for a song at that end; ``lower`` and ``higher`` compare
    it with most of the songs that the listener rated. A feature without steps between its ends
    compares by its adjectives.
    """

    low: str
    high: str
    lower: str
    higher: str


def _graded(low: str, high: str, lower: str, higher: str) -> Wording:
    return Wording(low, high, f"{lower} than most", f"{higher} than most")


WORDINGS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        "danceability": _graded("not for dancing", "danceable", "less danceable", "more danceable"),
        "energy": _graded("calm", "energetic", "calmer", "more energetic"),
        "loudness_db": _graded("quiet", "loud", "quieter", "louder"),
        "mode": Wording("in a minor key", "in a major key", "in a minor key", "in a major key"),
        "speechiness": _graded("hardly spoken", "wordy", "less wordy", "wordier"),
        "acousticness": _graded("electric", "acoustic", "less acoustic", "more acoustic"),
        "instrumentalness": _graded("sung", "instrumental", "more sung", "more instrumental"),
        "liveness": _graded("studio-made", "live", "less of a live sound", "more live"),
        "valence": _graded("sad", "happy", "sadder", "happier"),
        "tempo_bpm": _graded("slow", "fast", "slower", "faster"),
        "time_signature": Wording(
            "in triple time", "in an odd metre", "in triple time", "in an odd metre"
        ),
        "duration_ms": _graded("short", "long", "shorter", "longer"),
        "popularity": _graded("little known", "well known", "less known", "better known"),
        "explicit": Wording("clean", "explicit", "clean", "explicit"),
        "year": _graded("old", "recent", "older", "more recent"),
    }
)
"""Every feature that means something to a listener; the key (C, D, …) does not."""
