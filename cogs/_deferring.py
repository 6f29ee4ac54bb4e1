"""Answering with one call where that is quick, and with a sign of life first where it is not."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

_PATIENCE_S: Final = 0.2
"""People take what is quicker for instant; Discord waits three seconds, some of which are over."""


@asynccontextmanager
async def deferring_late(defer: Callable[[], Awaitable[Any]]) -> AsyncGenerator[None]:
    """Defer an interaction where the block takes longer than a fifth of a second.

    After the block ``interaction.response.is_done()`` tells whether it was deferred.
    """
    loop = asyncio.get_running_loop()
    deferring: list[asyncio.Future[Any]] = []
    timer = loop.call_later(_PATIENCE_S, lambda: deferring.append(asyncio.ensure_future(defer())))
    try:
        yield
    finally:
        timer.cancel()
        await asyncio.gather(*deferring)
