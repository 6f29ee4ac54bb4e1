"""A listener's playlists on Spotify."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from musicrec.accounts.spotify_bringing import Bringing
from musicrec.accounts.spotify_calls import PlaylistCalls
from musicrec.accounts.spotify_items import known
from musicrec.accounts.spotify_reading import home_list, read_lists, read_version
from musicrec.accounts.spotify_session import SpotifySession
from musicrec.domain.errors import SourceError, SourceUnavailableError
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.domain.playlist_home import HomeList
from musicrec.sources.clock import Clock
from musicrec.sources.fields import Document, tidy

_MOST_STEPS: Final = 1_000
"""More than Spotify bears in a day."""
_LONGEST_TITLE: Final = 100
_UNTITLED: Final = "Untitled"


class SpotifyPlaylists:
    """A ``PlaylistHome``: those that the listener owns or edits together with others.

    Spotify keeps the date of adding of a song that is moved; one that comes back after it was
    removed has the date of coming back.

    Args:
        session: Asks as the listener.
        clock: Waits until Spotify shows what was changed.
        most_steps: After which a change is given up.
    """

    def __init__(
        self, session: SpotifySession, clock: Clock, *, most_steps: int = _MOST_STEPS
    ) -> None:
        self._calls = PlaylistCalls(session)
        self._clock = clock
        self._most_steps = most_steps

    async def lists(self) -> Sequence[HomeList]:
        """Return the playlists that may be read and changed, as they stand in the library.

        Raises:
            SourceError: Spotify cannot be asked.
        """
        return await read_lists(self._calls)

    async def read(self, list_id: str) -> Playlist:
        """Return a playlist as it is now; its local files, episodes and what is unknown, too.

        Raises:
            PlaylistUnusableError: It is gone, or its songs are not shown to this listener.
            SourceError: Spotify cannot be asked.
        """
        return (await read_version(self._calls, list_id)).playlist

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        """Change a playlist step by step until it is what ``wanted`` makes of it.

        It may end after any step and be called again. ``wanted`` is asked whenever the list is
        not what the last step should have made of it: at first, and after changes of others.
        Local files and what is unknown can be moved, but neither removed nor added: they stay
        with their neighbours. The same goes for songs that Spotify does not take any more.

        Raises:
            PlaylistUnusableError: It is gone, may not be changed, or does not get there.
            SourceError: Spotify cannot be asked; what was done until then is done.
        """
        return await Bringing(self._calls, self._clock, list_id, wanted, self._most_steps).run()

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        """Make a playlist of the items that Spotify knows, which only the listener sees.

        Raises:
            SourceUnavailableError: There is no usable answer. A list with a part of the songs, or
                none, may stay behind.
            SourceClosedError: Spotify wants no calls. An empty list is surely not made then.
        """
        name = tidy(title)[:_LONGEST_TITLE] or _UNTITLED
        made = home_list(await self._make(name, tidy(description)))
        songs = known(items)
        if not songs:
            return replace(made, n_items=0)
        full = await self.bring(made.id, lambda now: now.with_items(songs))
        return replace(made, n_items=len(full))

    async def _make(self, name: str, description: str) -> Document:
        """Make an empty list, or find it where only the reply was lost."""
        try:
            return await self._calls.make(name, description)
        except SourceUnavailableError:
            found = await self._found(name)
            if found is None:
                raise
            return found

    async def _found(self, name: str) -> Document | None:
        """Look for a list whose making was answered by silence."""
        try:
            latest = next(iter(await read_lists(self._calls)), None)
            if latest is None or latest.title != name or latest.n_items:
                return None
            return await self._calls.head(latest.id)
        except SourceError:  # what is told is that the making failed, perhaps too late
            return None
