"""Song cards that were posted, so that a reaction on a message can be traced to its song."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.ids import TrackId


@dataclass(frozen=True, slots=True)
class Card:
    """One public message that shows one song."""

    message_id: int
    channel_id: int
    track_id: TrackId
    posted_at: datetime
