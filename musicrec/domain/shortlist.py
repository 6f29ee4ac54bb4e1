"""Songs chosen for one listener, as shown and stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from musicrec.domain.ids import ListenerId, ModelId, ShortlistId, TrackId


class ShortlistKind(StrEnum):
    """Why the songs were chosen."""

    RECOMMEND = "recommend"
    RATE = "rate"
    WEEK = "week"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class ShortlistEntry:
    """One song of a shortlist.

    Attributes:
        position: From 1.
        track_id: The song.
        p_like: Probability in [0, 1] that the listener likes it; None before there is a model.
        reason: One plain sentence part, e.g. ``"acoustic, like songs you liked"``; may be empty.
    """

    position: int
    track_id: TrackId
    p_like: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Songs chosen for one listener from one catalogue by one model and seed."""

    listener_id: ListenerId
    kind: ShortlistKind
    created_at: datetime
    catalogue_version: str
    seed: int
    entries: tuple[ShortlistEntry, ...]
    model_id: ModelId | None = None
    id: ShortlistId | None = None
