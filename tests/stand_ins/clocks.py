"""Clocks whose hours pass in a moment."""

import asyncio
import selectors
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class SkippingClock:
    """Whoever sleeps moves it on, and sleeps no longer than requests are under way.

    Attributes:
        slept: Every sleep, in seconds.
    """

    def __init__(self) -> None:
        self._now = START
        self.slept: list[float] = []
        self._n_under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        await self._idle.wait()
        self.pass_(seconds)

    @contextmanager
    def standing_still(self) -> Generator[None]:
        """Let no sleep end meanwhile: a request travels in no time."""
        self._n_under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._n_under_way -= 1
            if not self._n_under_way:
                self._idle.set()

    def pass_(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class LeapingClock:
    """Some seconds pass between any two looks at it, so that nobody is ever too fast."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        self._now += timedelta(seconds=10)
        return self._now

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class LoopClock:
    """Tells the time of the running loop; all sleepers sleep side by side."""

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer as soon as nothing else is left to do.

    Only for programs without sockets, processes and threads, whose time would go on.
    """

    def __init__(self) -> None:
        self._simulated_s = 0.0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._simulated_s

    def jump(self, seconds: float) -> None:
        self._simulated_s += seconds


class _Selector(selectors.SelectSelector):
    def __init__(self, loop: SimulatedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            msg = "everybody waits for somebody else"
            raise RuntimeError(msg)
        if not ready and timeout:
            self._loop.jump(timeout)
        return ready


def simulate(program: Coroutine[Any, Any, T]) -> T:
    """Run a program in simulated time."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(program)
