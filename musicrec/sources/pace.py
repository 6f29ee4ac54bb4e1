"""Calls of one service, spread over time.

A leaky bucket, as limiter libraries have it, lets nearly twice the allowed number pass in a
window that begins after a pause; an even spacing never does, and is the whole of what the
services' rules need.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from musicrec.sources.clock import Clock


class Pace:
    """Hands out turns, first come first served, at least an interval apart."""

    def __init__(self, clock: Clock, interval_s: float) -> None:
        self._clock = clock
        self._interval = timedelta(seconds=interval_s)
        self._turns = asyncio.Lock()
        self._next: datetime | None = None
        self._now = clock.now()

    async def turn(self, check: Callable[[], Awaitable[None]]) -> None:
        """Wait for a turn.

        Args:
            check: Asked when all earlier turns are over; whatever it raises ends the wait, so that
                a long queue dissolves at once where a service closes.
        """
        async with self._turns:
            await check()
            while (wait_s := self._missing_s()) > 0:
                await self._clock.sleep(wait_s)
            self._next = self._clock.now() + self._interval

    def pause(self, seconds: float) -> None:
        """Let the next turn come no sooner than after some seconds."""
        later = self._clock.now() + timedelta(seconds=seconds)
        self._next = later if self._next is None else max(self._next, later)

    def _missing_s(self) -> float:
        """Seconds until the next turn; 0 when the clock was set back, perhaps by hours."""
        before, self._now = self._now, self._clock.now()
        if self._next is None or self._now < before:
            return 0.0
        return (self._next - self._now).total_seconds()
