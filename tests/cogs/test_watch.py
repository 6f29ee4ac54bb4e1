"""A bot that is stopped lets answers finish, and knows whom it left without one."""

import asyncio
from dataclasses import dataclass
from typing import Any

from cogs._watch import Answered, Kind, Outcome, Watch


@dataclass(frozen=True)
class Asked:
    """As much of an interaction as the watch looks at."""

    id: int


async def answer(watch: Watch, asked: Any, until: asyncio.Event) -> None:
    watch.begin(asked)
    outcome = Outcome.INTERRUPTED
    try:
        await until.wait()
        outcome = Outcome.DONE
    finally:
        watch.end(asked, Kind.PRESS, "LabelButton", outcome)


async def test_what_ends_in_time_is_not_interrupted():
    told: list[Answered] = []
    watch, done = Watch(told.append), asyncio.Event()
    answering = asyncio.create_task(answer(watch, Asked(1), done))
    await asyncio.sleep(0)
    assert watch.n_open == 1
    stopping = asyncio.create_task(watch.interrupt(patience_s=60))
    await asyncio.sleep(0)
    done.set()
    assert await stopping == []
    await answering
    assert [each.outcome for each in told] == [Outcome.DONE]


async def test_what_does_not_end_is_cancelled_and_named():
    told: list[Answered] = []
    watch, done = Watch(told.append), asyncio.Event()
    answering = [asyncio.create_task(answer(watch, Asked(n), done)) for n in (1, 2)]
    await asyncio.sleep(0)
    left: list[Any] = await watch.interrupt(patience_s=0)
    assert left == [Asked(1), Asked(2)]
    assert all(task.cancelled() for task in answering)
    assert [each.outcome for each in told] == [Outcome.INTERRUPTED] * 2
    assert watch.n_open == 0


async def test_what_comes_twice_is_answered_once():
    watch = Watch()
    asked: Any = Asked(1)
    assert watch.begin(asked)
    assert not watch.begin(asked)
    watch.end(asked, Kind.PRESS, "LabelButton", Outcome.DONE)
    assert not watch.begin(asked)
    other: Any = Asked(2)
    assert watch.begin(other)


async def test_a_bot_that_answers_nobody_stops_at_once():
    assert await Watch().interrupt(patience_s=60) == []
