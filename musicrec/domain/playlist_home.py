"""Where playlists live that can be read and changed: an account elsewhere, or here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from musicrec.domain.playlist import Playlist, PlaylistItem


@dataclass(frozen=True, slots=True)
class HomeList:
    """A playlist that may be opened.

    Attributes:
        id: Its identity at its home.
        title: Untrusted text.
        n_items: How long it is; None where that is not told.
        url: A link to it; empty where there is none.
    """

    id: str
    title: str
    n_items: int | None
    url: str = ""


class PlaylistHome(Protocol):
    """One listener's playlists at one place.

    Every method may raise ``NotLinkedError``, ``AccountLostError``, ``PlaylistUnusableError`` and
    ``SourceError``.
    """

    async def lists(self) -> Sequence[HomeList]:
        """Return the playlists whose songs may be read and changed, in their owner's order."""
        ...

    async def read(self, list_id: str) -> Playlist:
        """Return a playlist as it is now."""
        ...

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        """Change a playlist step by step until it is what ``wanted`` makes of it.

        It may end after any step and be called again: before each one the list is read, and
        ``wanted`` is asked about what it is by then. Songs that the home cannot move or add are
        left where they are.

        Args:
            list_id: Which.
            wanted: Pure; of a list that it made itself it makes the same.

        Returns:
            The list as it is now.
        """
        ...

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        """Make a playlist of the items that the home knows."""
        ...
