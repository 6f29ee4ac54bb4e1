"""Edits of a playlist: proposed, looked through, made, and taken back at any later time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist, PlaylistChange

EditId = NewType("EditId", int)


class PlaceKind(StrEnum):
    """Where a playlist is."""

    FILE = "file"
    """Attached to a message; nothing is changed anywhere, the answer is a new file."""
    HERE = "here"
    SPOTIFY = "spotify"


@dataclass(frozen=True, slots=True)
class Place:
    """One playlist somewhere.

    Attributes:
        kind: Where.
        list_id: Its identity there; empty for a file.
        title: Untrusted text; of a file its name.
    """

    kind: PlaceKind
    list_id: str
    title: str


class EditKind(StrEnum):
    """What an edit does."""

    PRUNE = "prune"
    DOCTOR = "doctor"
    SORT = "sort"


class EditState(StrEnum):
    """How far an edit has come."""

    PROPOSED = "proposed"
    """Nothing was changed."""
    UNDER_WAY = "under way"
    """It was decided on; from now on it will be made, by whichever process can."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"
    """It was decided against, or its playlist is gone."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One song that may go.

    Attributes:
        position: In the list as it was looked at.
        name: What to call it; untrusted text.
        words: Why, part of a sentence; may hold untrusted names.
        p_like: Probability that the listener likes it; None where that is not the point.
        interval: Ends of a range that holds four of five true probabilities.
    """

    position: int
    name: str
    words: str
    p_like: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Some songs by name, of which there may be more.

    Attributes:
        what: What they have in common, part of a sentence.
        names: Of the first few; untrusted text.
        n_all: How many there are.
    """

    what: str
    names: tuple[str, ...]
    n_all: int


@dataclass(frozen=True, slots=True)
class PruneFindings:
    """What pruning says beside the songs; ``musicrec.playlists.pruning`` explains each.

    Attributes:
        precision: Wanted share of dislikes among what goes, in (0, 1].
        threshold: Highest probability that may go; None where the labels support no promise.
        n_labels: Labels in all.
        usual: Share of likes among them.
        n_below: Labelled songs at or below the threshold.
        n_disliked: Those of them that were disliked.
        share_liked: Estimated share of the list that is liked; None where nothing was judged.
        expected_liked: How many of the proposed songs are liked after all, as expected.
        n_held_back: Songs at or below the threshold that stay nevertheless.
        spared: What was not judged, or stays because it is liked.
    """

    precision: float
    threshold: float | None
    n_labels: int
    usual: float
    n_below: int
    n_disliked: int
    share_liked: float | None
    expected_liked: float
    n_held_back: int
    spared: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class DoctorFindings:
    """What the doctor says beside the duplicates.

    Attributes:
        n_heard: Songs whose sound is known.
        strangers: Songs out of character, each with why; None where too few songs are heard.
        sleepers: Favourites deep in the list, each with why; None where they were not looked for.
        has_model: Whether the listener's taste was known.
    """

    n_heard: int
    strangers: tuple[Proposal, ...] | None
    sleepers: tuple[Proposal, ...] | None
    has_model: bool


@dataclass(frozen=True, slots=True)
class SortFindings:
    """What sorting says.

    Attributes:
        by: The order, for people.
        first_before: Names of the first songs as they are.
        first_after: Names of the first songs in the new order.
        unplaced: Songs about which too little is known.
    """

    by: str
    first_before: tuple[str, ...]
    first_after: tuple[str, ...]
    unplaced: Named


Findings: TypeAlias = PruneFindings | DoctorFindings | SortFindings


@dataclass(frozen=True)
class PlaylistEdit:
    """What is shown of an edit.

    Attributes:
        listener_id: Whose; nobody else may decide about it.
        place: Which playlist.
        kind: What it does.
        n_items: Length of the list as it was looked at.
        proposals: Songs that may go; none where it sorts.
        findings: What else is said.
        chosen: Positions that are ticked, those of proposals only.
        state: How far it has come.
        created_at: When it was proposed, aware UTC.
        changed_at: When its state changed last, aware UTC.
        id: None before it is stored.
    """

    listener_id: ListenerId
    place: Place
    kind: EditKind
    n_items: int
    proposals: tuple[Proposal, ...]
    findings: Findings
    chosen: frozenset[int]
    state: EditState
    created_at: datetime
    changed_at: datetime
    id: EditId | None = None

    @property
    def n_changes(self) -> int:
        """Songs that go, or that are moved."""
        return self.n_items if self.kind is EditKind.SORT else len(self.chosen)


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file that somebody attached.

    Attributes:
        name: As it came; untrusted text.
        format: Name of its format.
        data: Every byte.
    """

    name: str
    format: str
    data: bytes


@dataclass(frozen=True)
class EditedList:
    """The playlist of an edit, whole, so that the edit can be made and taken back.

    Attributes:
        change: The list with every position and time, and its order if every proposal is taken;
            what is not chosen stays in.
        file: Where it came from; None where it has a home.
        way_back: From the list as it was when the edit was taken back to the order before; None
            where nothing was moved.
    """

    change: PlaylistChange
    file: EditedFile | None = None
    way_back: PlaylistChange | None = None

    @property
    def before(self) -> Playlist:
        """The list before the edit."""
        return self.change.before

    def chosen(self, edit: PlaylistEdit) -> PlaylistChange:
        """Return the change with the songs that were chosen, and no others."""
        if edit.kind is EditKind.SORT:
            return self.change
        return PlaylistChange.removing(self.before, edit.chosen)
