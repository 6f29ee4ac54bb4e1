"""Opens the database, the catalogue and the workers, wires the services, and closes it all."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bot.failures import StartError
from musicrec.accounts.opening import Accounts, open_accounts
from musicrec.accounts.settings import AccountSettings
from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import MusicRecError, StorageError, WorkerLostError
from musicrec.services import (
    AccountService,
    Homes,
    Services,
    SongLearning,
    TrainingService,
    build_services,
)
from musicrec.services.source_answers import StoredAnswers
from musicrec.services.stored_turns import StoredTurns, shared_turns
from musicrec.sources import SongLookup, SourceSettings, open_lookup
from musicrec.storage import Database, sqlite_url, upgrade
from musicrec.workers import JobRun, LocalWorkers, Workers

_LOOK_AGAIN_S = 10.0
_DAY_S = 24 * 60 * 60.0
_REMIND_AGAIN_S = 3_600.0
_SWEEP_S = 60 * 60.0
_DAMAGED_TIMES = 30
"""Looks that pass after a damaged catalogue: each reads all of it and says so."""

_PROGRAM = f"musicrec/{version('musicrec')}"
_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def open_services(
    *,
    data_dir: Path,
    database_url: str | None = None,
    worker_processes: int = 2,
    scheduler: str | None = None,
    sources: SourceSettings | None = None,
    accounts: AccountSettings | None = None,
    homes: Homes = MappingProxyType({}),
    warm_up: bool = False,
    look_again_s: float = _LOOK_AGAIN_S,
    tell: Callable[[JobRun], None] | None = None,
) -> AsyncGenerator[Services]:
    """Yield ready services; a SQLite database is created and migrated as needed.

    Args:
        data_dir: The data folder.
        database_url: None for SQLite in the data folder.
        worker_processes: Of this machine, where there is no scheduler.
        scheduler: Address of the Dask scheduler whose workers do the heavy work.
        sources: Outside services; None for the real ones, without a contact.
        accounts: Which accounts may be linked; None for none.
        homes: Where listeners have playlists, beside linked accounts and those that are kept here.
        warm_up: Prepare what the first training and the first question would wait for.
        look_again_s: Seconds between looks for a newer catalogue and learned songs.
        tell: Learns of every job of the workers that ended.

    Raises:
        StorageError: The data folder or database cannot be used.
        CatalogueMissingError: There are no songs.
        StartError: The scheduler or its workers cannot be used.
    """
    catalogue = await asyncio.to_thread(_open_catalogue, data_dir)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(catalogue.close)
        database = await _open_database(database_url or sqlite_url(data_dir), stack)
        workers = await open_workers(scheduler, worker_processes)
        workers.tell = tell
        stack.push_async_callback(workers.close)
        answers, turns = StoredAnswers(database), shared_turns(database)
        lookup = await _open_lookup(sources or SourceSettings(contact=""), answers, turns, stack)
        linked = await _open_accounts(accounts or AccountSettings(), answers, turns, stack)
        services = build_services(
            database, catalogue, workers, lookup, _now, accounts=linked, homes=homes
        )
        await _catch_up_at_once(services, warm_up=warm_up)
        _start(services, stack, warm_up=warm_up)
        looking = _looking(services, catalogue, answers, look_again_s)
        await stack.enter_async_context(_in_background(*looking))
        yield services


async def _open_lookup(
    settings: SourceSettings,
    answers: StoredAnswers,
    turns: StoredTurns | None,
    stack: contextlib.AsyncExitStack,
) -> SongLookup:
    asking = open_lookup(settings, answers, _now, program=_PROGRAM, turns=turns)
    return await stack.enter_async_context(asking)


async def _open_accounts(
    settings: AccountSettings,
    answers: StoredAnswers,
    turns: StoredTurns | None,
    stack: contextlib.AsyncExitStack,
) -> Accounts:
    opening = open_accounts(settings, answers, _now, program=_PROGRAM, turns=turns)
    return await stack.enter_async_context(opening)


def _start(services: Services, stack: contextlib.AsyncExitStack, *, warm_up: bool) -> None:
    """Begin what is done without being asked for."""
    stack.push_async_callback(services.adding.files.close)
    stack.push_async_callback(services.accounts.close)
    services.training.start(warm_up=warm_up)
    stack.push_async_callback(services.training.close)
    stack.push_async_callback(services.labels.close)
    stack.push_async_callback(services.rating.close)
    stack.push_async_callback(services.places.close)
    stack.push_async_callback(services.copies.close)
    services.edit_runs.start()
    stack.push_async_callback(services.edit_runs.close)
    services.audits.start(np.random.default_rng())
    stack.push_async_callback(services.audits.close)


def _looking(
    services: Services, catalogue: CurrentCatalogue, answers: StoredAnswers, look_again_s: float
) -> tuple[Coroutine[Any, Any, None], ...]:
    """Return what is looked after again and again."""
    return (
        _take_up_newer(catalogue, look_again_s),
        _catch_up(services.learning, look_again_s),
        _forget_unknown(answers),
        _remind(services.accounts),
        _sweep(services.training),
    )


async def _catch_up_at_once(services: Services, *, warm_up: bool) -> None:
    """Do what may not wait: what others learned is known, what may not be kept is forgotten."""
    await services.learning.catch_up()
    if n_listeners := await services.hints.forget_where_off():
        _log.info("Forgot saved and top songs of %d listeners: SPOTIFY_HINTS is off.", n_listeners)
    if warm_up:
        await asyncio.to_thread(services.rating.prepare)


@contextlib.asynccontextmanager
async def _in_background(*work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Keep the work running inside the block; at its end wait until all of it has let go."""
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _now() -> datetime:
    return datetime.now(UTC)


