"""One worker process for jobs that may hang, crash or eat memory: only it dies of them."""

import asyncio
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from musicrec.domain.errors import WorkerLostError
from musicrec.workers.base import one_thread
from musicrec.workers.line import Line

if sys.platform == "linux":
    import resource

P = ParamSpec("P")
R = TypeVar("R")

_CONTEXT = get_context("spawn")
_TAKEN: Final = "taken"
_MEMORY_IN_USE: Final = Path("/proc/self/statm")
"""Where Linux tells the pages of this process; the first number is its address space."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a lone worker may take.

    Attributes:
        prepare_s: Seconds for getting ready.
        job_s: Seconds for a job.
        memory: Bytes for jobs, beyond those of the process that is ready; kept where there is
            Linux's ``/proc``.
        idle_s: Seconds without a job after which the process exits.
        most_waiting: Jobs that may wait for their turn.
    """

    prepare_s: float
    job_s: float
    memory: int
    idle_s: float
    most_waiting: int


class LoneWorker:
    """Does one job after the other in a process of its own.

    The kernel ends the process when a job takes too long, even where it is stuck inside a library
    or the bot is dead; the next job gets a new process, also after one that lacked memory. It
    starts with the first job, and exits when there was nothing to do for some time, when this
    object is closed or the bot dies.
    """

    def __init__(self, prepare: Callable[[], object], limits: Limits) -> None:
        """No process is started yet.

        Args:
            prepare: Done first in each process; picklable, as jobs are.
            limits: What it and the jobs may take.
        """
        self._prepare = prepare
        self._limits = limits
        self._line = Line(lambda: 1, most_waiting=limits.most_waiting)
        self._process: _Process | None = None

    async def run(self, job: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run ``job(*args, **kwargs)`` in the worker and return its result.

        Raises:
            WorkersBusyError: Too many jobs are waiting already, of all or of who asks.
            WorkerLostError: No process could get ready.
            TimeoutError: It took too long.
            ChildProcessError: The process died of it.
            Exception: Whatever the job raised, ``MemoryError`` beyond the limit.
        """
        with self._line.turn() as ticket:
            await ticket.served.wait()
            return await self._do(partial(job, *args, **kwargs))

    async def close(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            await asyncio.to_thread(process.end)

    async def _do(self, job: Callable[[], R]) -> R:
        try:
            return await asyncio.to_thread(self._done, job)
        except asyncio.CancelledError:
            # Nobody wants the result any more, and the thread waits for it until the process ends.
            await self.close()
            raise

    def _done(self, job: Callable[[], R]) -> R:
        process = self._process
        if process is None or not process.take(job):
            process = self._process = _Process(self._prepare, self._limits)
            if not process.take(job):
                msg = f"The worker process could not get ready ({process.end_in_words})."
                raise WorkerLostError(msg)
        return process.result()


class _Process:
    """A process that is ready, or soon will be."""

    def __init__(self, prepare: Callable[[], object], limits: Limits) -> None:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_serve, args=(theirs, prepare, limits), daemon=True, name="lone-worker"
        )
        self._process.start()
        theirs.close()

    def take(self, job: Callable[[], object]) -> bool:
        """Hand a job over; False where the process has exited."""
        try:
            self._connection.send(job)
            return self._connection.recv() == _TAKEN
        except (EOFError, OSError):
            self.end()
            return False

    def result(self) -> Any:
        """Wait for the job's end.

        Raises:
            TimeoutError: It took too long.
            ChildProcessError: The process died.
            Exception: Whatever the job raised.
        """
        try:
            result, error = self._connection.recv()
        except (EOFError, OSError) as lost:
            self.end()
            msg = f"The job ended its process ({self.end_in_words})."
            raise (TimeoutError if self._is_late else ChildProcessError)(msg) from lost
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """Kill the process, unless it has exited, and wait until it is gone."""
        self._process.kill()
        self._process.join()

    @property
    def end_in_words(self) -> str:
        """Say of what the process died."""
        return "it took too long" if self._is_late else f"exit code {self._process.exitcode}"

    @property
    def _is_late(self) -> bool:
        return self._process.exitcode == -signal.SIGALRM


def _serve(connection: Connection, prepare: Callable[[], object], limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _at_most(limits.prepare_s):
        one_thread(prepare)
    _limit_memory(limits.memory)
    with suppress(EOFError, OSError):  # the bot has ended
        while connection.poll(limits.idle_s):
            job = connection.recv()
            connection.send(_TAKEN)
            with _at_most(limits.job_s):
                outcome = _outcome(job)
            connection.send(outcome)
            if isinstance(outcome[1], MemoryError):
                return  # what the job took is not given back whole


def _outcome(job: Callable[[], object]) -> tuple[object, Exception | None]:
    try:
        return one_thread(job), None
    except Exception as error:  # noqa: BLE001 - it is raised again where the job came from
        return None, error


@contextmanager
def _at_most(seconds: float) -> Generator[None]:
    """Let the kernel end this process where the block takes longer."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory(n_bytes: int) -> None:
    if sys.platform == "linux" and _MEMORY_IN_USE.exists():
        in_use = int(_MEMORY_IN_USE.read_text().split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = in_use + n_bytes
        soft = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_AS, (soft, most))
