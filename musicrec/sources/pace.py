"""Calls of one service, spread over time.

A leaky bucket, as limiter libraries have it, lets nearly twice the allowed number pass in a
window that begins after a pause; an even spacing never does, and is the whole of what the
services' rules need.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from musicrec.sources.clock import Clock


class SharedTurns(Protocol):
    """Turns that several processes take at the same services."""

    async def take(self, service: str, interval_s: float) -> float:
        """Take the next turn and return the seconds until then; others come an interval later."""
        ...

    async def put_off(self, service: str, seconds: float) -> None:
        """Let the next turn, of whatever process, come no sooner than after some seconds."""
        ...


class Pace:
    """Hands out turns, first come first served, at least an interval apart."""

    def __init__(
        self, clock: Clock, interval_s: float, service: str = "", shared: SharedTurns | None = None
    ) -> None:
        """Begin with a turn that is free.

        Args:
            clock: Of this process.
            interval_s: Between two turns.
            service: Whose turns these are.
            shared: Keeps the turns of several processes apart; None for one process.
        """
        self._clock = clock
        self._interval = timedelta(seconds=interval_s)
        self._service = service
        self._shared = shared
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
            if self._shared is not None:
                await self._wait_for_others(self._shared, check)
            self._next = self._clock.now() + self._interval

    async def pause(self, seconds: float) -> None:
        """Let the next turn come no sooner than after some seconds."""
        later = self._clock.now() + timedelta(seconds=seconds)
        self._next = later if self._next is None else max(self._next, later)
        if self._shared is not None and seconds > 0:
            await self._shared.put_off(self._service, seconds)

    async def _wait_for_others(
        self, shared: SharedTurns, check: Callable[[], Awaitable[None]]
    ) -> None:
        wait_s = await shared.take(self._service, self._interval.total_seconds())
        if wait_s > 0:
            await self._clock.sleep(wait_s)
            await check()  # another process may have been turned away meanwhile

    def _missing_s(self) -> float:
        """Seconds until the next turn; 0 when the clock was set back, perhaps by hours."""
        before, self._now = self._now, self._clock.now()
        if self._next is None or self._now < before:
            return 0.0
        return (self._next - self._now).total_seconds()
