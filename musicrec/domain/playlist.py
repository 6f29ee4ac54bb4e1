"""Playlists as somebody has them, and changes to them that can be taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Self

from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import fold, recording_key
from musicrec.domain.ids import TrackId


class ItemKind(StrEnum):
    """What stands at a place of a playlist."""

    SONG = "song"
    LOCAL_FILE = "local file"
    """A file on somebody's device of which nothing but its name is known to others."""
    EPISODE = "episode"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Original:
    """A piece of a playlist file as it was, so that nothing of it is lost that we do not know.

    Attributes:
        format: Name of the file's format; pieces mean nothing to another one.
        text: The piece, in a notation of that format's reader.
    """

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class PlaylistItem:
    """One place of a playlist.

    Attributes:
        position: From 1.
        kind: What it is.
        title: Untrusted text; empty where unknown.
        artists: Main artist first; untrusted text.
        album: Empty where unknown.
        duration_ms: None where unknown.
        track_id: The identity that its link or code tells; None where there is none.
        uri: Its link or path, as it came.
        added_at: When it was added, aware; None where unknown.
        added_by: Who added it; empty where unknown.
        genre: None where unknown.
        features: Numbers that the playlist itself knows, by their name in ``domain.features``.
        original: What its file had; None where it comes from no file.
    """

    position: int
    kind: ItemKind = ItemKind.SONG
    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    track_id: TrackId | None = None
    uri: str = ""
    added_at: datetime | None = None
    added_by: str = ""
    genre: str | None = None
    features: Mapping[str, float] = field(default_factory=dict[str, float])
    original: Original | None = None

    @property
    def main_artist(self) -> str:
        """The first credited artist, or an empty string."""
        return self.artists[0] if self.artists else ""

    @property
    def name(self) -> str:
        """What to call it: artist and title, or else its link, never empty."""
        if self.title and self.main_artist:
            return f"{self.main_artist} - {self.title}"
        return self.title or self.uri or f"item {self.position}"

    @property
    def recording(self) -> str:
        """Equal for items that a listener would call the same song; empty without a title."""
        return recording_key(self.title, self.main_artist) if fold(self.title) else ""

    @property
    def identity(self) -> str:
        """Equal for the same entry of a list at two times: its link, or else what it is called."""
        return self.uri or self.track_id or f"{self.title}|{'; '.join(self.artists)}|{self.album}"


@dataclass(frozen=True)
class Playlist:
    """A list of songs in its order.

    Attributes:
        title: Untrusted text; empty where unknown.
        items: Their positions count from 1 without gaps.
        description: Untrusted text.
        frame: What its file had around the items; None where it comes from no file.
    """

    title: str = ""
    items: tuple[PlaylistItem, ...] = ()
    description: str = ""
    frame: Original | None = None

    def __len__(self) -> int:
        """Number of items."""
        return len(self.items)

    def with_items(self, items: Iterable[PlaylistItem]) -> Self:
        """Return the same playlist with other items, which get new positions."""
        return replace(self, items=numbered(items))


def numbered(items: Iterable[PlaylistItem]) -> tuple[PlaylistItem, ...]:
    """Give items the positions 1, 2, …."""
    return tuple(replace(item, position=place) for place, item in enumerate(items, start=1))


@dataclass(frozen=True)
class PlaylistChange:
    """Songs removed or moved; holds the whole list before, so that it can be taken back.

    Attributes:
        before: The list with every position and date.
        order: Positions in ``before`` of what is left, in the new order.
    """

    before: Playlist
    order: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse an order that names a position twice or one that is not there.

        Raises:
            BadInputError: It does.
        """
        if not set(self.order) <= set(range(1, len(self.before) + 1)) or (
            len(set(self.order)) < len(self.order)
        ):
            msg = "A change of a playlist must name every position that is left once."
            raise BadInputError(msg)

    @classmethod
    def removing(cls, playlist: Playlist, positions: Iterable[int]) -> Self:
        """Make the change that removes the items at some positions."""
        gone = set(positions)
        return cls(playlist, tuple(i.position for i in playlist.items if i.position not in gone))

    @cached_property
    def after(self) -> Playlist:
        """The list once the change is made."""
        return self.before.with_items(self.before.items[position - 1] for position in self.order)

    @cached_property
    def removed(self) -> tuple[int, ...]:
        """Positions in ``before`` of what is gone, ascending."""
        left = set(self.order)
        return tuple(i.position for i in self.before.items if i.position not in left)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is removed or moved."""
        return self.order == tuple(range(1, len(self.before) + 1))
