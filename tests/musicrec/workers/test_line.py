"""The line in front of workers: places, and how much of it is one person's or one server's."""

import asyncio
from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest

from musicrec.domain.asker import Asker, asking, unasked
from musicrec.domain.errors import WorkersBusyError
from musicrec.domain.timely_errors import GroupWorkWaitsError, OwnWorkWaitsError
from musicrec.sources.flights import Flights
from musicrec.workers.line import Line


@contextmanager
def asked_by(asker: Asker | None) -> Generator[None]:
    token = asking.set(asker)
    try:
        yield
    finally:
        asking.reset(token)


_STANDING: list[AbstractContextManager[object]] = []
"""Whoever is forgotten has left the line."""


def enter(
    line: Line, asker: Asker | None, *, is_long: bool = False
) -> AbstractContextManager[object]:
    """Stand in the line until ``leave``."""
    with asked_by(asker):
        turn = line.turn(is_long=is_long)
        turn.__enter__()
    _STANDING.append(turn)
    return turn


def leave(turn: AbstractContextManager[object]) -> None:
    turn.__exit__(None, None, None)


@pytest.fixture
def line() -> Generator[Line]:
    yield Line(lambda: 1, most_waiting=8)
    _STANDING.clear()


def test_who_waits_is_told_every_place_up_to_being_served(line: Line):
    told: list[int] = []
    others = [enter(line, Asker(person)) for person in (7, 8, 9)]
    enter(line, Asker(1, told=told.append))
    for turn in others:
        leave(turn)
    assert told == [3, 2, 1, 0]


def test_who_gives_up_in_the_middle_moves_only_those_behind(line: Line):
    ahead, behind = list[int](), list[int]()
    enter(line, None)
    enter(line, Asker(1, told=ahead.append))
    leaving = enter(line, Asker(2))
    enter(line, Asker(3, told=behind.append))
    leave(leaving)
    assert (ahead[-1], behind) == (1, [3, 2])


def test_of_several_jobs_of_one_answer_the_foremost_counts(line: Line):
    told: list[int] = []
    one = Asker(1, told=told.append)
    first = enter(line, None)
    enter(line, one)
    enter(line, None)
    enter(line, one)
    leave(first)
    assert told[-1] == 0
    assert (line.served, line.waiting) == (1, 2)


def test_what_is_short_and_asked_for_passes_what_is_long_or_asked_for_by_nobody(line: Line):
    served, long, short, shorter = list[int](), list[int](), list[int](), list[int]()
    first = enter(line, Asker(1, told=served.append), is_long=True)
    enter(line, None)
    enter(line, Asker(2, told=long.append), is_long=True)
    enter(line, Asker(3, told=short.append))
    enter(line, Asker(4, told=shorter.append))
    assert (served, long, short, shorter) == ([0, 0, 0, 0, 0], [2, 3, 4], [1, 1], [2])
    leave(first)
    assert (long[-1], short[-1], shorter[-1]) == (3, 0, 1)


def test_a_person_may_have_two_things_waiting_and_others_still_have_room(line: Line):
    enter(line, Asker(1))
    for _ in range(2):
        enter(line, Asker(1))
    with pytest.raises(OwnWorkWaitsError) as caught:
        enter(line, Asker(1))
    assert caught.value.queued == 2
    enter(line, Asker(2))
    enter(line, None)


def test_one_thing_may_need_many_jobs(line: Line):
    enter(line, None)
    one = Asker(1)
    for _ in range(8):
        enter(line, one)
    with pytest.raises(WorkersBusyError):
        enter(line, one)


def test_a_server_may_fill_half_of_the_line(line: Line):
    enter(line, None)
    for person in range(4):
        enter(line, Asker(person, group=7))
    with pytest.raises(GroupWorkWaitsError):
        enter(line, Asker(99, group=7))
    enter(line, Asker(99, group=8))
    enter(line, Asker(98))


def test_nobody_is_refused_while_a_worker_is_free():
    line = Line(lambda: 3, most_waiting=1)
    with ExitStack() as stack:
        for _ in range(3):
            with asked_by(Asker(1)):
                stack.enter_context(line.turn())
        assert (line.served, line.waiting, line.is_full) == (3, 0, False)
    assert line.served == 0


def test_work_that_nobody_asked_for_is_nobodys(line: Line):
    told: list[int] = []
    with asked_by(Asker(1, told=told.append)):
        for _ in range(4):
            turn = unasked(line.turn)
            unasked(turn.__enter__)
            _STANDING.append(turn)
    assert told == []
    enter(line, Asker(1))


def test_a_server_and_a_person_alone_are_counted_apart(line: Line):
    enter(line, None)
    enter(line, Asker(1))
    enter(line, Asker(1, group=7))
    with pytest.raises(OwnWorkWaitsError):
        enter(line, Asker(1, group=8))


async def test_all_who_wait_for_the_same_are_told_its_place_from_when_they_come(line: Line):
    first, second, third = list[int](), list[int](), list[int]()
    ahead = [enter(line, Asker(person)) for person in (7, 8)]
    over = asyncio.Event()
    flights = Flights[None]()

    async def work() -> None:
        with line.turn():
            await over.wait()

    def ask(asker: Asker | None) -> "asyncio.Task[None]":
        with asked_by(asker):
            return asyncio.create_task(flights.join("the same", work))

    waiting = [ask(Asker(1, told=first.append)), ask(Asker(2, told=second.append))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leave(ahead[0])
    waiting.append(ask(Asker(1, told=third.append)))
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    leave(ahead[1])
    assert (first, second, third) == ([2, 1], [2, 1, 0], [1, 0])
    over.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert (line.served, line.waiting) == (0, 0)


async def test_who_joins_what_nobody_asked_for_is_told_its_place_and_passes_nobody(line: Line):
    told, others = list[int](), list[int]()
    first = enter(line, None)
    over = asyncio.Event()
    flights = Flights[None]()

    async def work() -> None:
        with line.turn():
            await over.wait()

    begun = flights.begin("the same", work)
    await asyncio.sleep(0)
    with asked_by(Asker(1, told=told.append)):
        joined = asyncio.create_task(flights.join("the same", work))
    await asyncio.sleep(0)
    enter(line, Asker(2, told=others.append))
    assert (told, others) == ([1, 2], [1])
    leave(first)
    over.set()
    await asyncio.gather(begun, joined)
    assert told[-1] == 1
