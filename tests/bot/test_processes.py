"""Two processes on one PostgreSQL, each with a shard, and what becomes of presses at a restart."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from musicrec.catalogue import open_catalogue
from musicrec.domain.track import Track
from musicrec.storage import Database
from tests.bot.bot_process import BotProcess, bot_process
from tests.bot.test_running import ANNA
from tests.postgres import PostgresServer
from tests.stand_ins.discord_front import DiscordFront, discord_front

OTHER_SERVER = 1 << 22
"""A server of shard 1 of 2; direct messages are of shard 0."""
PATIENCE_S = 90
AT_ONCE = 3
"""Presses that are not answered yet: more would only wait on a slow machine."""


@dataclass
class Host:
    """Where processes are started, which all share one database and one Discord."""

    folder: Path
    url: str
    front: DiscordFront
    stack: contextlib.AsyncExitStack
    numbers: Iterator[int] = field(default_factory=count)

    async def start(self, shard_ids: str, shards: str = "2") -> BotProcess:
        settings = {"DATABASE_URL": self.url, "SHARDS": shards, "SHARD_IDS": shard_ids}
        log = f"log-{next(self.numbers)}.txt"
        running = bot_process(self.folder, self.front.port, log=log, **settings)
        return await self.stack.enter_async_context(running)

    async def stored(self) -> Counter[str]:
        """Count the events of Anna by the interaction that caused them."""
        database = Database.open(self.url)
        async with database.reading() as work:
            keys = [event.event_key for event in await work.labels.history(ANNA)]
        await database.close()
        return Counter(key.rsplit(":", 1)[-1] for key in keys if key)

    def said(self, number: str) -> str:
        """Return what the bot answered to an interaction, and what was logged, to see why."""
        logs = (log.read_text() for log in sorted(self.folder.glob("log-*.txt")))
        return str([self.front.answers(number), *logs])

    def answered(self) -> Counter[str]:
        """Count the first answers to each interaction."""
        paths = (path for _, path, _ in self.front.sent if path.endswith("/callback"))
        return Counter(path.split("/")[2] for path in paths)


@pytest.fixture
async def host(tmp_path: Path, postgres_server: PostgresServer) -> AsyncIterator[Host]:
    async with discord_front() as front, contextlib.AsyncExitStack() as stack:
        yield Host(tmp_path, await postgres_server.new_database(), front, stack)


async def eventually(condition: Callable[[], bool]) -> None:
    async def really() -> bool:
        return condition()

    await eventually_so(really)


async def eventually_so(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():  # noqa: ASYNC110 - other processes make it true
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def trickling(host: Host, tracks: list[Track]) -> AsyncGenerator[list[str]]:
    """Press buttons without end, on both shards in turn; yield what was pressed."""
    pressed: list[str] = []

    async def go_on() -> None:
        for number, track in enumerate(tracks):
            await eventually(lambda: len({*pressed} - {*host.answered()}) < AT_ONCE)
            where = OTHER_SERVER if number % 2 else None
            pressed.append(await host.front.press(f"label:v1:like:0:{track.id}", where))
            await asyncio.sleep(0.1)

    task = asyncio.create_task(go_on())
    try:
        yield pressed
    finally:
        assert not task.done(), task.exception() or "There were too few songs to press for."
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.timeout(900)  # four starts, perhaps beside many other programs
async def test_processes_that_are_replaced_one_after_the_other_answer_every_press_once(host: Host):
    tracks = list(open_catalogue(host.folder / "data").tracks(range(2_000)))

    running = [await host.start("0"), await host.start("1")]
    await eventually(lambda: host.front.shards == {(0, 2), (1, 2)})
    await eventually(lambda: all(one.says("Connected as") for one in running))
    published = [path for _, path, _ in host.front.sent if path.endswith("/commands")]
    assert len(published) == 1  # by the process of shard 0 alone
    async with trickling(host, tracks) as pressed:
        for old, shard_id in zip(running, "01", strict=True):
            new = await host.start(shard_id)
            await eventually(lambda new=new: new.says("Ready, and waiting"))
            assert await old.stop() == 0
            assert "Handing shard" in old.log.read_text()
            await eventually(lambda new=new: new.says("Connected as"))
            n_before = len(pressed)
            await eventually(lambda n=n_before: len(pressed) >= n + 8)
    assert host.front.unheard == []
    await eventually(lambda: {*pressed} <= {*host.answered()})

    async def are_stored() -> bool:
        return {*pressed} <= {*await host.stored()}

    with contextlib.suppress(TimeoutError):
        await eventually_so(are_stored)
    assert {number: host.said(number) for number in {*pressed} - {*await host.stored()}} == {}
    assert await host.stored() == Counter(pressed)
    assert {number: n for number, n in host.answered().items() if n > 1} == {}


@pytest.mark.timeout(600)
async def test_a_process_that_finds_its_shards_taken_waits_and_serves_when_they_are_free(
    host: Host,
):
    first = await host.start("0-1")
    await eventually(lambda: host.front.shards == {(0, 2), (1, 2)})
    second = await host.start("1")
    await eventually(lambda: second.says("Ready, and waiting"))
    first.process.kill()
    await eventually(lambda: second.says("Connected as"))
    assert (1, 2) in host.front.shards
