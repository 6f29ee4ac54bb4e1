"""Questions at the same moment are answered together."""

import asyncio
from collections.abc import Sequence

import pytest

from musicrec.domain.errors import StorageError
from musicrec.services.grouping import Grouped


class Answers:
    """Doubles numbers once it may, and refuses groups with a number below zero."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may = asyncio.Event()

    async def __call__(self, questions: Sequence[int]) -> list[int]:
        self.groups.append([*questions])
        await self.may.wait()
        if min(questions) < 0:
            msg = f"{min(questions)} is negative"
            raise ValueError(msg)
        return [2 * number for number in questions]


async def asked(grouped: Grouped[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(grouped.ask(number)) for number in numbers]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_whoever_asks_meanwhile_is_answered_together():
    answers = Answers()
    grouped = Grouped[int, int](answers, key=lambda number: number)
    first = await asked(grouped, 1)
    others = await asked(grouped, 2, 3, 4)
    answers.may.set()
    assert await asyncio.gather(*first, *others) == [2, 4, 6, 8]
    assert answers.groups == [[1], [2, 3, 4]]


async def test_equal_keys_are_answered_one_after_the_other_in_their_order():
    answers = Answers()
    grouped = Grouped[int, int](answers, key=lambda number: number % 10)
    first = await asked(grouped, 5)
    others = await asked(grouped, 1, 11, 2, 21)
    answers.may.set()
    assert await asyncio.gather(*first, *others) == [10, 2, 22, 4, 42]
    assert answers.groups == [[5], [1, 2], [11], [21]]


async def test_nobody_fails_because_of_somebody_else():
    answers = Answers()
    grouped = Grouped[int, int](answers, key=lambda number: number)
    first = await asked(grouped, 1)
    others = await asked(grouped, 2, -3, 4)
    answers.may.set()
    assert await first[0] == 2
    assert await others[0] == 4
    assert await others[2] == 8
    with pytest.raises(ValueError, match="-3 is negative"):
        await others[1]


async def test_one_who_leaves_keeps_nobody_from_an_answer():
    answers = Answers()
    grouped = Grouped[int, int](answers, key=lambda number: number)
    leaving, staying = await asked(grouped, 1, 2)
    leaving.cancel()
    answers.may.set()
    assert await staying == 4
    await grouped.close()
    assert leaving.cancelled()


async def test_where_the_database_is_out_of_reach_all_who_wait_fail_at_once():
    asked_for: list[list[int]] = []
    may = asyncio.Event()

    async def fail(questions: Sequence[int]) -> list[int]:
        asked_for.append([*questions])
        await may.wait()
        msg = "locked"
        raise StorageError(msg)

    grouped = Grouped[int, int](fail, key=lambda number: number)
    first = await asked(grouped, 1)
    others = await asked(grouped, 2, 3)
    may.set()
    failures = await asyncio.gather(*first, *others, return_exceptions=True)
    assert [type(failure) for failure in failures] == [StorageError] * 3
    assert asked_for == [[1]]
