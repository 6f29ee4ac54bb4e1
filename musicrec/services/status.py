"""How the bot is doing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import StorageError
from musicrec.domain.recall import RecallSummary
from musicrec.domain.source_answer import SourceClosure, SourceState
from musicrec.storage import Database, UnitOfWork
from musicrec.workers import Workers

_WEEK: Final = timedelta(days=7)
MOST_COUNTED: Final = 100_000
"""Ratings; to count millions takes seconds."""
_PATIENCE_S: Final = 5.0
"""Seconds after which a database that does not answer counts as dead."""


@dataclass(frozen=True, slots=True)
class Status:
    """Facts for ``/status``; counts are None while the database is out of reach.

    ``n_labels`` is exact up to 100,000, beyond it a little too high (deleted ones count in it).
    ``recall`` is of the audits of the last seven days; None where there are none. ``closures`` are
    the outside services that may not be asked now, ``sources`` how those did that look songs up.
    """

    version: str
    n_songs: int
    catalogue_name: str
    catalogue_version: str
    catalogue_bytes: int
    catalogue_built_at: datetime
    database: str
    database_ok: bool
    n_labels: int | None
    n_models: int | None
    recall: RecallSummary | None
    closures: tuple[SourceClosure, ...]
    sources: tuple[SourceState, ...]
    jobs_waiting: int
    jobs_running: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is looked at again and again: cheap, and without a count over a whole table.

    ``closures`` are the outside services that may not be asked now; ``is_full`` says that the next
    job would be refused.
    """

    database_ok: bool
    closures: tuple[SourceClosure, ...]
    jobs_waiting: int
    jobs_running: int
    is_full: bool


class StatusService:
    """Looks at every part."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        sources: Callable[[], Sequence[SourceState]] = tuple,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._sources = sources

    async def pulse(self, *, at: datetime) -> Pulse:
        """Return whether the parts answer; a database that is dead or slow is a fact."""
        database_ok, closures = True, ()
        try:
            async with asyncio.timeout(_PATIENCE_S), self._database.reading() as uow:
                closures = tuple(await uow.sources.closures(at))
        except (StorageError, TimeoutError):
            database_ok = False
        return Pulse(
            database_ok=database_ok,
            closures=closures,
            jobs_waiting=self._workers.waiting,
            jobs_running=self._workers.running,
            is_full=self._workers.is_full,
        )

    async def status(self, *, at: datetime) -> Status:
        """Return the state of things; a dead database is a fact, not an error."""
        try:
            async with self._database.reading() as uow:
                n_labels = await _count_labels(uow)
                n_models = await uow.models.count_listeners()
                recall = RecallSummary.of(await uow.audits.list_all(since=at - _WEEK))
                closures = tuple(await uow.sources.closures(at))
        except StorageError:
            n_labels = n_models = recall = None
            closures = ()
        catalogue = self._catalogue.now
        return Status(
            version=version("musicrec"),
            n_songs=len(catalogue),
            catalogue_name=catalogue.name,
            catalogue_version=catalogue.version,
            catalogue_bytes=sum(catalogue.snapshot.manifest.sizes.values()),
            catalogue_built_at=datetime.fromisoformat(catalogue.snapshot.manifest.created_at),
            database=self._database.dialect,
            database_ok=n_labels is not None,
            n_labels=n_labels,
            n_models=n_models,
            recall=recall,
            closures=closures,
            sources=tuple(self._sources()),
            jobs_waiting=self._workers.waiting,
            jobs_running=self._workers.running,
        )


async def _count_labels(uow: UnitOfWork) -> int:
    n_labels = await uow.labels.count_all(most=MOST_COUNTED)
    return n_labels if n_labels < MOST_COUNTED else await uow.labels.newest_id() or n_labels
