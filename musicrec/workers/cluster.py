"""Workers of a Dask cluster, on as many machines as it has."""

# distributed is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Self, TypeVar
from uuid import uuid4

from distributed import Client, Future, get_worker
from distributed.client import ClosedClientError, FutureCancelledError
from distributed.scheduler import KilledWorker, NoValidWorkerError, NoWorkerError

from musicrec.domain.errors import WorkerLostError
from musicrec.workers.base import MOST_WAITING, InParts, Workers, one_thread
from musicrec.workers.homes import homes
from musicrec.workers.line import Ticket
from musicrec.workers.versions import require_same, versions

R = TypeVar("R")

_SCHEMES: Final = {"dask": "tcp", "dask+tls": "tls"}
_CONNECT_S: Final = 10.0
_PATIENCE_S: Final = 30.0
_LOOK_S: Final = 1.0

_log = logging.getLogger(__name__)


class ClusterWorkers(Workers):
    """A bounded queue in front of a Dask scheduler.

    A task whose worker dies runs again on another one, by Dask's own rules. When the scheduler is
    lost, what is under way fails, and the next job connects anew.
    """

    def __init__(self, address: str, client: Client, most_waiting: int, patience_s: float) -> None:
        super().__init__(most_waiting=most_waiting)
        self._address = address
        self._client = client
        self._connecting: asyncio.Task[Client] | None = None
        self._patience_s = patience_s

    @classmethod
    async def connect(
        cls,
        address: str,
        *,
        most_waiting: int = MOST_WAITING,
        connect_s: float = _CONNECT_S,
        patience_s: float = _PATIENCE_S,
    ) -> Self:
        """Connect to a scheduler, and compare versions with its workers.

        Args:
            address: Such as ``dask://host:8786``; for ``dask+tls`` Dask's own configuration names
                the certificates.
            most_waiting: How many jobs may wait for a worker.
            connect_s: Seconds for which to look for the scheduler.
            patience_s: Seconds for which a job waits while there is no worker at all.

        Raises:
            WorkerLostError: The scheduler is out of reach, or a worker has other versions.
        """
        client = await _connected_to(address, connect_s)
        workers = cls(address, client, most_waiting, patience_s)
        try:
            await workers._require_same_versions()
        except WorkerLostError:
            await workers.close()
            raise
        return workers

    @property
    def processes(self) -> int:
        """Jobs that can run at once, as of some seconds ago."""
        return int(self._client.scheduler_info().get("total_threads", 0))

    async def close(self) -> None:
        """Drop what waits, and leave the cluster to others."""
        await _leave(self._client)

    async def _run(self, job: Callable[[], R], ticket: Ticket) -> R:
        with self._losses_in_words():
            submit = partial(_submit, await self._connected(), ticket)
            return await self._outcome(submit(job))

    async def _run_in_parts(self, job: InParts[Any, Any, R], ticket: Ticket) -> R:
        with self._losses_in_words():
            client = await self._connected()
            submit = partial(_submit, client, ticket)
            planned = submit(job.plan)
            found = [
                submit(job.look, planned, part, workers=workers)
                for part, workers in zip(
                    job.parts, await _places(client, len(job.parts)), strict=True
                )
            ]
            return await self._outcome(submit(job.finish, planned, found))

    async def _outcome(self, future: "Future[Any]") -> Any:
        """Wait for a result, but not in vain for the first worker to come."""
        result = asyncio.ensure_future(future.result())
        deserted = asyncio.create_task(self._deserted())
        try:
            await asyncio.wait({result, deserted}, return_when=asyncio.FIRST_COMPLETED)
            if not result.done():
                raise WorkerLostError(_no_worker(self._address))
            return result.result()
        finally:
            deserted.cancel()
            result.cancel()
            future.release()

    async def _deserted(self) -> None:
        waited_s = 0.0
        while waited_s < self._patience_s:
            await asyncio.sleep(_LOOK_S)
            waited_s = 0.0 if self.processes else waited_s + _LOOK_S

    async def _connected(self) -> Client:
        if self._client.status in {"closing", "closed"}:
            if self._connecting is None or self._connecting.done():
                self._connecting = asyncio.create_task(_connected_to(self._address, _CONNECT_S))
            # Whoever stops waiting must not stop the others.
            self._client = await asyncio.shield(self._connecting)
        return self._client

    @contextmanager
    def _losses_in_words(self) -> Generator[None]:
        try:
            yield
        except (FutureCancelledError, ClosedClientError) as error:
            msg = f"The Dask scheduler at {self._address} was lost; please try again."
            raise WorkerLostError(msg) from error
        except (KilledWorker, NoValidWorkerError, NoWorkerError) as error:
            msg = f"One worker after the other died while it worked: {error}"
            raise WorkerLostError(msg) from error

    async def _require_same_versions(self) -> None:
        answers: Mapping[str, Any] = await self._client.run(versions, on_error="return")
        for worker, theirs in answers.items():
            if isinstance(theirs, Exception):
                msg = f"The worker on {worker} cannot run musicrec: {theirs}. Install it there."
                raise WorkerLostError(msg)
            require_same(versions(), theirs, worker)
        if not answers:
            _log.warning(_no_worker(self._address))


async def _connected_to(address: str, connect_s: float) -> Client:
    scheme, _, place = address.partition("://")
    client = Client(
        f"{_SCHEMES[scheme]}://{place}",
        asynchronous=True,
        timeout=connect_s,
        set_as_default=False,
    )
    try:
        return await client
    except TypeError as error:
        await _leave(client)
        msg = (
            f"There are no certificates for {address}: name them in Dask's configuration"
            " (distributed.comm.tls)."
        )
        raise WorkerLostError(msg) from error
    except (OSError, ImportError) as error:
        msg = (
            f"The Dask scheduler at {address} is out of reach: start it there with"
            " `dask scheduler`, or correct WORKERS."
        )
        raise WorkerLostError(msg) from error


async def _leave(client: Any) -> None:
    # Typed as if every client were a synchronous one.
    await client.close()


def _no_worker(address: str) -> str:
    place = address.partition("://")[2]
    return (
        f"No worker is connected to the Dask scheduler at {address}: start some with"
        f" `dask worker {place} --nworkers auto --nthreads 1`."
    )


def _submit(
    client: Client,
    ticket: Ticket,
    job: Callable[..., Any],
    *args: Any,
    workers: list[str] | None = None,
) -> "Future[Any]":
    """Hand a job to the scheduler; arguments may be futures, alone or in a list."""
    named = job.func if isinstance(job, partial) else job
    return client.submit(
        _do,
        versions(),
        job,
        *args,
        key=f"{getattr(named, '__name__', 'job')}-{uuid4().hex}",
        pure=False,
        priority=int(ticket.goes_first),
        workers=workers,
        allow_other_workers=workers is not None,
    )


def _do(ours: Mapping[str, str], job: Callable[..., R], *args: Any) -> R:
    require_same(ours, versions(), get_worker().address)
    return one_thread(partial(job, *args))


async def _places(client: Client, n_parts: int) -> list[list[str] | None]:
    """Return the workers that come first for each part: all of one host."""
    scheduler: Any = client.scheduler
    try:
        known = await scheduler.identity(n_workers=-1)
    except OSError:  # the scheduler is lost, which whoever waits for the result will hear
        return [None] * n_parts
    hosts: defaultdict[str, list[str]] = defaultdict(list)
    for address, worker in known["workers"].items():
        hosts[worker["host"]].append(address)
    if not hosts:
        return [None] * n_parts
    chosen = homes(n_parts, {host: len(workers) for host, workers in hosts.items()})
    return [hosts[host] for host in chosen]
