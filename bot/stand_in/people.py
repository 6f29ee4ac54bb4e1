"""Who has accounts at the stand-in of Spotify, and their playlists."""

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass
class Listener:
    """A person with an account.

    Attributes:
        is_invited: Whether one of the five whom the application serves.
        saved: Uris and when they were saved, the latest first.
        top: Uris, the most played first.
        library: Ids of the playlists shown, in order.
    """

    id: str
    name: str
    is_invited: bool = True
    saved: list[tuple[str, datetime]] = field(default_factory=list[tuple[str, datetime]])
    top: list[str] = field(default_factory=list[str])
    library: list[str] = field(default_factory=list[str])

    @property
    def account_id(self) -> str:
        """What never changes, unlike ``id``."""
        return f"account-of-{self.id}"


@dataclass(frozen=True)
class Entry:
    """One place in a playlist."""

    uri: str
    added_at: datetime
    added_by: str


@dataclass
class Playlist:
    """All versions of a playlist; a change of any version makes a new one of the latest.

    Attributes:
        collaborators: Ids of listeners who may see and change the contents.
        lag: Looks at it that still show the version before the latest.
        looks: How often each version was looked at.
        relinked: Uris that are shown in the place of others, so that nothing is removed by them.
    """

    id: str
    owner: str
    name: str
    description: str = ""
    is_public: bool = True
    is_collaborative: bool = False
    collaborators: set[str] = field(default_factory=set[str])
    versions: list[tuple[Entry, ...]] = field(default_factory=lambda: [()])
    lag: int = 0
    looks: Counter[int] = field(default_factory=Counter[int])
    relinked: set[str] = field(default_factory=set[str])

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The latest version."""
        return self.versions[-1]

    @property
    def uris(self) -> list[str]:
        """Of the latest version."""
        return [entry.uri for entry in self.entries]

    @property
    def snapshot_id(self) -> str:
        """Of the latest version."""
        return self.snapshot_of(len(self.versions) - 1)

    def snapshot_of(self, number: int) -> str:
        """Name a version."""
        return base64.b64encode(f"{number:08d},{self.id}".encode()).decode()

    def version(self, snapshot_id: str) -> tuple[Entry, ...] | None:
        """The entries that a snapshot had; None for a snapshot that never was."""
        known = {self.snapshot_of(number): each for number, each in enumerate(self.versions)}
        return known.get(snapshot_id)

    def shown(self) -> "Playlist":
        """What a look at it shows."""
        self.looks[len(self.versions)] += 1
        is_late = self.looks[len(self.versions)] <= self.lag and len(self.versions) > 1
        return replace(self, versions=self.versions[:-1]) if is_late else self

    def may_change(self, listener: str) -> bool:
        """Tell whether somebody may see and change the contents."""
        return listener == self.owner or (self.is_collaborative and listener in self.collaborators)

    def insert(self, new: Sequence[Entry], position: int | None = None) -> None:
        """Insert entries at a place, or at the end."""
        entries = list(self.entries)
        at = len(entries) if position is None else position
        self.versions.append((*entries[:at], *new, *entries[at:]))

    def replace(self, new: Sequence[Entry]) -> None:
        """Put other entries in the place of all."""
        self.versions.append(tuple(new))

    def remove(self, uris: Sequence[str]) -> None:
        """Remove every occurrence."""
        gone = set(uris) - self.relinked
        self.versions.append(tuple(each for each in self.entries if each.uri not in gone))

    def move(self, start: int, length: int, before: int) -> None:
        """Move a run of entries in front of the one that is at ``before`` now."""
        entries = list(self.entries)
        moved = entries[start : start + length]
        rest = entries[:start] + entries[start + length :]
        at = before if before <= start else before - len(moved)
        self.versions.append((*rest[:at], *moved, *rest[at:]))
