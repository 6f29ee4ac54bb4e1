"""What is due by the clock: ticks, and which process makes them."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from bot.schedule import _Schedule, ticking
from musicrec.domain.errors import StorageError
from musicrec.storage import Database
from tests.postgres import PostgresServer

QUICK = 0.02


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.fixture
async def url(server: PostgresServer | None, tmp_path: Path) -> str:
    if server is not None:
        return await server.new_database()
    return f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}"


class Counted:
    """Counts its calls; lets a test wait for them."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.n, self.fails = 0, fails
        self.came = asyncio.Event()

    async def __call__(self, at: datetime) -> None:
        assert at.tzinfo is not None
        self.n += 1
        self.came.set()
        if self.fails is not None:
            raise self.fails

    async def reaches(self, n: int) -> None:
        while self.n < n:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), 60)


def sqlite(tmp_path: Path) -> Database:
    return Database.open(f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}")


async def test_ticks_come_again_and_again_until_the_end(tmp_path: Path):
    tick = Counted()
    leadership = sqlite(tmp_path).leadership()
    async with ticking(leadership, [tick], every_s=QUICK, take_over_s=QUICK):
        await tick.reaches(5)
    n = tick.n
    await asyncio.sleep(5 * QUICK)
    assert tick.n == n


@pytest.mark.parametrize("error", [StorageError("Down."), RuntimeError("a bug")])
async def test_the_failure_of_one_hinders_no_other_and_is_logged(
    tmp_path: Path, error: Exception, caplog: pytest.LogCaptureFixture
):
    failing, tick = Counted(error), Counted()
    leadership = sqlite(tmp_path).leadership()
    async with ticking(leadership, [failing, tick], every_s=QUICK, take_over_s=QUICK):
        await tick.reaches(3)
    assert failing.n >= 3
    assert "due by the clock" in caplog.text


async def test_a_tick_that_takes_long_is_not_joined_by_a_second_one(tmp_path: Path):
    running, most = 0, 0
    tick = Counted()

    async def slow(at: datetime) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(4 * QUICK)
        running -= 1
        await tick(at)

    leadership = sqlite(tmp_path).leadership()
    async with ticking(leadership, [slow], every_s=QUICK, take_over_s=QUICK):
        await tick.reaches(3)
    assert most == 1


async def test_a_clock_that_is_set_back_stops_nothing(tmp_path: Path):
    tick = Counted()
    schedule = _Schedule(
        sqlite(tmp_path).leadership(), [tick], lambda: datetime.now(UTC), QUICK, QUICK
    )
    schedule.start()
    await tick.reaches(1)
    # What the jobs look like to a clock that was set back by a day.
    for job in schedule._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=1))
    await tick.reaches(tick.n + 3)
    await schedule.close()


async def test_one_of_two_ticks_and_the_other_takes_over_at_its_end(url: str):
    first, second = Counted(), Counted()
    database = Database.open(url)
    async with ticking(database.leadership(), [first], every_s=QUICK, take_over_s=QUICK):
        await first.reaches(1)
        other = ticking(database.leadership(), [second], every_s=QUICK, take_over_s=QUICK)
        await other.__aenter__()
        await first.reaches(first.n + 10)
        assert second.n == 0
    await second.reaches(1)
    await other.__aexit__(None, None, None)


class Timer:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def minutely(database: Database, tick: Counted, timer: Timer) -> _Schedule:
    return _Schedule(
        database.leadership(), [tick], lambda: datetime.now(UTC), 60.0, 5.0, timer=timer
    )


async def test_ticks_are_late_from_when_they_fail_until_one_succeeds(tmp_path: Path):
    tick, timer = Counted(StorageError("Down.")), Timer()
    schedule = minutely(sqlite(tmp_path), tick, timer)
    timer.s = 50.0
    assert schedule.lag_s() == 0.0  # the first one is not due yet
    timer.s = 90.0
    await schedule._tick()
    assert schedule.lag_s() == 30.0
    tick.fails = None
    await schedule._tick()
    assert schedule.lag_s() == 0.0


async def test_whoever_does_not_lead_is_not_late_while_somebody_else_leads(tmp_path: Path):
    leader, timer = sqlite(tmp_path).leadership(), Timer()
    assert await leader.holds()
    schedule = minutely(sqlite(tmp_path), Counted(), timer)
    timer.s = 1_000.0
    await schedule._look()
    assert schedule.lag_s() == 0.0
    await leader.close()


async def test_where_the_database_cannot_be_asked_everybody_is_late(tmp_path: Path):
    nowhere = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'musicrec.db'}")
    timer = Timer()
    schedule = minutely(nowhere, Counted(), timer)
    timer.s = 1_000.0
    await schedule._look()
    assert schedule.lag_s() == 940.0


async def test_ticking_tells_how_late_it_is(tmp_path: Path):
    tick = Counted()
    async with ticking(sqlite(tmp_path).leadership(), [tick]) as late_s:
        await tick.reaches(1)
        assert late_s() == 0.0


async def test_a_killed_leader_is_followed(url: str):
    async with process(url) as leader, process(url) as other:
        assert await said(leader) == "tick"
        for _ in range(5):
            assert await said(leader) == "tick"
        leader.kill()
        assert await said(other) == "tick"


async def test_a_leader_whose_connection_breaks_leads_no_longer(postgres_server: PostgresServer):
    url = await postgres_server.new_database()
    first, second = Database.open(url).leadership(), Database.open(url).leadership()
    assert await first.holds()
    assert await first.holds()
    assert not await second.holds()
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    await connection.close()
    assert not await first.holds()
    assert await second.holds()
    assert not await first.holds()
    await second.close()
    assert await first.holds()
    await first.close()


async def test_where_the_database_cannot_be_asked_nobody_leads(tmp_path: Path):
    nowhere = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'musicrec.db'}")
    with pytest.raises(StorageError):
        await nowhere.leadership().holds()


@asynccontextmanager
async def process(url: str) -> AsyncGenerator[Process]:
    program = [sys.executable, "-m", "tests.bot.ticking_process", url]
    started = await asyncio.create_subprocess_exec(*program, stdout=PIPE)
    try:
        assert await said(started) == "ready"
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def said(some: Process) -> str:
    assert some.stdout is not None
    return (await asyncio.wait_for(some.stdout.readline(), 60)).decode().strip()
