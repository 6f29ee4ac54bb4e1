"""Several who ask for the same thing at once make one call."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from musicrec.domain.asker import Audience

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    audience: Audience


class Flights(Generic[T]):
    """Calls under way, by what they ask for.

    A call goes on when whoever began it stops waiting, because others may wait too, and because
    its answer is worth keeping. Where it comes to a line, all who wait for it are told its place.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Flight[T]] = {}

    async def join(self, key: Hashable, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what the call under way for ``key`` returns; begin one if there is none.

        Raises:
            Exception: Whatever the call raises, to all who wait for it.
        """
        flight = self._flight(key, call)
        with flight.audience.joined():
            return await asyncio.shield(flight.task)

    def begin(self, key: Hashable, call: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        """Begin a call unless one is under way for ``key``; others may join it."""
        return self._flight(key, call).task

    async def land(self) -> None:
        """Wait for every call under way, however it ends."""
        await asyncio.gather(*self._tasks(), return_exceptions=True)

    async def close(self) -> None:
        """Break off every call under way."""
        tasks = self._tasks()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _flight(self, key: Hashable, call: Callable[[], Coroutine[Any, Any, T]]) -> _Flight[T]:
        flight = self._under_way.get(key)
        if flight is None:
            audience = Audience()
            task = asyncio.create_task(call(), context=audience.context)
            flight = self._under_way[key] = _Flight(task, audience)
            task.add_done_callback(lambda _: self._landed(key))
        return flight

    def _tasks(self) -> list[asyncio.Task[T]]:
        return [flight.task for flight in self._under_way.values()]

    def _landed(self, key: Hashable) -> None:
        task = self._under_way.pop(key).task
        if not task.cancelled():
            task.exception()  # fetched, because nobody may wait for it any more
