"""One listener's list of one week: composed once, stored for ever, delivered once."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from musicrec.domain.ids import ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.kept_playlist import KeptId

WeekId = NewType("WeekId", int)
PreviewId = NewType("PreviewId", int)


class PickKind(StrEnum):
    """Why a song is in a weekly list."""

    FAMILIAR = "familiar"
    """An anchor: by an artist whom the listener likes."""
    NEW = "new"
    """Neither rated nor shown lately, by whomever; rather by artists who were not rated."""
    EXPLORING = "exploring"
    """From a genre or country that the listener has hardly rated, or that the model doubts."""


@dataclass(frozen=True, slots=True)
class WeekSong:
    """One song of a weekly list with all that its message needs, whatever the catalogue becomes.

    Attributes:
        position: From 1.
        track_id: The song.
        title: Untrusted text.
        artists: Main artist first; untrusted text.
        p_like: Calibrated probability in [0, 1]; None in a starter week, which knows no model.
        kind: Why it was picked.
        reason: A plain sentence part, e.g. ``"you liked 4 of 5 by this artist"``.
        url: Where to hear it; empty where unknown.
        genre: None where unknown.
        country: Of the main artist, ISO 3166-1 alpha-2; None where unknown.
    """

    position: int
    track_id: TrackId
    title: str
    artists: tuple[str, ...]
    p_like: float | None
    kind: PickKind
    reason: str
    url: str = ""
    genre: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the list before, told at the head of the next one.

    Attributes:
        n_shown: Songs of that list.
        n_rated: Of these, rated since.
        n_liked: Of these, liked.
        n_new_artists: Artists liked in it who had not been liked before.
        n_exploring: Exploring songs that were rated.
        n_exploring_liked: Of these, liked.
        adventure: Of the list that follows, in [0, 1]; what the answers moved it to.
        n_skipped: Weeks between the two lists that were not delivered and are not made up for.
        leans: What the list that follows is more than that one, as its answers ask for, e.g.
            ``"slower"``.
    """

    n_shown: int
    n_rated: int
    n_liked: int
    n_new_artists: int
    n_exploring: int
    n_exploring_liked: int
    adventure: float
    n_skipped: int = 0
    leans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekList:
    """What a weekly list says; all that is needed to send it again in the same words.

    Attributes:
        songs: In the order to listen.
        receipt: Of the list before; None for the first one.
        note: What the listener should know, e.g. that this is a starter week; may be empty.
        n_labels: Ratings that it was learned from.
        seed: With model and catalogue it decides the list.
        catalogue_version: Of the songs.
        model_id: Whose probabilities these are; it may be gone by now. None in a starter week.
    """

    songs: tuple[WeekSong, ...]
    receipt: Receipt | None
    note: str
    n_labels: int
    seed: int
    catalogue_version: str
    model_id: ModelId | None = None


class WeekState(StrEnum):
    """How far a week has come."""

    DUE = "due"
    """Claimed by a process that composes it, under a lease."""
    COMPOSED = "composed"
    """The list is stored, and will be sent exactly as it is."""
    SENT = "sent"
    SKIPPED = "skipped"
    """It could not be delivered within three days, and never will be."""


@dataclass(frozen=True, slots=True)
class Week:
    """A line of the ledger: there is one for each listener and local date.

    Attributes:
        listener_id: Whose.
        local_date: The date of the slot in the listener's time zone.
        due_at: When it was due, aware UTC.
        state: How far it has come.
        attempts: How often it was tried to send it.
        content: The list; None before it is composed.
        shortlist_id: The same songs as a shortlist, for the buttons; None before it is composed.
        channel_id: Where it was sent.
        message_id: The message; None before it is sent.
        sent_at: Aware UTC.
        problem: Why it could not be sent yet, or was skipped; empty where all is well.
        kept_id: The same list as a playlist that is kept here; None where nobody wanted it.
    """

    listener_id: ListenerId
    local_date: date
    due_at: datetime
    state: WeekState
    id: WeekId | None = None
    attempts: int = 0
    content: WeekList | None = None
    shortlist_id: ShortlistId | None = None
    channel_id: int | None = None
    message_id: int | None = None
    sent_at: datetime | None = None
    problem: str = ""
    kept_id: KeptId | None = None


@dataclass(frozen=True, slots=True)
class WeekPreview:
    """A list as its listener was shown it before its time; it is in no line of the ledger.

    Attributes:
        listener_id: Whose, and nobody else's.
        made_at: Aware UTC.
        content: What the next list would have been then.
        id: None before it is stored.
    """

    listener_id: ListenerId
    made_at: datetime
    content: WeekList
    id: PreviewId | None = None
