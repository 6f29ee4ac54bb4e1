"""Playlists that are kept in the database, as a home like any other."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from musicrec.domain.errors import PlaylistUnusableError
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId, KeptPlaylist
from musicrec.domain.playlist import Playlist, PlaylistItem, numbered
from musicrec.domain.playlist_home import HomeList
from musicrec.storage import Database, UnitOfWork

MOST_KEPT: Final = 500
"""Playlists of one listener."""

_LONGEST_TITLE: Final = 100


class HereHome:
    """One listener's playlists that were made here; a ``PlaylistHome``."""

    def __init__(
        self, listener_id: ListenerId, database: Database, clock: Callable[[], datetime]
    ) -> None:
        self._listener_id = listener_id
        self._database = database
        self._clock = clock

    async def lists(self) -> Sequence[HomeList]:
        """Return the listener's playlists, the newest first."""
        async with self._database.reading() as uow:
            kept = await uow.kept_playlists.summaries(self._listener_id)
        return [HomeList(str(one.id), one.title, one.n_items) for one in kept]

    async def read(self, list_id: str) -> Playlist:
        """Return a playlist as it is now.

        Raises:
            PlaylistUnusableError: The listener has no such playlist.
        """
        async with self._database.reading() as uow:
            return await self._require(uow, list_id)

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        """Change a playlist in one transaction.

        Raises:
            PlaylistUnusableError: The listener has no such playlist.
        """
        async with self._database.writing() as uow:
            await uow.listeners.lock_known(self._listener_id)
            playlist = wanted(await self._require(uow, list_id))
            await uow.kept_playlists.put(KeptId(int(list_id)), playlist)
        return playlist

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        """Keep a new playlist.

        Raises:
            PlaylistUnusableError: The listener has too many.
        """
        at = self._clock()
        playlist = Playlist(title[:_LONGEST_TITLE], numbered(items), description)
        async with self._database.writing() as uow:
            await uow.listeners.lock(self._listener_id, at)
            kept_id = await keep(uow, KeptPlaylist(self._listener_id, playlist, at))
        return HomeList(str(kept_id), playlist.title, len(playlist))

    async def _require(self, uow: UnitOfWork, list_id: str) -> Playlist:
        found = None
        if list_id.isascii() and list_id.isdecimal():
            found = await uow.kept_playlists.get(self._listener_id, KeptId(int(list_id[:18])))
        if found is None:
            msg = "This playlist is not kept here any more."
            raise PlaylistUnusableError(msg)
        return found


async def keep(uow: UnitOfWork, kept: KeptPlaylist) -> KeptId:
    """Store a new playlist of a listener who is locked.

    Raises:
        PlaylistUnusableError: There are too many.
    """
    if await uow.kept_playlists.count(kept.listener_id) >= MOST_KEPT:
        msg = f"You keep {MOST_KEPT} playlists here already; /privacy delete makes room."
        raise PlaylistUnusableError(msg)
    return await uow.kept_playlists.add(kept)
