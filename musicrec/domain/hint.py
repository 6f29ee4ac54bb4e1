"""Hints: songs that a listener probably likes, though nobody said so here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from musicrec.domain.ids import ListenerId, TrackId


class HintSource(StrEnum):
    """Where the listener's own account tells of a song."""

    SAVED = "saved"
    TOP = "top"
    """Among those that are played most there."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A song that is probably liked; it is no verdict and stands in no log.

    Attributes:
        listener_id: Who keeps or plays it.
        track_id: The song.
        source: How that is known.
        hinted_at: When it was taken over, aware UTC.
    """

    listener_id: ListenerId
    track_id: TrackId
    source: HintSource
    hinted_at: datetime
