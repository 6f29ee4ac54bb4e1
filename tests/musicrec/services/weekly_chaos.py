"""Two processes deliver weekly lists over virtual months while they are killed again and again.

`python -m tests.musicrec.services.weekly_chaos` does it at length and writes its figures.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from bisect import bisect
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from musicrec.domain.ids import ListenerId
from musicrec.domain.week import Week, WeekState
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.services.weekly import WeeklyService
from musicrec.storage import Database, upgrade
from tests.musicrec.services.killed_weeks import content_of
from tests.musicrec.services.weekly_town import TinyComposer
from tests.postgres import running_server
from tests.stand_ins.messages import Kill, MessageServer

ZONES: Final = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Africa/Cairo",
)
_MINUTE, _STEP = timedelta(minutes=1), timedelta(minutes=30)
_PATIENCE: Final = timedelta(hours=24)
"""Time stands nearly still while a list is later than that: after three days it is skipped."""


@dataclass(frozen=True)
class Scale:
    """How much chaos: listeners, kills, and virtual time."""

    n_listeners: int
    n_kills: int
    start: datetime
    end: datetime
    seed: int = 1


@dataclass(frozen=True)
class Figures:
    """What came of it."""

    database: str
    listeners: int
    zones: int
    start: str
    end: str
    due: int
    kills: int
    lost: int
    duplicated: int
    not_as_stored: int
    requests: int
    deduplicated_by_nonce: int
    most_attempts: int
    seconds: float


class VirtualClock:
    """A time in a file, which always goes forward."""

    def __init__(self, path: Path, at: datetime) -> None:
        self.path = path
        self._at = at
        self.set(at)

    def __call__(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at
        draft = self.path.with_suffix(".draft")
        draft.write_text(at.isoformat())
        draft.replace(self.path)


async def chaos(url: str, folder: Path, scale: Scale) -> Figures:
    """Let it happen, and count.

    Args:
        url: Of an empty database with all tables.
        folder: For the clock.
        scale: How much.
    """
    begun = time.monotonic()
    chance = random.Random(scale.seed)  # noqa: S311 - not for secrets
    plans = [_plan(number, chance, scale) for number in range(scale.n_listeners)]
    due = {plan.listener_id: _due(plan, scale.start, scale.end) for plan in plans}
    clock = VirtualClock(folder / "clock", scale.start)
    database = Database.open(url)
    weekly = WeeklyService(database, TinyComposer())
    for plan in plans:
        await weekly.turn_on(plan, at=scale.start)
    n_due = sum(map(len, due.values()))
    server = MessageServer(clock, _kills(chance, scale.n_kills, n_due))
    async with server.serving() as address, _two_processes([url, str(clock.path), address]):
        await _pass(clock, server, due, scale.end)
        await _settle(clock, database, plans, scale.end)
    figures = await _counted(database, server, plans, scale, time.monotonic() - begun)
    await database.close()
    return figures


def _plan(number: int, chance: random.Random, scale: Scale) -> WeeklyPlan:
    # Some want their list when clocks change: on a Sunday at half past one, two or three.
    weekday, hour = (6, chance.choice([1, 2, 3])) if number % 3 == 0 else (number % 7, number % 24)
    in_channel = number % 4 == 0
    return WeeklyPlan(
        ListenerId(1_000 + number),
        weekday,
        60 * hour + 30,
        ZONES[number % len(ZONES)],
        PlaceOfWeek.CHANNEL if in_channel else PlaceOfWeek.DM,
        scale.start,
        channel_id=10 + number % 5 if in_channel else None,
    )


def _due(plan: WeeklyPlan, start: datetime, end: datetime) -> dict[date, datetime]:
    """Return when each list is due, worked out without the code that is tested."""
    zone, day, found = ZoneInfo(plan.zone), start.date(), dict[date, datetime]()
    while day <= end.date() + timedelta(days=1):
        local = datetime(day.year, day.month, day.day, *divmod(plan.minute, 60), tzinfo=zone)
        if day.weekday() == plan.weekday and start < local.astimezone(UTC) <= end:
            found[day] = local.astimezone(UTC)
        day += timedelta(days=1)
    return found


def _dates(plans: Sequence[WeeklyPlan], start: datetime, end: datetime) -> set[tuple[int, str]]:
    """Return whose lists of which dates are due."""
    return {(plan.listener_id, day.isoformat()) for plan in plans for day in _due(plan, start, end)}


def _kills(chance: random.Random, n_kills: int, n_due: int) -> dict[int, Kill]:
    """Draw at which requests to kill and when."""
    moments = (
        lambda: Kill(before_kept=True),
        lambda: Kill(before_reply=True),
        lambda: Kill(after_s=chance.uniform(0, 0.005)),
        lambda: Kill(after_s=chance.uniform(0, 0.1)),
        lambda: Kill(after_s=chance.uniform(0, 1)),
    )
    return {number: chance.choice(moments)() for number in chance.sample(range(n_due), n_kills)}


async def _pass(
    clock: VirtualClock,
    server: MessageServer,
    due: dict[ListenerId, dict[date, datetime]],
    end: datetime,
) -> None:
    """Let time pass until everything was due and had a day more to arrive."""
    times = sorted(at for dates in due.values() for at in dates.values())
    while clock() < end + _PATIENCE:
        n_owed = bisect(times, clock() - _PATIENCE / 2)
        is_behind = len(server.messages) < n_owed
        clock.set(clock() + (_MINUTE if is_behind else _STEP))
        await asyncio.sleep(0.02)


async def _settle(
    clock: VirtualClock, database: Database, plans: Sequence[WeeklyPlan], end: datetime
) -> None:
    """Let those who work on the last lists finish, for a day at most."""
    while clock() < end + 2 * _PATIENCE - _STEP:
        weeks = await _stored(database, plans, end)
        if all(week.state is WeekState.SENT for week in weeks):
            break
        clock.set(clock() + 10 * _MINUTE)
        await asyncio.sleep(0.3)


async def _stored(database: Database, plans: Sequence[WeeklyPlan], end: datetime) -> list[Week]:
    """Return the ledger's weeks that were due until the end."""
    async with database.reading() as uow:
        weeks = [week for plan in plans for week in await uow.weeks.list_all(plan.listener_id)]
    return [week for week in weeks if week.due_at <= end]


