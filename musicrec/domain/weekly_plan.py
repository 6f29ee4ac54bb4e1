"""When and where a listener gets their weekly list, and what it is like."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from musicrec.domain.ids import ListenerId

SIZES: Final = range(10, 51)
"""Songs that a weekly list may have."""
USUAL_SIZE: Final = 30
USUAL_ADVENTURE: Final = 0.5


class PlaceOfWeek(StrEnum):
    """Where weekly lists are sent."""

    DM = "dm"
    CHANNEL = "channel"
    """A channel or thread of a server."""


class SpotifyCopy(StrEnum):
    """Whether a weekly list is also kept on the listener's Spotify account."""

    NONE = "none"
    SAME = "same"
    """One playlist, overwritten every week."""
    NEW = "new"
    """A new playlist every week."""


@dataclass(frozen=True, slots=True)
class WeeklyPlan:
    """A listener's wishes for their weekly list.

    Attributes:
        listener_id: Whose.
        weekday: 0 is Monday.
        minute: Of the local day, in [0, 1440).
        zone: IANA name, e.g. ``"Europe/Berlin"``.
        place: Where it is sent.
        channel_id: The channel or thread; None for direct messages.
        guild_id: The channel's server; None for direct messages.
        is_on: Whether lists are sent.
        since: When it was turned on or moved last, aware UTC; no list is due before.
        n_songs: In ``SIZES``.
        adventure: In [0, 1]: the share of what is explored.
        spotify: Whether lists are copied there.
        spotify_playlist_id: The one playlist that is overwritten; empty before there is one.
        trouble: Why the last list could not be delivered, for the listener's next command; empty
            where all is well.
    """

    listener_id: ListenerId
    weekday: int
    minute: int
    zone: str
    place: PlaceOfWeek
    since: datetime
    channel_id: int | None = None
    guild_id: int | None = None
    is_on: bool = True
    n_songs: int = USUAL_SIZE
    adventure: float = USUAL_ADVENTURE
    spotify: SpotifyCopy = SpotifyCopy.NONE
    spotify_playlist_id: str = ""
    trouble: str = ""
