"""Keep a weekly list as a playlist, which then goes wherever playlists go."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.errors import PlaylistUnusableError
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.kept_playlist import KeptId, KeptPlaylist
from musicrec.domain.week import WeekId
from musicrec.services.here_home import keep
from musicrec.services.week_files import week_playlist
from musicrec.storage import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class KeptWeek:
    """A weekly list as a playlist that is kept here.

    Attributes:
        kept_id: Of the playlist.
        shortlist_id: Of the list's songs.
        title: Of the playlist.
    """

    kept_id: KeptId
    shortlist_id: ShortlistId
    title: str


class WeekKeeping:
    """Makes one playlist of a weekly list, however often it is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, listener_id: ListenerId, week_id: WeekId, *, at: datetime) -> KeptWeek:
        """Return the playlist of a week; it is made where there is none yet, or no more.

        Raises:
            PlaylistUnusableError: The list is somebody else's or gone, or too many playlists are
                kept.
        """
        async with self._database.writing() as uow:
            is_known = await uow.listeners.lock_known(listener_id)
            week = await uow.weeks.get(week_id)
            if not is_known or week is None or week.listener_id != listener_id:
                msg = "This weekly list is somebody else's, or I do not keep it any more."
                raise PlaylistUnusableError(msg)
            if week.content is None or week.shortlist_id is None or not week.content.songs:
                msg = "There are no songs in this weekly list."
                raise PlaylistUnusableError(msg)
            title = f"Weekly list of {week.local_date.isoformat()}"
            kept_id = await _existing(uow, listener_id, week.kept_id)
            if kept_id is None:
                playlist = week_playlist(week.content, title)
                kept_id = await keep(uow, KeptPlaylist(listener_id, playlist, at))
                await uow.weeks.note_kept(week_id, kept_id)
            return KeptWeek(kept_id, week.shortlist_id, title)


async def _existing(
    uow: UnitOfWork, listener_id: ListenerId, kept_id: KeptId | None
) -> KeptId | None:
    if kept_id is None:
        return None
    playlist = await uow.kept_playlists.get(listener_id, kept_id)
    return None if playlist is None else kept_id
