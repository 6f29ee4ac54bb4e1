"""Many who ask at the same moment are answered together, so that they share what it costs."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from musicrec.domain.errors import StorageError

Q = TypeVar("Q")
A = TypeVar("A")

_PAUSE_S: Final = 0.025
"""From the beginning of a group to that of the next; after one who came alone nobody waits."""
_MOST: Final = 50


@dataclass(frozen=True, eq=False, slots=True)
class _Waiting(Generic[Q, A]):
    question: Q
    answer: asyncio.Future[A]


class Grouped(Generic[Q, A]):
    """Collects questions while others are being answered.

    An answer is given when that of the whole group is final. Where a group fails, each of its
    questions is asked again alone, so that nobody fails because of somebody else. Where the
    database is out of reach all who wait fail at once: asking again would take too long for them.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Awaitable[Sequence[A]]],
        key: Callable[[Q], Hashable],
    ) -> None:
        """Prepare.

        Args:
            answer: Answers up to 50 questions of different keys, in their order; all or none.
            key: Questions of equal keys are answered one after the other, in their order.
        """
        self._answer = answer
        self._key = key
        self._waiting: list[_Waiting[Q, A]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """Return the answer; a caller who is cancelled may have been answered all the same."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(question, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="groups")
        return await future

    async def close(self) -> None:
        """Wait until everything is answered."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        while self._waiting:
            next_at = time.monotonic() + _PAUSE_S
            group = self._next_group()
            try:
                await self._answer_all(group)
            except StorageError as error:
                everybody, self._waiting = [*group, *self._waiting], []
                _fail(everybody, error)
            except Exception as error:  # noqa: BLE001 - handed to those who asked
                await self._answer_each(group, error)
            if len(group) > 1:
                await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    def _next_group(self) -> list[_Waiting[Q, A]]:
        group: dict[Hashable, _Waiting[Q, A]] = {}
        later: list[_Waiting[Q, A]] = []
        for waiting in self._waiting:
            key = self._key(waiting.question)
            if key in group or len(group) == _MOST:
                later.append(waiting)
            else:
                group[key] = waiting
        self._waiting = later
        return [*group.values()]

    async def _answer_all(self, group: Sequence[_Waiting[Q, A]]) -> None:
        answers = await self._answer([waiting.question for waiting in group])
        for waiting, answer in zip(group, answers, strict=True):
            if not waiting.answer.done():  # its asker may have been cancelled
                waiting.answer.set_result(answer)

    async def _answer_each(self, group: Sequence[_Waiting[Q, A]], error: Exception) -> None:
        for waiting in group:
            own = error if len(group) == 1 else await self._failure_of(waiting)
            if own is not None and not waiting.answer.done():
                waiting.answer.set_exception(own)

    async def _failure_of(self, waiting: _Waiting[Q, A]) -> Exception | None:
        try:
            await self._answer_all([waiting])
        except Exception as error:  # noqa: BLE001 - as above
            return error
        return None


def _fail(group: Sequence[_Waiting[Q, A]], error: Exception) -> None:
    for waiting in group:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
