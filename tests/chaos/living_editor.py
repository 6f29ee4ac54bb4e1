"""A life of what edits playlists: it makes, takes back or takes up one edit, and ends with it."""

import asyncio
from datetime import timedelta
from typing import Any, Final

from musicrec.accounts.spotify_playlists import SpotifyPlaylists
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import EditId, EditState, PlaceKind
from musicrec.services.edit_runs import EditRuns
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.sources import SystemClock
from musicrec.storage import Database
from tests.musicrec.services.stepwise import StepwiseHome, edits_of, now
from tests.stand_ins.spotify.session import TokenSession

LEASE: Final = timedelta(seconds=0.5)
UNFINISHED: Final = (EditState.UNDER_WAY, EditState.UNDOING)


def spotify_home(address: str, token: str) -> SpotifyPlaylists:
    clock = SystemClock(now)
    return SpotifyPlaylists(TokenSession(address, token, clock), clock)


def editing(database: Database, address: str, token: str) -> tuple[PlaylistEdits, EditRuns]:
    """Wire what the bot wires, with homes of this machine."""
    return edits_of(
        database,
        {
            PlaceKind.HERE: lambda one: StepwiseHome(one, database, now),
            PlaceKind.SPOTIFY: lambda _: spotify_home(address, token),
        },
        lease=LEASE,
    )


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
    edits, runs = editing(database, job["address"], job["token"])
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
