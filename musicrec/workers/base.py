"""What can be asked of workers, wherever they run."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Generic, ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

from musicrec.domain.errors import WorkerLostError, WorkersBusyError
from musicrec.workers.line import Line, Ticket

P = ParamSpec("P")
R = TypeVar("R")
Planned = TypeVar("Planned")
Found = TypeVar("Found")

MOST_WAITING = 64
"""Jobs that may wait for a worker."""


@dataclass(frozen=True, slots=True)
class InParts(Generic[Planned, Found, R]):
    """A job that can be divided; called, it does everything in turn.

    Attributes:
        plan: Comes first.
        look: Does one part by the plan.
        finish: Makes the result of the plan and of what was found, in the order of the parts.
        parts: Of something that every host has, such as rows of a snapshot.
        name: What it is called where jobs are counted.
        is_long: It takes seconds: short jobs that somebody waits for go first.
    """

    plan: Callable[[], Planned]
    look: Callable[[Planned, slice], Found]
    finish: Callable[[Planned, list[Found]], R]
    parts: Sequence[slice]
    name: str = "in_parts"
    is_long: bool = False

    def __call__(self) -> R:
        """Do everything here."""
        planned = self.plan()
        return self.finish(planned, [self.look(planned, part) for part in self.parts])


class JobOutcome(StrEnum):
    """How a job ended."""

    DONE = "done"
    FAILED = "failed"
    LOST = "lost"
    """With the worker that did it."""
    REFUSED = "refused"
    """Too many were waiting."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """A job that ended; ``seconds`` count from when it was asked for."""

    name: str
    outcome: JobOutcome
    seconds: float


class Workers(ABC):
    """A bounded queue in front of workers.

    Attributes:
        tell: Learns of every job that ended; nobody by default.
    """

    def __init__(self, *, most_waiting: int = MOST_WAITING) -> None:
        self._line = Line(lambda: self.processes, most_waiting=most_waiting)
        self.tell: Callable[[JobRun], None] | None = None

    @property
    @abstractmethod
    def processes(self) -> int:
        """Jobs that can run at once."""

    @property
    def running(self) -> int:
        """Jobs that run now."""
        return self._line.served

    @property
    def waiting(self) -> int:
        """Jobs that wait for a worker."""
        return self._line.waiting

    @property
    def is_full(self) -> bool:
        """Whether the next job would be refused."""
        return self._line.is_full

    async def run(self, job: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run ``job(*args, **kwargs)`` in a worker and return its result.

        The job is a top-level function; it, its arguments and its result must be picklable.

        Raises:
            WorkersBusyError: Too many jobs are waiting already, of all or of who asks.
            WorkerLostError: The worker died (killed, out of memory); new ones take over.
            Exception: Whatever the job raised.
        """
        with self._queued(_name_of(job)) as ticket:
            return await self._run(partial(job, *args, **kwargs), ticket)

    async def run_long(self, job: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a job of seconds as ``run`` does: short jobs that somebody waits for go first."""
        with self._queued(_name_of(job), is_long=True) as ticket:
            return await self._run(partial(job, *args, **kwargs), ticket)

    async def run_in_parts(self, job: InParts[Any, Any, R]) -> R:
        """Run a job in one worker, or its parts in many; fails as ``run`` does."""
        with self._queued(job.name, is_long=job.is_long) as ticket:
            return await self._run_in_parts(job, ticket)

    @abstractmethod
    async def close(self) -> None:
        """Drop what waits and let go of the workers."""

    @abstractmethod
    async def _run(self, job: Callable[[], R], ticket: Ticket) -> R: ...

    async def _run_in_parts(self, job: InParts[Any, Any, R], ticket: Ticket) -> R:
        return await self._run(job, ticket)

    @contextmanager
    def _queued(self, name: str, *, is_long: bool = False) -> Generator[Ticket]:
        started, outcome = time.perf_counter(), JobOutcome.FAILED
        try:
            with self._line.turn(is_long=is_long) as ticket:
                yield ticket
            outcome = JobOutcome.DONE
        except WorkersBusyError:
            outcome = JobOutcome.REFUSED
            raise
        except WorkerLostError:
            outcome = JobOutcome.LOST
            raise
        finally:
            if self.tell is not None:
                self.tell(JobRun(name, outcome, time.perf_counter() - started))


def _name_of(job: Callable[..., Any]) -> str:
    return getattr(job, "__name__", "other")


def one_thread(job: Callable[[], R]) -> R:
    """Do a job with one thread: workers are as many as cores, and more only get in their way."""
    with threadpool_limits(1):
        return job()
