"""Several who ask for the same thing at once make one call."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Calls under way, by what they ask for.

    A call goes on when whoever began it stops waiting, because others may wait too, and because
    its answer is worth keeping.
    """

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[T]] = {}

    async def join(self, key: str, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what the call under way for ``key`` returns; begin one if there is none.

        Raises:
            Exception: Whatever the call raises, to all who wait for it.
        """
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(call())
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._landed(key))
        return await asyncio.shield(task)

    async def land(self) -> None:
        """Wait for every call under way, however it ends."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def close(self) -> None:
        """Break off every call under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _landed(self, key: str) -> None:
        task = self._under_way.pop(key)
        if not task.cancelled():
            task.exception()  # fetched, because nobody may wait for it any more