@asynccontextmanager
async def _two_processes(arguments: Sequence[str]) -> AsyncGenerator[None]:
    """Keep two processes running, however often they are killed."""
    supervisor = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "tests.musicrec.services.killed_weeks", *arguments],
        stdin=asyncio.subprocess.PIPE,
    )
    try:
        yield
    finally:
        assert supervisor.stdin is not None
        supervisor.stdin.close()
        code = await supervisor.wait()
    assert code == 0, "a process ended by itself"


async def _counted(
    database: Database,
    server: MessageServer,
    plans: Sequence[WeeklyPlan],
    scale: Scale,
    seconds: float,
) -> Figures:
    said = [json.loads(message.content) for message in server.messages]
    got = Counter((one["listener"], one["date"]) for one in said)
    wanted = _dates(plans, scale.start, scale.end)
    # Time goes on for a while after the end, so that all can arrive; what comes then may come.
    unexpected = got.keys() - _dates(plans, scale.start, scale.end + 2 * _PATIENCE)
    contents = {message.content for message in server.messages}
    weeks = await _stored(database, plans, scale.end)
    sound = [
        week for week in weeks if week.state is WeekState.SENT and content_of(week) in contents
    ]
    return Figures(
        database=database.dialect,
        listeners=scale.n_listeners,
        zones=len(ZONES),
        start=scale.start.isoformat(),
        end=scale.end.isoformat(),
        due=len(wanted),
        kills=len(server.killed),
        lost=len(wanted - got.keys()),
        duplicated=sum(got.values()) - len(got) + len(unexpected),
        not_as_stored=len(weeks) - len(sound),
        requests=server.n_posts,
        deduplicated_by_nonce=server.n_deduplicated,
        most_attempts=max(week.attempts for week in weeks),
        seconds=round(seconds, 1),
    )


LONG: Final = Scale(
    n_listeners=300,
    n_kills=200,
    start=datetime(2026, 10, 12, tzinfo=UTC),
    end=datetime(2027, 4, 19, tzinfo=UTC),
)
"""From before the clocks go back in Europe until after they go forward in America and Europe, and
the other way round in Australia."""


async def main(target: str) -> None:
    """Do it at length on both databases."""
    found: list[Figures] = []
    with tempfile.TemporaryDirectory() as name, running_server() as postgres:
        await postgres.create_template()
        sqlite = f"sqlite+aiosqlite:///{Path(name) / 'musicrec.db'}"
        await upgrade(sqlite)
        for url in (sqlite, await postgres.new_database()):
            found.append(await chaos(url, Path(name), LONG))
            print(asdict(found[-1]), flush=True)  # noqa: T201 - what it is run for
    await asyncio.to_thread(_write, Path(target), found)
    if any(one.lost or one.duplicated or one.not_as_stored for one in found):
        sys.exit("Lists were lost, doubled, or sent otherwise than they are stored.")


def _write(path: Path, found: Sequence[Figures]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
