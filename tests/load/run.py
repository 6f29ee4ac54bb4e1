"""One run: members press buttons of a real process of the bot, while it trains and sends lists."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from musicrec.catalogue import open_catalogue
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.storage import Database, sqlite_url, upgrade
from tests.load.counting import (
    by_name,
    percentiles,
    slope_per_hour,
    stored_presses,
    told_percentiles,
)
from tests.load.crowd import Crowd, crowd
from tests.load.filling import Population, fill, give_models
from tests.load.process import Bot, loaded_bot

_TICK_S: Final = 0.01
_LOOK_S: Final = 2.0
_PATIENCE_S: Final = 60.0
_SONGS: Final = 4_000
PRESSES: Final = frozenset({"label", "rate"})
_COMMANDS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("rate", {}),
    ("recommend", {}),
    ("taste show", {}),
    ("scoreboard", {}),
    ("song search", {"text": "love"}),
    ("playlist list", {}),
    ("privacy show", {}),
    ("status", {}),
)


@dataclass(frozen=True)
class Scale:
    """How much is done.

    Attributes:
        listeners: People in the database.
        pressing: How many of them press, one after the other.
        labels: Of all of them together, before anybody presses.
        rate: Presses a second.
        seconds: How long.
        trainings: Listeners who use ``/train`` meanwhile.
        weekly: Listeners whose weekly list is due.
        commands_s: Seconds between other commands.
        models: Of the first who use other commands, how many have a model already.
        workers: Worker processes.
    """

    listeners: int = 1_000
    pressing: int = 1_000
    labels: int = 50_000
    rate: float = 200.0
    seconds: float = 20.0
    trainings: int = 20
    weekly: int = 20
    commands_s: float = 1.0
    models: int = 100
    workers: int = 1

    def commander(self, turn: int) -> int:
        """Return who uses the command of a turn; as many different ones as have models."""
        return 37 * (turn % self.models) % self.listeners

    def presser(self, press: int) -> tuple[int, int]:
        """Return who presses, one of many spread among all, and how often they did before."""
        n_pressing = min(self.pressing, self.listeners)
        times, place = divmod(press, n_pressing)
        return place * (self.listeners // n_pressing), times


class _Look(NamedTuple):
    at: float
    bot_mb: float
    workers_mb: float


async def load(folder: Path, scale: Scale, url: str = "") -> dict[str, Any]:
    """Let it happen, and count.

    Args:
        folder: Empty; the bot's data goes there.
        scale: How much.
        url: Of a PostgreSQL with all tables and no rows; empty for SQLite in the folder.

    Returns:
        Figures; times in milliseconds, seen from outside the bot where nothing else is said.
    """
    catalogue = open_catalogue(folder / "data")
    tracks = [track.id for track in catalogue.tracks(range(_SONGS))]
    population = Population(tracks, scale.listeners, scale.labels // scale.listeners)
    address = url or sqlite_url(folder / "data")
    if not url:
        await upgrade(address)
    await fill(address, population)
    commanders = {population.listener(scale.commander(turn)) for turn in range(scale.models)}
    await give_models(address, catalogue, commanders)
    await _plan_weeks(address, population, scale.weekly)
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(crowd())
        running = loaded_bot(folder, front.port, url=url, workers=scale.workers)
        run = _Run(front, await stack.enter_async_context(running), population, scale)
        await run.whole()
    return await run.figures(address)


async def _plan_weeks(url: str, population: Population, n_plans: int) -> None:
    database, now = Database.open(url), datetime.now(UTC)
    async with database.writing() as work:
        for number in range(n_plans):
            listener_id = population.listener(number)
            since = now - timedelta(days=2)
            plan = WeeklyPlan(listener_id, now.weekday(), 0, "UTC", PlaceOfWeek.DM, since)
            await work.weekly_plans.put(
                plan, now.replace(hour=0, minute=0, second=0, microsecond=0)
            )
    await database.close()


class _Run:
    def __init__(self, front: Crowd, bot: Bot, population: Population, scale: Scale) -> None:
        self._front = front
        self._bot = bot
        self._population = population
        self._scale = scale
        self._looks: list[_Look] = []
        self._told: dict[str, float] = {}
        self._seconds = self._bot_cpu_s = self._own_cpu_s = 0.0

    async def whole(self) -> None:
        """Press for the scale's time, wait until everything is answered, and stop the bot."""
        beside = [asyncio.create_task(work) for work in (self._look(), self._command())]
        began, bot_s, own_s = time.perf_counter(), self._bot.cpu_s(), time.process_time()
        await self._press(began)
        await self._front.until_answered(patience_s=_PATIENCE_S, names=PRESSES)
        self._seconds = time.perf_counter() - began
        self._bot_cpu_s = self._bot.cpu_s() - bot_s
        self._own_cpu_s = time.process_time() - own_s
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await self._front.until_answered(patience_s=_PATIENCE_S)
        self._told = await self._bot.figures()
        if await self._bot.stop():
            raise RuntimeError(self._bot.log.read_text())

    async def _press(self, began: float) -> None:
        """Send what is due by the clock: a slow bot does not slow the members down."""
        n_pressed = 0
        while (passed := time.perf_counter() - began) < self._scale.seconds:
            while n_pressed < passed * self._scale.rate:
                await self._press_once(n_pressed)
                n_pressed += 1
            await asyncio.sleep(_TICK_S)

    async def _press_once(self, press: int) -> None:
        number, times = self._scale.presser(press)
        track = self._population.track(number, self._population.n_labels + times)
        value = "dislike" if press % 5 < 2 else "like"
        on_card, in_flow = f"label:v1:{value}:0:{track}", f"rate:v1:{value}:0:-:{track}"
        member = self._population.listener(number)
        await self._front.press_as(member, in_flow if press % 2 else on_card)

    async def _command(self) -> None:
        """Let some train, and others look at this and that."""
        for number in range(self._scale.trainings):
            await self._front.use(self._population.listener(number), "train", [])
        for turn, (name, options) in enumerate(_again_and_again()):
            given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
            member = self._population.listener(self._scale.commander(turn))
            await self._front.use(member, name, given)
            await asyncio.sleep(self._scale.commands_s)

    async def _look(self) -> None:
        began = time.perf_counter()
        while True:
            self._looks.append(_Look(time.perf_counter() - began, *self._bot.memory_mb()))
            await asyncio.sleep(_LOOK_S)

    async def figures(self, url: str) -> dict[str, Any]:
        """Count, after the bot ended; what is in the log is read past it."""
        stored, n_weeks = await stored_presses(url)
        asked = self._front.asks
        presses = {number: one for number, one in asked.items() if one.name in PRESSES}
        others = [one for number, one in asked.items() if number not in presses]
        taken = {n: one.acknowledged_s for n, one in presses.items() if one.acknowledged_s}
        answered = [one.answered_s for one in presses.values() if one.answered_s is not None]
        return {
            "database": url.split(":", 1)[0],
            "presses": len(presses),
            "acknowledged": len(taken),
            "lost": len(taken.keys() - stored.keys()),
            "duplicated": sum(times - 1 for times in stored.values()),
            "acknowledged_ms": percentiles(taken.values()),
            "answered_ms": percentiles(answered),
            "unanswered": len(presses) - len(answered),
            "acknowledged_in_bot_ms": told_percentiles(
                self._told, "musicrec_acknowledgement_seconds", 'kind="press"'
            ),
            "bot_cpu_ms_a_press": 1e3 * self._bot_cpu_s / max(1, len(presses)),
            "stand_in_cpu_ms_a_press": 1e3 * self._own_cpu_s / max(1, len(presses)),
            "commands_ms": by_name(others),
            "commands_unanswered": sum(one.answered_s is None for one in others),
            "weekly_lists_sent": n_weeks,
            "seconds": self._seconds,
            **self._memory(),
        }

    def _memory(self) -> dict[str, Any]:
        first, last = self._looks[0], self._looks[-1]
        times = [look.at for look in self._looks]
        return {
            "bot_mb": {"first": first.bot_mb, "last": last.bot_mb},
            "bot_mb_an_hour": slope_per_hour(times, [look.bot_mb for look in self._looks]),
            "workers_mb": {"first": first.workers_mb, "last": last.workers_mb},
            "workers_mb_an_hour": slope_per_hour(times, [look.workers_mb for look in self._looks]),
        }


def _again_and_again() -> Iterator[tuple[str, dict[str, Any]]]:
    while True:
        yield from _COMMANDS
