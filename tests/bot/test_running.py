"""The whole process beside a stand-in for Discord: what it tells of itself, and how it stops."""

import contextlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from musicrec.catalogue import open_catalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.storage import Database, sqlite_url, upgrade
from tests.bot.bot_process import TOKEN, BotProcess, bot_process
from tests.stand_ins.discord_front import LISTENER, DiscordFront, discord_front

ANNA = ListenerId(int(LISTENER["id"] or 0))
MANY = 2_000
"""Labels whose training takes longer than a stopping bot waits."""


@contextlib.asynccontextmanager
async def running_bot(folder: Path) -> AsyncGenerator[tuple[BotProcess, DiscordFront]]:
    async with discord_front() as front, bot_process(folder, front.port) as bot:
        await bot.until(bot.is_well)
        yield bot, front


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
    async with running_bot(tmp_path) as (bot, front):
        number = await front.command("status")

        async def is_counted() -> bool:
            done = 'musicrec_interactions_total{kind="command",name="status",outcome="done"}'
            return done in await bot.figures()

        await bot.until(bot.is_warm)
        await bot.until(is_counted)
        assert front.answers(number)
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

        await front.hang_up()
        await bot.until(bot.is_well)  # it resumed by itself
        assert front.n_connected == 1

        assert await bot.stop() == 0
    assert TOKEN not in bot.log.read_text()


async def test_stopped_in_the_middle_of_a_training_it_says_so_and_loses_nothing(tmp_path: Path):
    await give_labels(tmp_path, MANY)
    async with running_bot(tmp_path) as (bot, front):
        await bot.until(bot.is_warm)  # or the training waits in line, and its place is told
        number = await front.command("train")

        async def is_under_way() -> bool:
            figures = await bot.figures()
            return figures["musicrec_jobs_running"] == 1.0 and len(front.answers(number)) > 0

        await bot.until(is_under_way)
        assert await bot.stop() == 0
        deferred, *_, answer = front.answers(number)
        assert deferred["type"] == 5
        assert "I am being restarted" in str(answer)
        assert front.n_connected == 0
    assert await counts(tmp_path) == (MANY, 0)
    assert "Traceback" not in bot.log.read_text()


async def test_stopped_in_a_storm_of_presses_it_has_stored_every_one_that_it_acknowledged(
    tmp_path: Path,
):
    await give_labels(tmp_path, 1)
    tracks = open_catalogue(tmp_path / "data").tracks(range(100, 140))
    async with running_bot(tmp_path) as (bot, front):
        pressed = [await front.press(f"label:v1:like:0:{track.id}") for track in tracks]

        async def has_begun() -> bool:
            return any(front.answers(number) for number in pressed)

        await bot.until(has_begun)
        assert await bot.stop() == 0
        acknowledged = {
            number
            for number in pressed
            if any(
                isinstance(said, dict) and said["type"] in {4, 5} for said in front.answers(number)
            )
        }
    stored = await stored_keys(tmp_path)
    assert acknowledged
    assert {key for key in stored if key.rsplit(":", 1)[-1] in acknowledged} == {
        f"interaction:{number}" for number in acknowledged
    }
    assert len(stored) == len(set(stored)) <= len(pressed)