async def open_workers(scheduler: str | None, processes: int) -> Workers:
    """Return the workers of a Dask scheduler, or else of this machine.

    Raises:
        StartError: The scheduler or its workers cannot be used.
    """
    if scheduler is None:
        return LocalWorkers(processes)
    try:
        from musicrec.workers.cluster import ClusterWorkers  # noqa: PLC0415 - optional, and slow
    except ModuleNotFoundError as error:
        msg = f"WORKERS needs {error.name}, which is missing: pip install 'musicrec[dask]'"
        raise StartError(msg) from error
    try:
        return await ClusterWorkers.connect(scheduler)
    except WorkerLostError as error:
        raise StartError(str(error)) from error


def _open_catalogue(data_dir: Path) -> CurrentCatalogue:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The data folder {data_dir} cannot be made: {error.strerror}. Set DATA_DIR."
        raise StorageError(msg) from error
    # Workers open the songs by this path, wherever they were started.
    return CurrentCatalogue(data_dir.absolute())


async def _take_up_newer(catalogue: CurrentCatalogue, every_s: float) -> None:
    """Look every few seconds whether songs were imported, by this host or another process."""
    pause_s = every_s
    while True:
        await asyncio.sleep(pause_s)
        pause_s = every_s
        try:
            if await asyncio.to_thread(catalogue.refresh):
                _log.info("Took up the catalogue %s.", catalogue.now.version)
        except MusicRecError as error:
            _log.error("The newer catalogue cannot be used, the old one stays: %s", error)
            pause_s = _DAMAGED_TIMES * every_s
        except Exception:  # noqa: BLE001 - a bug in one look must not end all looks
            _log.exception("The look for a newer catalogue failed")


async def _catch_up(learning: SongLearning, every_s: float) -> None:
    """Look every few seconds whether other processes learned songs."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await learning.catch_up()
        except MusicRecError as error:
            _log.error("Songs that others learned could not be taken up: %s", error)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("The look for learned songs failed")


async def _forget_unknown(answers: StoredAnswers) -> None:
    """Delete once a day which songs services did not know, when they would be asked again."""
    while True:
        try:
            if n_forgotten := await answers.forget_unknown(_now()):
                _log.info("Forgot %d answers of services that knew nothing.", n_forgotten)
        except MusicRecError as error:
            _log.error("Old answers of services could not be deleted: %s", error)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("Deleting old answers of services failed")
        await asyncio.sleep(_DAY_S)


async def _remind(accounts: AccountService) -> None:
    """Look every hour whose links to accounts will end."""
    while True:
        await asyncio.sleep(_REMIND_AGAIN_S)
        try:
            await accounts.remind(at=_now())
        except MusicRecError as error:
            _log.error("Nobody could be reminded: %s", error)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("The look for links that end failed")


async def _sweep(training: TrainingService) -> None:
    """Look every hour for rankings whose models other hosts deleted."""
    while True:
        try:
            await training.forget_rankings_of_others()
        except MusicRecError as error:
            _log.error("Rankings without a model could not be deleted: %s", error)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("Deleting rankings without a model failed")
        await asyncio.sleep(_SWEEP_S)


async def _open_database(url: str, stack: contextlib.AsyncExitStack) -> Database:
    database = Database.open(url)
    stack.push_async_callback(database.close)
    if database.dialect == "sqlite":
        await upgrade(url)
    await database.check()
    return database
