"""What a listener says about a recommendation beside 👍 and 👎."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from musicrec.domain.ids import ListenerId, TrackId

CorrectionId = NewType("CorrectionId", int)


class CorrectionKind(StrEnum):
    """What should be different; the value stands in custom ids for ever."""

    MORE_LIKE_THIS = "more"
    TOO_FAST = "fast"
    TOO_SLOW = "slow"
    TOO_LOUD = "loud"
    TOO_CALM = "calm"
    NOT_THIS_GENRE = "genre"
    NEVER_THIS_ARTIST = "artist"
    KNOWN_ALREADY = "known"


@dataclass(frozen=True, slots=True)
class Correction:
    """One tap on a recommended song; the song's values are kept as they were then.

    Attributes:
        listener_id: Whose.
        track_id: The song.
        kind: What was said.
        said_at: Aware UTC.
        genre: Of the song, for ``NOT_THIS_GENRE``.
        artist: The main artist's name as credited, for ``NEVER_THIS_ARTIST``; untrusted text.
        id: Set once stored.
    """

    listener_id: ListenerId
    track_id: TrackId
    kind: CorrectionKind
    said_at: datetime
    genre: str | None = None
    artist: str | None = None
    id: CorrectionId | None = None
