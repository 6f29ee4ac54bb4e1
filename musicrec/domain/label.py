"""Labels: the append-only log of verdicts, and the current one derived from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from musicrec.domain.ids import EventId, ListenerId, ShortlistId, TrackId


class LabelValue(StrEnum):
    """What a listener said about a song; ``WITHDRAWN`` takes the last verdict back."""

    LIKE = "like"
    DISLIKE = "dislike"
    WITHDRAWN = "withdrawn"


class LabelSource(StrEnum):
    """How the verdict reached us."""

    BUTTON = "button"
    REACTION = "reaction"
    UNDO = "undo"
    IMPORT = "import"
    LISTENBRAINZ = "listenbrainz"
    """Said there, and taken over when the listener asked for it."""


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One line of the log.

    Attributes:
        listener_id: Who said it.
        track_id: About which song.
        value: The verdict.
        labelled_at: When, aware UTC.
        source: Button, reaction, undo or import.
        card_message_id: The Discord message of the card it was said on, if any.
        shortlist_id: The shortlist that showed the song, if any.
        event_key: Identity of the cause (e.g. ``interaction:123``); a second event with the same
            key is the same event delivered twice and is not stored again. None is never equal.
        restores: In an event that takes back (``LabelSource.UNDO``), the earlier event of the
            song that stands again; None where the song is back at no verdict at all.
        id: Position in the log; None before it is stored.
    """

    listener_id: ListenerId
    track_id: TrackId
    value: LabelValue
    labelled_at: datetime
    source: LabelSource
    card_message_id: int | None = None
    shortlist_id: ShortlistId | None = None
    event_key: str | None = None
    restores: EventId | None = None
    id: EventId | None = None


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """How many current labels a listener has."""

    likes: int
    dislikes: int

    @property
    def total(self) -> int:
        """All current labels."""
        return self.likes + self.dislikes
