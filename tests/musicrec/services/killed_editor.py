"""A program that makes or takes back an edit, a song a step, and prints every step."""

import asyncio
import sys
from datetime import timedelta

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import EditId, PlaceKind
from musicrec.storage import Database
from tests.musicrec.services.stepwise import StepwiseHome, edits_of, now

LEASE = timedelta(seconds=2)
PAUSE_S = 0.3


class SlowHome(StepwiseHome):
    """Tells of every step, and rests before the next."""

    async def stepped(self) -> None:
        print("step", flush=True)  # noqa: T201 - the acknowledgement
        await asyncio.sleep(PAUSE_S)


async def main(url: str, listener: str, edit: str, what: str) -> None:
    database = Database.open(url)
    edits, _ = edits_of(
        database, {PlaceKind.HERE: lambda one: SlowHome(one, database, now)}, lease=LEASE
    )
    decide = edits.make if what == "make" else edits.undo
    await decide(ListenerId(int(listener)), EditId(int(edit)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
