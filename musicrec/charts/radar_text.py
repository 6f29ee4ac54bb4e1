"""The words of a taste radar, for everybody who does not see its picture."""

from typing import Final

from musicrec.domain.taste_profile import TasteAxis, TasteRadar
from musicrec.taste.words import WORDINGS

MOST_WORDS: Final = 2
CLEAR: Final = 4.0
"""Ranks; smaller differences are not named."""

FEWEST_AXES: Final = 3
"""Less is no shape."""

_STEP: Final = 5
_MARKS: Final = 6


def rival(radar: TasteRadar) -> str:
    """Name what the likes are compared with."""
    if radar.n_others is None:
        return "all songs I know"
    return f"{radar.n_others} others on this server"


def headline(radar: TasteRadar) -> str:
    """Name where the likes differ most."""
    words = [side_of(axis) for axis in clear_axes(radar)[:MOST_WORDS]]
    if not radar.axes:
        return "Nothing known about your likes"
    if not words:
        return "Your likes lie close to the mean"
    return f"Your likes are {', '.join(words)}"


def clear_axes(radar: TasteRadar) -> list[TasteAxis]:
    """Return the axes with a clear difference, largest first."""
    ranked = sorted(radar.axes, key=lambda axis: -abs(axis.liked - axis.other))
    return [axis for axis in ranked if abs(axis.liked - axis.other) >= CLEAR]


def side_of(axis: TasteAxis) -> str:
    """Compare the likes with the other: ``"calmer"``."""
    wording = WORDINGS[axis.feature]
    words = wording.higher if axis.liked > axis.other else wording.lower
    return words.removesuffix(" than your usual")


def radar_text(radar: TasteRadar) -> str:
    """Write the radar as lines for a monospaced font, at most 52 characters wide."""
    return "\n".join(
        [
            f"{headline(radar)}.",
            f"Your {radar.n_likes:,} likes against {rival(radar)}.",
            "Mean rank among all songs; 50 is the middle.",
            "",
            f"{'':16} {'you':>4} {'they' if radar.n_others else 'all':>5}",
            *map(_row, radar.axes),
        ]
    )


def _row(axis: TasteAxis) -> str:
    difference = axis.liked - axis.other
    marks = min(_MARKS, round(abs(difference) / _STEP)) * ("+" if difference > 0 else "-")
    word = WORDINGS[axis.feature].high
    return f"{word:16} {axis.liked:4.0f} {axis.other:5.0f} {marks}".rstrip()
