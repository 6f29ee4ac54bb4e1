"""Anna, who rates songs, beside a bot that lives through faults."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from musicrec.catalogue import open_catalogue
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.storage import Database
from tests.chaos.bots import Bots, until
from tests.chaos.lives import Life, Lives
from tests.stand_ins.discord_front import LISTENER, DiscordFront, discord_front

ANNA = ListenerId(int(LISTENER["id"] or 0))
_SONGS = count(100)


@dataclass
class Town:
    """Bots, Discord, and what Anna does.

    Attributes:
        life: The bot that lives now.
    """

    bots: Bots
    front: DiscordFront
    life: Life

    @property
    def log(self) -> Path:
        return self.bots.lives.log

    def song(self) -> TrackId:
        """Return a song that nobody has rated."""
        return open_catalogue(self.bots.folder / "data").track(next(_SONGS)).id

    async def likes(self, song: TrackId) -> str:
        return await self.front.press(f"label:v1:like:0:{song}")

    async def reads(self, number: str, words: str) -> None:
        """Wait until somebody reads some words in an answer."""
        await until(lambda: words in str(self.taken(number)), self.log)

    async def is_asked_on(self, number: str) -> None:
        """Wait until a press is answered with the next song."""
        await self.reads(number, "rate:v1:")

    def taken(self, number: str) -> list[object]:
        """Return what Discord took of what the bot sent to an interaction."""
        refused = [path for _, path in self.front.faults.refused]
        taken: list[object] = []
        for _, path, body in self.front.sent:
            if number not in path:
                continue
            if path in refused:
                refused.remove(path)
            else:
                taken.append(body)
        return taken

    async def stored(self, song: TrackId) -> list[str]:
        database = Database.open(self.bots.database)
        async with database.reading() as work:
            events = await work.labels.history(ANNA)
        await database.close()
        return [event.value.value for event in events if event.track_id == song]


@asynccontextmanager
async def living_town(lives: Lives, folder: Path, database: str) -> AsyncGenerator[Town]:
    """Let a bot live until the end of the block, and stop it then."""
    async with discord_front() as front:
        bots = Bots(database, folder, front, lives)
        async with bots.living() as life:
            yield Town(bots, front, life)
