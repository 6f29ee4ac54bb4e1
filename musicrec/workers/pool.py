"""Worker processes of this machine."""

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
from typing import Final, TypeVar

from musicrec.domain.errors import WorkerLostError
from musicrec.workers.base import MOST_WAITING, Workers, one_thread
from musicrec.workers.line import Ticket

R = TypeVar("R")

_PATIENCE_S: Final = 2.0
"""Seconds for workers to exit by themselves; one that hears nothing, in C code, is killed."""

_NICER: Final = 5
"""How far workers stand back for who started them: a press of a button waits for no training."""

# ``fork`` would copy the event loop's threads and locks into the child.
_CONTEXT = get_context("spawn")


class LocalWorkers(Workers):
    """A pool of worker processes.

    They start with the first job, and exit when this object is closed or its process dies, even by
    SIGKILL.
    """

    def __init__(self, processes: int, *, most_waiting: int = MOST_WAITING) -> None:
        """Prepare the pool; no process is started yet.

        Args:
            processes: How many jobs may run at once.
            most_waiting: How many more may wait.
        """
        super().__init__(most_waiting=most_waiting)
        self._processes = processes
        self._lifeline, self._held_end = _CONTEXT.Pipe(duplex=False)
        self._pool = self._new_pool()
        self._is_closed = False

    @property
    def processes(self) -> int:
        """Jobs that can run at once."""
        return self._processes

    async def close(self) -> None:
        """Drop what waits, end what runs, and wait until every worker is gone."""
        self._is_closed = True
        self._held_end.close()
        # Gone from there as soon as the pool is shut down.
        processes = [*(self._pool._processes or {}).values()]  # noqa: SLF001 - no other way before Python 3.14
        leaving = asyncio.ensure_future(
            asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
        )
        await asyncio.wait([leaving], timeout=_PATIENCE_S)
        if not leaving.done():
            for process in processes:
                process.kill()
        await leaving
        self._lifeline.close()

    async def _run(self, job: Callable[[], R], ticket: Ticket) -> R:
        # The pool would take jobs in the order in which they came.
        await ticket.served.wait()
        if self._is_closed:
            msg = "The bot is being stopped; please try again when it is back."
            raise WorkerLostError(msg)
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(one_thread, job))
        except BrokenProcessPool as error:
            self._replace(pool)
            msg = "A worker process died while it worked; please try again."
            raise WorkerLostError(msg) from error

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
    os.nice(_NICER)
    threading.Thread(target=_exit_at_end_of, args=(lifeline,), daemon=True).start()


def _exit_at_end_of(lifeline: Connection) -> None:
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)
