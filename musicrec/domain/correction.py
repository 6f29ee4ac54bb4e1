"""What a listener says about a recommendation beside 👍 and 👎."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        title: Of the song; untrusted text.
        artist: The main artist's name as credited; untrusted text, None where unknown.
        genre: Of the song, None where unknown.
        features: Of the song, by their name in ``domain.features``; unknown ones are absent.
        event_key: Identity of the tap; delivered twice, it counts once.
        taken_back_at: Aware UTC; None while it stands.
        id: Set once stored.
    """

    listener_id: ListenerId
    track_id: TrackId
    kind: CorrectionKind
    said_at: datetime
    title: str = ""
    artist: str | None = None
    genre: str | None = None
    features: Mapping[str, float] = field(default_factory=dict[str, float])
    event_key: str = ""
    taken_back_at: datetime | None = None
    id: CorrectionId | None = None
