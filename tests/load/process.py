"""The bot's own process under load, looked at from outside."""

import contextlib
import os
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bot.bot_process import BotProcess, bot_process

_TICK: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Bot(BotProcess):
    """A process of the bot that is looked at from outside."""

    def cpu_s(self) -> float:
        """Return the processor's time of the bot itself, without its workers, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory_mb(self) -> tuple[float, float]:
        """Return the resident memory of the bot itself and of all its workers together."""
        return _rss_mb(self.process.pid), sum(map(_rss_mb, _children_of(self.process.pid)))


@contextlib.asynccontextmanager
async def loaded_bot(
    folder: Path, port: int, *, url: str = "", workers: int = 1
) -> AsyncGenerator[Bot]:
    """Run the bot beside a stand-in for Discord, once it is well, until the context ends.

    Args:
        folder: Its data folder is below.
        port: The stand-in's.
        url: Of the database; empty for SQLite in the data folder.
        workers: Worker processes.
    """
    settings = {"DATABASE_URL": url, "WORKER_PROCESSES": str(workers)}
    async with bot_process(folder, port, **settings) as running:
        await running.until(running.is_well)
        yield Bot(running.process, running.health, running.log)


def _children_of(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            yield from map(int, (task / "children").read_text().split())


def _rss_mb(process: int) -> float:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return float(line.split()[1]) / 1e3
    return 0.0
