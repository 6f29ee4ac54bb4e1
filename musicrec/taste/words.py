"""What numbers about songs are called when one talks about music."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """The two ends of one feature.

    ``low`` and ``high`` are adjectives for a song, or a taste, at that end. The others compare a
    song with those that the listener rated: ``lowest`` and ``highest`` where it lies among the
    outer fifths, ``lower`` and ``higher`` inside. A feature without steps between its ends
    compares by its adjectives. ``less`` and ``more`` compare several songs with others.
    """

    low: str
    high: str
    lowest: str
    lower: str
    higher: str
    highest: str
    less: str
    more: str


def _graded(
    low: str, high: str, lower: str, higher: str, *, lowest: str = "", highest: str = ""
) -> Wording:
    return Wording(
        low=low,
        high=high,
        lowest=lowest or f"{low} for you",
        lower=f"{lower} than your usual",
        higher=f"{higher} than your usual",
        highest=highest or f"{high} for you",
        less=lower,
        more=higher,
    )


def _either(low: str, high: str) -> Wording:
    return Wording(low, high, low, low, high, high, f"more often {low}", f"more often {high}")


WORDINGS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        "danceability": _graded(
            "not for dancing",
            "danceable",
            "less danceable",
            "more danceable",
            lowest="hard to dance to",
        ),
        "energy": _graded("calm", "energetic", "calmer", "more energetic"),
        "loudness_db": _graded("quiet", "loud", "quieter", "louder"),
        "mode": _either("in a minor key", "in a major key"),
        "speechiness": _graded(
            "hardly spoken",
            "wordy",
            "less wordy",
            "wordier",
            lowest="with few spoken words",
        ),
        "acousticness": _graded("electric", "acoustic", "less acoustic", "more acoustic"),
        "instrumentalness": _graded(
            "sung", "instrumental", "more sung", "more instrumental", lowest="sung throughout"
        ),
        "liveness": _graded(
            "studio-made",
            "live",
            "less live-sounding",
            "more live-sounding",
            lowest="clearly studio-made",
            highest="live-sounding for you",
        ),
        # "Happy for you" would mean something else.
        "valence": _graded("sad", "happy", "sadder", "happier", highest="cheerful for you"),
        "tempo_bpm": _graded("slow", "fast", "slower", "faster"),
        "time_signature": _either("in triple time", "in an odd metre"),
        "duration_ms": _graded("short", "long", "shorter", "longer"),
        "popularity": _graded(
            "little known",
            "well known",
            "less known",
            "better known",
            lowest="unusually little known for you",
            highest="unusually well known for you",
        ),
        "explicit": _either("clean", "explicit"),
        "year": _graded("old", "recent", "older", "newer"),
    }
)
"""Every feature that means something to a listener; the key (C, D, …) does not."""
