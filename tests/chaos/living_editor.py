"""A life of what edits playlists: it makes, takes back or takes up one edit, and ends with it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from musicrec.accounts.spotify_playlists import SpotifyPlaylists
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import EditId, EditState, PlaceKind
from musicrec.domain.playlist_home import PlaylistHome
from musicrec.services.edit_runs import EditRuns
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.sources import SystemClock
from musicrec.storage import Database
from musicrec.workers import LocalWorkers
from tests.musicrec.services.playlist_town import one_step
from tests.stand_ins.spotify.session import TokenSession

LEASE: Final = timedelta(seconds=0.5)
UNFINISHED: Final = (EditState.UNDER_WAY, EditState.UNDOING)


def now() -> datetime:
    return datetime.now(UTC)


class StepwiseHome(HereHome):
    """Keeps lists here, but changes one place of a list a transaction."""

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        while True:
            current = await self.read(list_id)
            step = one_step(current, wanted(current))
            if step is None:
                return current
            await super().bring(list_id, lambda _, then=step: then)


def spotify_home(address: str, token: str) -> SpotifyPlaylists:
    clock = SystemClock(now)
    return SpotifyPlaylists(TokenSession(address, token, clock), clock)


def edits_of(database: Database, address: str, token: str) -> tuple[PlaylistEdits, EditRuns]:
    """Wire what the bot wires, with homes of this machine."""

    def here(listener_id: ListenerId) -> PlaylistHome:
        return StepwiseHome(listener_id, database, now)

    def spotify(_: ListenerId) -> PlaylistHome:
        return spotify_home(address, token)

    workers = LocalWorkers(1)
    homes = {PlaceKind.HERE: here, PlaceKind.SPOTIFY: spotify}
    places = PlaylistPlaces(homes, workers, now)
    runs = EditRuns(database, places, now, lease=LEASE)
    return PlaylistEdits(database, workers, places, runs, now), runs


def live(job: dict[str, Any]) -> int:
    """Work on one edit.

    Args:
        job: Addresses of the ``database`` and of Spotify, a ``token`` for it; ``listener`` and
            ``edit``; ``what``: ``"make"``, ``"undo"`` or ``"resume"``.
    """
    asyncio.run(_work(job))
    return 0


async def _work(job: dict[str, Any]) -> None:
    database = Database.open(job["database"])
    edits, runs = edits_of(database, job["address"], job["token"])
    listener_id, edit_id = ListenerId(job["listener"]), EditId(job["edit"])
    if job["what"] == "make":
        await edits.make(listener_id, edit_id)
    elif job["what"] == "undo":
        await edits.undo(listener_id, edit_id)
    else:
        runs.start(look_again_s=0.1)
        while (await edits.get(listener_id, edit_id)).state in UNFINISHED:  # noqa: ASYNC110 - a row
            await asyncio.sleep(0.02)
        await runs.close()
    await database.close()
