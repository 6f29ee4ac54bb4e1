"""How many of the best songs the lists hold: what was found, or what an audit finds now."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from musicrec.catalogue import CurrentCatalogue
from musicrec.cli.audit_text import print_audits
from musicrec.cli.inputs import read_labels
from musicrec.cli.screen import print_notices, progress_bar
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import LIKED, TRACK_ID
from musicrec.domain.ids import EventId, ListenerId, TrackId
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.domain.recall import RecallAudit
from musicrec.services import RANKINGS
from musicrec.services.auditor import Auditor, Subject
from musicrec.services.audits import AuditService
from musicrec.services.rankings import RankingStore
from musicrec.storage import Database, sqlite_file, sqlite_url
from musicrec.taste import TasteModel, TrainingSet, content_hash, dump_model, train
from musicrec.workers import LocalWorkers

_NONE_YET: Final = (
    "No list was audited yet: the bot audits one every eight hours, of a listener who was"
    " recommended something; `musicrec catalogue audit --now 3` audits three at once."
)
_NOBODY: Final = (
    "There is nobody to audit: no listener has a model of the last 30 days and was ever"
    " recommended something. Audit a file of labels: `musicrec catalogue audit LABELS.csv`."
)
_WORKERS: Final = 1


def show_audits(data_dir: Path, *, database_url: str | None, as_json: bool) -> None:
    """Print what the stored audits found.

    Raises:
        BadInputError: There is no database.
        StorageError: The database cannot be used.
    """
    audits = asyncio.run(_stored(data_dir, database_url))
    print_audits(audits, nothing=_NONE_YET, as_json=as_json)


def audit_listeners(data_dir: Path, n: int, *, database_url: str | None, as_json: bool) -> None:
    """Audit the current models of up to ``n`` listeners, store and print what is found.

    Raises:
        BadInputError: There is no database.
        StorageError: The database or the catalogue cannot be used.
    """
    audits = asyncio.run(_audit_listeners(data_dir, database_url, n))
    print_audits(audits, nothing=_NOBODY, as_json=as_json)


def audit_labels(data_dir: Path, labels: Path, *, as_json: bool) -> None:
    """Learn a model from labels, audit its lists and print what is found.

    Raises:
        BadInputError: The file cannot be used.
        NotEnoughLabelsError: It has too few labels.
    """
    songs = read_labels(labels, data_dir)
    print_notices(songs.notices)
    ids = [TrackId(track_id) for track_id in songs.table[TRACK_ID].dropna()]
    is_liked = songs.table[LIKED].astype(bool) & songs.table[TRACK_ID].notna()
    liked = [TrackId(track_id) for track_id in songs.table.loc[is_liked, TRACK_ID]]
    with progress_bar("Comparing algorithms") as progress:
        taste = train(
            TrainingSet.from_table(songs.table), jobs=os.cpu_count() or 1, progress=progress
        )
    audits = asyncio.run(_audit_model(data_dir, _stored_model(taste), set(ids), liked))
    print_audits(audits, nothing="No song of the catalogue is unlabelled.", as_json=as_json)


async def _stored(data_dir: Path, database_url: str | None) -> list[RecallAudit]:
    async with _database(data_dir, database_url) as database, database.reading() as uow:
        return await uow.audits.list_all()


async def _audit_listeners(data_dir: Path, database_url: str | None, n: int) -> list[RecallAudit]:
    now = datetime.now(UTC)
    rng = np.random.default_rng(int(now.timestamp()))
    audits: list[RecallAudit] = []
    async with (
        _database(data_dir, database_url) as database,
        _auditor(data_dir, data_dir / RANKINGS) as (catalogue, auditor),
    ):
        service = AuditService(database, catalogue, auditor, clock=lambda: datetime.now(UTC))
        chosen = await service.choose(n, at=now, rng=rng)
        with progress_bar("Scoring every song") as progress:
            for number, listener_id in enumerate(chosen):

                def show(done: int, total: int, number: int = number) -> None:
                    progress(number * total + done, len(chosen) * total)

                at = datetime.now(UTC)
                audits += await service.audit(listener_id, at=at, rng=rng, progress=show)
    return audits


async def _audit_model(
    data_dir: Path, model: StoredModel, known: set[TrackId], liked: Sequence[TrackId]
) -> list[RecallAudit]:
    async def is_current() -> bool:
        return True

    at = model.summary.fitted_at
    with tempfile.TemporaryDirectory() as folder, progress_bar("Scoring every song") as progress:
        async with _auditor(data_dir, Path(folder)) as (catalogue, auditor):
            audits = await auditor.audit(
                Subject(model, catalogue.now, known, liked),
                at=at,
                rng=np.random.default_rng(int(at.timestamp())),
                is_current=is_current,
                progress=progress,
            )
    return audits or []


@contextlib.asynccontextmanager
async def _database(data_dir: Path, url: str | None) -> AsyncGenerator[Database]:
    file = sqlite_file(data_dir)
    if url is None and not file.exists():
        msg = (
            f"There is no database {file} to find audits or listeners in: start the bot first, or"
            " audit a file of labels with `musicrec catalogue audit LABELS.csv`."
        )
        raise BadInputError(msg)
    database = Database.open(url or sqlite_url(data_dir))
    try:
        await database.check()
        yield database
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def _auditor(
    data_dir: Path, rankings: Path
) -> AsyncGenerator[tuple[CurrentCatalogue, Auditor]]:
    with contextlib.closing(CurrentCatalogue(data_dir)) as catalogue:
        workers = LocalWorkers(_WORKERS)
        try:
            yield catalogue, Auditor(workers, RankingStore(rankings, workers))
        finally:
            await workers.close()


def _stored_model(taste: TasteModel) -> StoredModel:
    blob = dump_model(taste)
    summary = ModelSummary(
        listener_id=ListenerId(0),
        fitted_at=datetime.now(UTC),
        algorithm=taste.algorithm,
        n_labels=taste.n_labels,
        feature_names=taste.feature_names,
        content_hash=content_hash(blob),
        trained_through=EventId(0),
        report=taste.report,
    )
    return StoredModel(summary, blob)
