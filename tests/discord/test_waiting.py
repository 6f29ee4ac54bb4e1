"""Who waits for a worker is told their place in line, and nobody fills the line alone."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import simcord

from cogs._waiting import place_text
from musicrec.domain.asker import Asker, asking
from musicrec.domain.errors import WorkerLostError
from musicrec.domain.timely_errors import OwnWorkWaitsError
from musicrec.services import Services
from musicrec.workers import Workers
from tests.discord.town import Town, words
from tests.musicrec import worker_jobs

_PATIENCE_S = 90
_YOUR_TURN = place_text(0)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not is_so():  # noqa: ASYNC110 - the bot sets no event when it has said something
            await asyncio.sleep(0.02)


@pytest.fixture
def workers(services: Services) -> Workers:
    return services.status._workers


@asynccontextmanager
async def busy(workers: Workers, gate: Path) -> AsyncGenerator[None]:
    """Keep the only worker busy until the file ``gate`` is there, at the latest after the block."""
    job = asyncio.create_task(workers.run(worker_jobs.wait_for, gate))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        gate.touch()  # noqa: ASYNC240 - an empty file, at once
        await asyncio.gather(job, return_exceptions=True)


@pytest.fixture
async def rated(town: Town) -> Town:
    await town.rate(town.alice, 24)
    await town.services.training.idle()
    return town


def told(town: Town, text: str) -> bool:
    """Whether something was written over a deferred answer."""
    return any(
        text in str(request.json)
        for request in town.env.http_requests
        if request.method == "PATCH" and request.path.endswith("/messages/@original")
    )


async def test_who_waits_is_told_the_place_and_then_gets_the_answer(
    rated: Town, workers: Workers, tmp_path: Path
):
    gate, ahead_gate = tmp_path / "gate", tmp_path / "ahead"
    async with busy(workers, gate), busy(workers, ahead_gate):
        asked = asyncio.create_task(rated.alice.slash(rated.channel, "train"))
        await until(lambda: told(rated, place_text(2)))
        gate.touch()
        await until(lambda: told(rated, place_text(1)))
        ahead_gate.touch()
        result = await asked
    assert told(rated, _YOUR_TURN)
    assert "Learned from 24 ratings" in words(result.response)
    assert "worker" not in words(result.response)


async def test_a_failure_takes_the_place_away(rated: Town, workers: Workers, tmp_path: Path):
    process_id = await workers.run(worker_jobs.process_id)
    gate = tmp_path / "gate"
    async with busy(workers, gate):
        asked = asyncio.create_task(rated.alice.slash(rated.channel, "train"))
        await until(lambda: told(rated, place_text(1)))
        gate.touch()
        await until(lambda: told(rated, _YOUR_TURN))
        os.kill(process_id, signal.SIGKILL)
        result = await asked
    simcord.assert_error(rated.env, WorkerLostError)
    shown = [each for each in (result.response, *result.followups) if each is not None]
    assert "I was interrupted while I worked" in words(shown[-1])
    assert any(
        request.method == "DELETE" and request.path.endswith("/messages/@original")
        for request in rated.env.http_requests
    )


async def test_who_need_not_wait_is_told_nothing(rated: Town):
    result = await rated.alice.slash(rated.channel, "recommend")
    assert not told(rated, "worker")
    assert words(result.response)


async def test_nobody_has_more_than_two_things_in_line(
    rated: Town, workers: Workers, tmp_path: Path
):
    async with busy(workers, tmp_path / "gate"):
        waiting: list[asyncio.Task[None]] = []
        for _ in range(2):
            asking.set(Asker(rated.alice.id))
            waiting.append(
                asyncio.create_task(workers.run(worker_jobs.wait_for, tmp_path / "gate"))
            )
            await asyncio.sleep(0)
        refused = await rated.alice.slash(rated.channel, "train")
        assert "You have 2 things in line already" in words(refused.response)
        simcord.assert_error(rated.env, OwnWorkWaitsError)
    await asyncio.gather(*waiting)
