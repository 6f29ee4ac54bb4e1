"""The bot's own process under load: started, asked how it is doing, looked at from outside."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

ROOT: Final = Path(__file__).parents[2]
_TOKEN: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up
_START_S: Final = 200.0
_TICK: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Bot:
    """A process of the bot.

    Attributes:
        process: Its own; workers are its children.
        health: Where it tells of itself.
        log: What it said.
    """

    process: asyncio.subprocess.Process
    health: str
    log: Path

    async def figures(self) -> dict[str, float]:
        """Return what it tells Prometheus, by name with labels."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.health}/metrics") as answer,
        ):
            lines = (await answer.text()).splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    async def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()

    def cpu_s(self) -> float:
        """Return the processor's time of the bot itself, without its workers, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory_mb(self) -> tuple[float, float]:
        """Return the resident memory of the bot itself and of all its workers together."""
        return _rss_mb(self.process.pid), sum(map(_rss_mb, _children_of(self.process.pid)))


@contextlib.asynccontextmanager
async def bot_process(
    folder: Path, port: int, *, url: str = "", workers: int = 1
) -> AsyncGenerator[Bot]:
    """Run the bot beside a stand-in for Discord, until it is well, and until the context ends.

    Args:
        folder: Its data folder is below.
        port: The stand-in's.
        url: Of the database; empty for SQLite in the data folder.
        workers: Worker processes.
    """
    health_port = _free_port()
    log = folder / "log.txt"
    with log.open("w") as lines:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "tests/bot/online_process.py"), str(port)),
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "HOME": str(folder),
                "DISCORD_TOKEN": _TOKEN,
                "HEALTH_PORT": str(health_port),
                "WORKER_PROCESSES": str(workers),
                "DATABASE_URL": url,
            },
            stderr=lines,
        )
    bot = Bot(process, f"http://127.0.0.1:{health_port}", log)
    try:
        await _until_well(bot)
        yield bot
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _until_well(bot: Bot) -> None:
    async with asyncio.timeout(_START_S):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                if (await bot.figures())["musicrec_up"] == 1.0:
                    return
            if bot.process.returncode is not None:
                raise RuntimeError(bot.log.read_text())
            await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
