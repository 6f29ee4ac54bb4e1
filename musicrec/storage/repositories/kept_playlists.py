"""Playlists that are kept here."""

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId, KeptPlaylist, KeptSummary
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_json import playlist_from_json, playlist_to_json
from musicrec.storage.packing import pack, unpack
from musicrec.storage.playlist_tables import KeptPlaylistRow


class KeptPlaylistRepository:
    """The table ``kept_playlists``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, kept: KeptPlaylist) -> KeptId:
        """Store a new playlist; the listener must be known (``ListenerRepository.lock``)."""
        statement = (
            insert(KeptPlaylistRow)
            .values(
                listener_id=kept.listener_id,
                title=kept.playlist.title,
                n_items=len(kept.playlist),
                created_at=kept.created_at,
                playlist=await pack(kept.playlist, playlist_to_json),
            )
            .returning(KeptPlaylistRow.id)
        )
        return (await self._session.scalars(statement)).one()

    async def get(self, listener_id: ListenerId, kept_id: KeptId) -> Playlist | None:
        """Return a playlist of a listener; None where they have none of that identity."""
        statement = (
            select(KeptPlaylistRow)
            .where(KeptPlaylistRow.id == kept_id, KeptPlaylistRow.listener_id == listener_id)
            .options(undefer(KeptPlaylistRow.playlist))
        )
        row = await self._session.scalar(statement)
        return None if row is None else await unpack(row.playlist, playlist_from_json)

    async def put(self, kept_id: KeptId, playlist: Playlist) -> None:
        """Put another version in a playlist's place."""
        statement = (
            update(KeptPlaylistRow)
            .where(KeptPlaylistRow.id == kept_id)
            .values(
                title=playlist.title,
                n_items=len(playlist),
                playlist=await pack(playlist, playlist_to_json),
            )
        )
        await self._session.execute(statement)

    async def count(self, listener_id: ListenerId) -> int:
        """Count the listener's playlists."""
        statement = select(func.count()).where(KeptPlaylistRow.listener_id == listener_id)
        return await self._session.scalar(statement) or 0

    async def summaries(self, listener_id: ListenerId) -> list[KeptSummary]:
        """Return what is known of the listener's playlists, the newest first."""
        statement = (
            select(KeptPlaylistRow)
            .where(KeptPlaylistRow.listener_id == listener_id)
            .order_by(KeptPlaylistRow.id.desc())
        )
        rows = await self._session.scalars(statement)
        return [KeptSummary(row.id, row.title, row.n_items, row.created_at) for row in rows]
