"""A program that makes or takes back an edit, a song a step, and prints every step."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import EditId, PlaceKind
from musicrec.services.edit_runs import EditRuns
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.storage import Database
from musicrec.workers import LocalWorkers
from tests.musicrec.services.playlist_town import one_step

LEASE = timedelta(seconds=2)
PAUSE_S = 0.3


def now() -> datetime:
    return datetime.now(UTC)


class SlowHome(HereHome):
    """Keeps lists here, but changes one place of a list a transaction."""

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        while True:
            current = await self.read(list_id)
            step = one_step(current, wanted(current))
            if step is None:
                return current
            await super().bring(list_id, lambda _, then=step: then)
            print("step", flush=True)  # noqa: T201 - the acknowledgement
            await asyncio.sleep(PAUSE_S)


def edits_of(
    database: Database, home: Callable[[ListenerId], HereHome]
) -> tuple[PlaylistEdits, EditRuns]:
    workers = LocalWorkers(1)
    places = PlaylistPlaces({PlaceKind.HERE: home}, workers, now)
    runs = EditRuns(database, places, now, lease=LEASE)
    return PlaylistEdits(database, workers, places, runs, now), runs


async def main(url: str, listener: str, edit: str, what: str) -> None:
    database = Database.open(url)
    edits, _ = edits_of(database, lambda one: SlowHome(one, database, now))
    decide = edits.make if what == "make" else edits.undo
    await decide(ListenerId(int(listener)), EditId(int(edit)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
