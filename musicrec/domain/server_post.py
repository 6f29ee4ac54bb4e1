"""What is posted in a server by the clock: a song to rate, or what became of such songs."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from musicrec.domain.ids import ListenerId, TrackId

PlannedPostId = NewType("PlannedPostId", int)

FEWEST_PEOPLE = 3
"""Who rated a song, for a digest to tell how many liked it: two would know of each other."""


class ServerPostKind(StrEnum):
    """What is posted."""

    SONG = "song"
    DIGEST = "digest"


class Cadence(StrEnum):
    """On which days."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    """Monday to Friday."""
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """What those who manage a server chose; a server has one plan of each kind.

    Attributes:
        guild_id: The server.
        kind: What is posted.
        channel_id: Where.
        cadence: On which days; a digest is weekly.
        weekday: Of a weekly post, 0 is Monday.
        minute: Of the local day, in [0, 1440).
        zone: IANA name, e.g. ``"Europe/Berlin"``.
        since: When it was chosen, aware UTC; nothing is due before.
        is_on: Whether anything is posted.
        trouble: Why it was turned off, for those who manage the server; else empty.
    """

    guild_id: int
    kind: ServerPostKind
    channel_id: int
    cadence: Cadence
    weekday: int
    minute: int
    zone: str
    since: datetime
    is_on: bool = True
    trouble: str = ""


class PostState(StrEnum):
    """How far a planned post has come."""

    DUE = "due"
    SENT = "sent"
    SKIPPED = "skipped"
    """There was nothing to say, nowhere to say it, or it was too late."""


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A line of the ledger: there is one for each server, kind and local date.

    Nothing in it is about a person.

    Attributes:
        guild_id: The server.
        kind: What is posted.
        local_date: Of the slot, in the plan's time zone.
        due_at: When it was due, aware UTC.
        state: How far it has come.
        id: None before it is stored.
        attempts: How often it was tried to send it.
        track_id: The song, once it is chosen; no server gets a song twice.
        channel_id: Where it was sent.
        message_id: The message; None before it is sent.
    """

    guild_id: int
    kind: ServerPostKind
    local_date: date
    due_at: datetime
    state: PostState = PostState.DUE
    id: PlannedPostId | None = None
    attempts: int = 0
    track_id: TrackId | None = None
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class PublicVerdict:
    """A verdict that stands and was given on a public card of a server."""

    listener_id: ListenerId
    track_id: TrackId
    is_like: bool
    labelled_at: datetime


@dataclass(frozen=True, slots=True)
class SongTally:
    """How many people liked and disliked one song on public cards of a server."""

    track_id: TrackId
    likes: int
    dislikes: int


@dataclass(frozen=True, slots=True)
class DigestTallies:
    """The week of a server, in songs that at least ``FEWEST_PEOPLE`` rated.

    Attributes:
        liked: The most liked ones, best first.
        divisive: The one on which opinions differ most, if they do.
        first_liker: Who liked the most liked one first; to be named only with their consent.
        n_people: How many gave a verdict in the week.
        n_verdicts: How many verdicts stand.
    """

    liked: tuple[SongTally, ...]
    divisive: SongTally | None
    first_liker: ListenerId | None
    n_people: int
    n_verdicts: int
