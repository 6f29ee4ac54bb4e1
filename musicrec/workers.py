"""Where heavy work runs: a pool of worker processes behind one small interface.

Fitting, scoring and drawing take seconds; on the event loop they would freeze every listener.
Only plain values and top-level functions cross the border.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

from musicrec.domain.errors import WorkerLostError, WorkersBusyError

P = ParamSpec("P")
R = TypeVar("R")

# ``fork`` would copy the event loop's threads and locks into the child.
_CONTEXT = get_context("spawn")


class Workers:
    """A bounded queue in front of ``processes`` worker processes.

    Workers start with the first job, and exit when this object is closed or its process dies,
    even by SIGKILL.
    """

    def __init__(self, processes: int, *, most_waiting: int = 64) -> None:
        """Prepare the pool; no process is started yet.

        Args:
            processes: How many jobs may run at once.
            most_waiting: How many more may wait.
        """
        self._processes = processes
        self._most_waiting = most_waiting
        self._in_hand = 0
        self._lifeline, self._held_end = _CONTEXT.Pipe(duplex=False)
        self._pool = self._new_pool()

    @property
    def running(self) -> int:
        """Jobs that run now."""
        return min(self._in_hand, self._processes)

    @property
    def waiting(self) -> int:
        """Jobs that wait for a worker."""
        return self._in_hand - self.running

    async def run(self, job: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run ``job(*args, **kwargs)`` in a worker and return its result.

        The job is a top-level function; it, its arguments and its result must be picklable.

        Raises:
            WorkersBusyError: Too many jobs are waiting already.
            WorkerLostError: The worker died (killed, out of memory); new ones take over.
            Exception: Whatever the job raised.
        """
        if self.waiting >= self._most_waiting:
            raise WorkersBusyError(self.waiting)
        self._in_hand += 1
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(_one_thread, job, args, kwargs))
        except BrokenProcessPool as error:
            self._replace(pool)
            msg = "A worker process died while it worked; please try again."
            raise WorkerLostError(msg) from error
        finally:
            self._in_hand -= 1

    async def close(self) -> None:
        """Drop what waits, end what runs, and wait until every worker is gone."""
        self._held_end.close()
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
        self._lifeline.close()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._processes,
            mp_context=_CONTEXT,
            initializer=_start_worker,
            initargs=(self._lifeline,),
        )

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        # Every job of a broken pool fails; only the first one to notice replaces it.
        if self._pool is broken:
            self._pool = self._new_pool()
            broken.shutdown(wait=False)


def _start_worker(lifeline: Connection) -> None:
    """Leave Ctrl-C to the parent, and exit as soon as the parent closes or loses its pipe end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_at_end_of, args=(lifeline,), daemon=True).start()


def _exit_at_end_of(lifeline: Connection) -> None:
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


def _one_thread(job: Callable[..., R], args: tuple[object, ...], kwargs: dict[str, object]) -> R:
    # The pool already uses every core; BLAS and OpenMP threads on top only get in its way.
    with threadpool_limits(1):
        return job(*args, **kwargs)
