"""Guesses: every probability that a listener was told, kept to be held against their verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from musicrec.domain.ids import GuessId, ListenerId, ModelId, TrackId
from musicrec.domain.shortlist import Shortlist

EVEN_CHANCE = 0.5
"""From here on a guess says "like"."""


class GuessPlace(StrEnum):
    """Where the probability was told: on a shortlist of that kind, or alone."""

    RECOMMEND = "recommend"
    RATE = "rate"
    PREDICT = "predict"
    WEEK = "week"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class Guess:
    """One probability as it was told.

    Attributes:
        listener_id: To whom, about whose taste.
        track_id: About which song.
        p_like: Probability in [0, 1] that the listener likes it.
        guessed_at: When, aware UTC.
        place: Where.
        model_id: The model that said so; it may be gone by now.
        id: Position among all guesses, later ones have larger ids; None before it is stored.
    """

    listener_id: ListenerId
    track_id: TrackId
    p_like: float
    guessed_at: datetime
    place: GuessPlace
    model_id: ModelId | None = None
    id: GuessId | None = None


def is_right(p_like: float, *, liked: bool) -> bool:
    """Tell whether a guess was right; exactly 0.5 says "like"."""
    return (p_like >= EVEN_CHANCE) is liked


def guesses_of(shortlist: Shortlist) -> list[Guess]:
    """Return the guesses that showing a shortlist tells: one for each song with a probability."""
    return [
        Guess(
            shortlist.listener_id,
            entry.track_id,
            entry.p_like,
            shortlist.created_at,
            GuessPlace(shortlist.kind),
            shortlist.model_id,
        )
        for entry in shortlist.entries
        if entry.p_like is not None
    ]
