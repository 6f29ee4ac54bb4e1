"""A worker of a whole bot dies, or may use no more memory: one sentence, and the next job works."""

import contextlib
import os
import resource
import signal
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from musicrec.catalogue import open_catalogue
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.storage import Database, sqlite_url, upgrade
from tests.chaos.bots import until
from tests.chaos.lives import Lives
from tests.chaos.town import ANNA, Town, living_town

pytestmark = pytest.mark.asyncio(loop_scope="session")

N_LABELS = 60
DIED = "I was interrupted while I worked. Please try again."
FAILED = "Something went wrong on my side"
PLACES = ("you are next", "It is your turn")
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="session")
async def town(bot_lives: Lives, tmp_path: Path) -> AsyncGenerator[Town]:
    await give_labels(tmp_path / "data")
    async with living_town(bot_lives, tmp_path, sqlite_url(tmp_path / "data")) as town:
        yield town


async def give_labels(data: Path) -> None:
    tracks = open_catalogue(data).tracks(range(N_LABELS))
    await upgrade(sqlite_url(data))
    database = Database.open(sqlite_url(data))
    async with database.writing() as work:
        await work.listeners.lock(ANNA, START)
        for number, track in enumerate(tracks):
            value = LabelValue.LIKE if number % 3 else LabelValue.DISLIKE
            at = START + timedelta(minutes=number)
            await work.labels.append(LabelEvent(ANNA, track.id, value, at, LabelSource.IMPORT))
    await database.close()


def workers_of(bot: int) -> Iterator[int]:
    """Find the processes that work for a bot."""
    for number in Path(f"/proc/{bot}/task/{bot}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it died meanwhile
            if b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes():
                yield int(number)


def kill(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)


def starve(worker: int) -> None:
    resource.prlimit(worker, resource.RLIMIT_AS, (1, resource.RLIM_INFINITY))


def feed(worker: int) -> None:
    resource.prlimit(worker, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.mark.parametrize("fault", [kill, starve])
async def test_a_training_ends_in_one_sentence_and_the_next_one_works(
    town: Town, fault: Callable[[int], None]
):
    number = await town.front.command("train")
    bot = town.life.number

    def has_failed() -> bool:
        said = str(town.taken(number))
        if DIED in said or FAILED in said:
            return True
        for worker in workers_of(bot):
            with contextlib.suppress(ProcessLookupError):
                fault(worker)
        return False

    await until(has_failed, town.log)
    sign, *places, sentence = map(str, town.taken(number))
    assert "'type': 5" in sign
    assert DIED in sentence or FAILED in sentence
    # A replaced worker imports first: who waits for that is told so, and then it goes away.
    assert all(any(words in told for words in PLACES) for told in places[:-1]), places
    assert not places or "content" not in places[-1], places
    for worker in workers_of(bot):
        feed(worker)
    await town.reads(await town.front.command("train"), "guess right")
