"""What is due by the clock: once a minute, in one process of all that share a database."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from musicrec.domain.errors import MusicRecError
from musicrec.storage import Leadership

EVERY_S: Final = 60.0
"""Between ticks of the process that leads."""
TAKE_OVER_S: Final = 5.0
"""Between looks of the others whether it died."""

Tick: TypeAlias = Callable[[datetime], Awaitable[object]]
ScheduleLag: TypeAlias = Callable[[], float]
"""Tells by how many seconds ticks are late: of this process if it leads, else 0 while one does."""

_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def ticking(
    leadership: Leadership,
    ticks: Sequence[Tick],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    every_s: float = EVERY_S,
    take_over_s: float = TAKE_OVER_S,
) -> AsyncGenerator[ScheduleLag]:
    """Call ``ticks`` every minute inside the block, while this process is the one that leads.

    What they have to do stands in the database: a tick that is missed, late or doubled does no
    harm, and the process may end at any time.

    Args:
        leadership: The right to tick; another process takes over within ``take_over_s`` seconds
            of this one's end.
        ticks: Called in turn with aware UTC; the failure of one is logged and hinders no other.
        clock: Tells them aware UTC.
        every_s: Seconds between ticks; one that takes longer is followed by the next one in time.
        take_over_s: Seconds between looks whether this process leads.

    Yields:
        Tells how late the ticks are.
    """
    schedule = _Schedule(leadership, ticks, clock, every_s, take_over_s)
    schedule.start()
    try:
        yield schedule.lag_s
    finally:
        await schedule.close()


class _Schedule:
    """Two jobs without a store: look whether this process leads, and tick if it does.

    The jobs only begin tasks, which are this class's own: APScheduler would log the cancellation
    of a job as its failure.
    """

    def __init__(
        self,
        leadership: Leadership,
        ticks: Sequence[Tick],
        clock: Callable[[], datetime],
        every_s: float,
        take_over_s: float,
        *,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._leadership = leadership
        self._ticks = ticks
        self._clock = clock
        self._every_s = every_s
        self._take_over_s = take_over_s
        self._leads = False
        self._timer = timer
        self._well_at = timer()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        for name, job, seconds in (
            ("look", self._look_soon, self._take_over_s),
            ("tick", self._tick_soon, self._every_s),
        ):
            self._scheduler.add_job(
                job,
                "interval",
                seconds=seconds,
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()
        self._begin("watch", self._watch())

    def lag_s(self) -> float:
        """Tell by how many seconds the tick is late after which nothing was left to do."""
        return max(0.0, self._timer() - self._well_at - self._every_s)

    async def close(self) -> None:
        self._scheduler.shutdown(wait=False)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._leadership.close()

    async def _look_soon(self) -> None:
        self._begin("look", self._look())

    async def _tick_soon(self) -> None:
        if self._leads:
            self._begin("tick", self._tick())

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Begin some work unless it is under way."""
        task = self._tasks.get(name)
        if task is not None and not task.done():
            work.close()
            return
        self._tasks[name] = asyncio.create_task(work, name=f"schedule: {name}")

    async def _look(self) -> None:
        led = self._leads
        self._leads = await self._leading()
        if self._leads and not led:
            _log.info("This process does what is due by the clock.")
            self._begin("tick", self._tick())
        if led and not self._leads:
            _log.warning("This process does no longer what is due by the clock.")

    async def _leading(self) -> bool:
        try:
            leads = await self._leadership.holds()
        except MusicRecError as error:
            _log.error("Whether this process leads is not known: %s", error)
            return False
        if not leads:  # somebody else does, and tells of their own ticks
            self._well_at = self._timer()
        return leads

    async def _tick(self) -> None:
        done = [await self._done(tick) for tick in self._ticks]
        if all(done):
            self._well_at = self._timer()

    async def _done(self, tick: Tick) -> bool:
        try:
            await tick(self._clock())
        except MusicRecError as error:
            _log.error("What is due by the clock could not be done: %s", error)
        except Exception:  # noqa: BLE001 - one's bug must not end everything that is due
            _log.exception("What is due by the clock failed")
        else:
            return True
        return False

    async def _watch(self) -> None:
        """Bring the jobs forward where the clock was set back: they would wait until it caught up.

        APScheduler plans by the wall clock; sleeping does not.
        """
        while True:
            await asyncio.sleep(self._take_over_s)
            now = datetime.now(UTC)
            latest = now + timedelta(seconds=2 * max(self._every_s, self._take_over_s))
            for job in self._scheduler.get_jobs():
                if job.next_run_time is not None and job.next_run_time > latest:
                    job.modify(next_run_time=now)
