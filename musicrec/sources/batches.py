"""Ids that are asked for one by one, gathered into calls for several."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Gathers what is asked for while an earlier call is under way.

    Args:
        most: Ids of one call.
        call: Asks for several distinct ids; leaves out of its answer those that are unknown.
    """

    def __init__(
        self, most: int, call: Callable[[Sequence[str]], Awaitable[Mapping[str, T]]]
    ) -> None:
        self._most = most
        self._call = call
        self._waiting: dict[str, asyncio.Future[T | None]] = {}
        self._calling = asyncio.Lock()

    async def ask(self, one_id: str) -> T | None:
        """Return what is known of an id.

        Raises:
            Exception: Whatever the call raises, to all whose ids were in it.
        """
        answer = self._waiting.get(one_id)
        if answer is None:
            answer = asyncio.get_running_loop().create_future()
            self._waiting[one_id] = answer
        await asyncio.sleep(0)  # whoever asks in the same moment comes along
        async with self._calling:
            if not answer.done():
                await self._ask_next()
        return await answer

    async def _ask_next(self) -> None:
        ids = list(self._waiting)[: self._most]
        asked = {one_id: self._waiting.pop(one_id) for one_id in ids}
        try:
            found = await self._call(ids)
        except asyncio.CancelledError:
            for answer in asked.values():
                answer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - handed on to everyone who asked
            for answer in asked.values():
                answer.set_exception(error)
                answer.exception()  # fetched, because not everyone may still wait for it
        else:
            for one_id, answer in asked.items():
                answer.set_result(found.get(one_id))
