"""Lives of the whole bot beside a stand-in of Discord."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.chaos.lives import Life, Lives
from tests.stand_ins.discord_front import DiscordFront

PATIENCE_S: Final = 200.0


@dataclass
class Bots:
    """One bot after the other, beside one Discord.

    Attributes:
        database: Address.
        folder: Where they run.
    """

    database: str
    folder: Path
    front: DiscordFront
    lives: Lives

    async def begin(self) -> Life:
        """Begin a life, which may end at once."""
        environment = {"DATABASE_URL": self.database, "DATA_DIR": "data"}
        job = {"folder": str(self.folder), "port": self.front.port}
        return await self.lives.begin(job | {"environment": environment})

    async def born(self) -> Life:
        """Begin a life, and wait until Discord knows the bot."""
        n_ready = self.front.n_ready
        life = await self.begin()
        await until(lambda: self.front.n_ready > n_ready, self.lives.log)
        return life

    @contextlib.asynccontextmanager
    async def living(self) -> AsyncGenerator[Life]:
        """Let a bot live that is told to stop at the end."""
        life = await self.born()
        try:
            yield life
        except BaseException:
            life.kill()
            await life.ended()
            raise
        life.end()
        assert await life.ended() == 0


async def until(condition: Callable[[], bool], log: Path) -> None:
    """Wait with patience; the log tells why it was in vain."""
    for _ in range(int(PATIENCE_S / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    said = await asyncio.to_thread(log.read_text)
    raise AssertionError(said[-4_000:])
