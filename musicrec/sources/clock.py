"""Time as the clients see it, so that tests can let hours pass in a moment."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and lets it pass."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The clock of this computer.

    Args:
        now: Returns the current time, aware UTC.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
        return self._now()

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking the event loop."""
        await asyncio.sleep(seconds)
