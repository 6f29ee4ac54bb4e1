"""Gives memory back that the C library keeps for later.

Long and short values lie mixed in its heap: what is freed between others stays the process's until
it is asked for again, and under heavy load on PostgreSQL that grew by megabytes a minute.
"""

import asyncio
import ctypes
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

_EVERY_S: Final = 120.0


@asynccontextmanager
async def giving_back(every_s: float = _EVERY_S) -> AsyncGenerator[None]:
    """Give back what is free every few minutes inside the block."""
    giving = asyncio.create_task(_give_back_always(every_s), name="heap")
    try:
        yield
    finally:
        giving.cancel()
        await asyncio.gather(giving, return_exceptions=True)


def give_back() -> None:
    """Give all whole pages that are free to the system; only glibc keeps them."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


async def _give_back_always(every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await asyncio.to_thread(give_back)
