"""The bot in a process of its own, beside a stand-in for Discord."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

ROOT: Final = Path(__file__).parents[2]
TOKEN: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up
_PATIENCE_S: Final = 200.0


@dataclass(frozen=True)
class BotProcess:
    """A bot that runs.

    Attributes:
        process: Its own; workers are its children.
        health: Where it tells of itself.
        log: What it said.
    """

    process: asyncio.subprocess.Process
    health: str
    log: Path

    async def get(self, path: str) -> tuple[int, str]:
        """Ask it how it is doing; return status and text."""
        async with aiohttp.ClientSession() as session, session.get(self.health + path) as answer:
            return answer.status, await answer.text()

    async def is_well(self) -> bool:
        try:
            return (await self.get("/healthz"))[0] == 200
        except aiohttp.ClientError:
            return False

    async def is_warm(self) -> bool:
        """Tell whether its worker is ready, and no work of the start is before a listener's."""
        return 'musicrec_jobs_total{job="warm_up",outcome="done"}' in await self.figures()

    async def figures(self) -> dict[str, float]:
        """Return what it tells Prometheus, by name with labels."""
        lines = (await self.get("/metrics"))[1].splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def says(self, words: str) -> bool:
        """Tell whether it logged something, unless it ended."""
        assert self.process.returncode is None, self.log.read_text()
        return words in self.log.read_text()

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something while it runs."""
        async with asyncio.timeout(_PATIENCE_S):
            while not await condition():
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.1)

    async def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_PATIENCE_S):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def bot_process(
    folder: Path, port: int, *, log: str = "log.txt", **settings: str
) -> AsyncGenerator[BotProcess]:
    """Run the bot until the context ends; then it is killed, unless it ended.

    Args:
        folder: Its data folder is below.
        port: The stand-in's.
        log: Name of a file in the folder.
        settings: Beside the token; one worker if nothing else is said.
    """
    health_port = _free_port()
    with (folder / log).open("w") as lines:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "tests/bot/online_process.py"), str(port)),
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "HOME": str(folder),
                "DISCORD_TOKEN": TOKEN,
                "HEALTH_PORT": str(health_port),
                "WORKER_PROCESSES": "1",
                **settings,
            },
            stderr=lines,
        )
    try:
        yield BotProcess(process, f"http://127.0.0.1:{health_port}", folder / log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
