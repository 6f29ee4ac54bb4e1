"""Song cards that were posted, so that a reaction on a message can be traced to its song."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.ids import TrackId


@dataclass(frozen=True, slots=True)
class Card:
    """One public message that shows one song; ``guild_id`` is None outside of servers."""

    message_id: int
    channel_id: int
    track_id: TrackId
    posted_at: datetime
    guild_id: int | None = None
