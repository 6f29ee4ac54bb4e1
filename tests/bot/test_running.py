"""The whole process beside a stand-in for Discord: what it tells of itself, and how it stops."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from musicrec.catalogue import open_catalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.storage import Database, sqlite_url, upgrade
from tests.stand_ins.discord_front import LISTENER, DiscordFront, discord_front

ROOT = Path(__file__).parents[2]
ANNA = ListenerId(int(LISTENER["id"] or 0))
MANY = 2_000
"""Labels whose training takes longer than a stopping bot waits."""
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up


@dataclass
class Running:
    """The process, Discord, and where it tells of its health."""

    process: asyncio.subprocess.Process
    front: DiscordFront
    health: str
    log: Path

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.health + path) as answer:
            return answer.status, await answer.text()

    async def is_well(self) -> bool:
        try:
            return (await self.get("/healthz"))[0] == 200
        except aiohttp.ClientError:
            return False

    async def figures(self) -> dict[str, float]:
        lines = (await self.get("/metrics"))[1].splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}


@contextlib.asynccontextmanager
async def running_bot(folder: Path) -> AsyncGenerator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log.txt"
    async with discord_front() as front:
        with log.open("w") as lines:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(ROOT / "tests/bot/online_process.py"), str(front.port)),
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(ROOT),
                    "HOME": str(folder),
                    "DISCORD_TOKEN": TOKEN,
                    "HEALTH_PORT": str(port),
                    "WORKER_PROCESSES": "1",
                },
                stderr=lines,
            )
        bot = Running(process, front, f"http://127.0.0.1:{port}", log)
        try:
            await eventually(bot.is_well, bot)
            yield bot
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def eventually(condition: Callable[[], Awaitable[bool]], bot: Running) -> None:
    async with asyncio.timeout(200):
        while not await condition():
            assert bot.process.returncode is None, bot.log.read_text()
            await asyncio.sleep(0.1)


async def give_labels(folder: Path, n_labels: int) -> None:
    data = folder / "data"
    tracks = open_catalogue(data).tracks(range(n_labels))
    await upgrade(sqlite_url(data))
    database = Database.open(sqlite_url(data))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    async with database.writing() as work:
        await work.listeners.lock(ANNA, start)
        for number, track in enumerate(tracks):
            value = LabelValue.LIKE if number % 3 else LabelValue.DISLIKE
            at = start + timedelta(minutes=number)
            await work.labels.append(LabelEvent(ANNA, track.id, value, at, LabelSource.IMPORT))
    await database.close()


async def stored_keys(folder: Path) -> list[str]:
    database = Database.open(sqlite_url(folder / "data"))
    async with database.reading() as work:
        keys = [event.event_key for event in await work.labels.history(ANNA)]
    await database.close()
    return [key for key in keys if key]


async def counts(folder: Path) -> tuple[int, int]:
    database = Database.open(sqlite_url(folder / "data"))
    async with database.reading() as work:
        counted = await work.personal.counts(ANNA)
    await database.close()
    return counted["label_events"], counted["models"]


async def test_it_tells_how_it_is_doing_and_counts_what_it_did(tmp_path: Path):
    async with running_bot(tmp_path) as bot:
        number = await bot.front.command("status")

        async def is_counted() -> bool:
            return {
                'musicrec_interactions_total{kind="command",name="status",outcome="done"}',
                'musicrec_jobs_total{job="warm_up",outcome="done"}',
            } <= (await bot.figures()).keys()

        await eventually(is_counted, bot)
        assert bot.front.answers(number)
        figures = await bot.figures()
        assert figures["musicrec_up"] == figures["musicrec_gateway_up"] == 1.0
        assert figures["musicrec_gateway_latency_seconds"] >= 0.0
        assert figures["musicrec_schedule_lag_seconds"] == 0.0
        assert '"schedule": {"ok": true, "lag_s": 0.0}' in (await bot.get("/healthz"))[1]
        assert figures["musicrec_event_loop_lag_seconds_count"] > 0
        assert figures["process_resident_memory_bytes"] > 0
        _, text = await bot.get("/metrics")
        assert str(ANNA) not in text.replace(bot.health, "")  # nobody's id
        status, _ = await bot.get("/anything-else")
        assert status == 404

        await bot.front.hang_up()
        await eventually(bot.is_well, bot)  # it resumed by itself
        assert bot.front.n_connected == 1

        bot.process.send_signal(signal.SIGTERM)
        assert await bot.process.wait() == 0
    assert TOKEN not in bot.log.read_text()


async def test_stopped_in_the_middle_of_a_training_it_says_so_and_loses_nothing(tmp_path: Path):
    await give_labels(tmp_path, MANY)
    async with running_bot(tmp_path) as bot:
        number = await bot.front.command("train")

        async def is_under_way() -> bool:
            figures = await bot.figures()
            return figures["musicrec_jobs_running"] == 1.0 and len(bot.front.answers(number)) == 1

        await eventually(is_under_way, bot)
        bot.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await bot.process.wait() == 0
        deferred, *_, answer = bot.front.answers(number)
        assert deferred["type"] == 5
        assert "I am being restarted" in str(answer)
        assert bot.front.n_connected == 0
    assert await counts(tmp_path) == (MANY, 0)
    assert "Traceback" not in bot.log.read_text()


async def test_stopped_in_a_storm_of_presses_it_has_stored_every_one_that_it_acknowledged(
    tmp_path: Path,
):
    await give_labels(tmp_path, 1)
    tracks = open_catalogue(tmp_path / "data").tracks(range(100, 140))
    async with running_bot(tmp_path) as bot:
        pressed = [await bot.front.press(f"label:v1:like:0:{track.id}") for track in tracks]

        async def has_begun() -> bool:
            return any(bot.front.answers(number) for number in pressed)

        await eventually(has_begun, bot)
        bot.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await bot.process.wait() == 0
        acknowledged = {
            number
            for number in pressed
            if any(
                isinstance(said, dict) and said["type"] in {4, 5}
                for said in bot.front.answers(number)
            )
        }
    stored = await stored_keys(tmp_path)
    assert acknowledged
    assert {key for key in stored if key.rsplit(":", 1)[-1] in acknowledged} == {
        f"interaction:{number}" for number in acknowledged
    }
    assert len(stored) == len(set(stored)) <= len(pressed)
