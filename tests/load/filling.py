"""A database full of listeners and labels, written past the repositories because it is large."""

import asyncio
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

import asyncpg

from musicrec.catalogue import Catalogue
from musicrec.domain.ids import EventId, ListenerId, TrackId
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.services.jobs import train_and_score
from musicrec.services.taste import labelled_songs
from musicrec.storage import Database
from musicrec.storage.urls import POSTGRESQL, dialect_of, parse_url
from musicrec.taste import content_hash

FIRST_LISTENER: Final = 700_000_000_000_000_000
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_APART: Final = timedelta(minutes=1)
_AT_ONCE: Final = 100_000

_LISTENERS: Final = ("id", "created_at")
_LABELS: Final = ("listener_id", "track_id", "value", "labelled_at", "source")


@dataclass(frozen=True)
class Population:
    """Listeners who each rated equally many songs, no two of them the same ones.

    Attributes:
        tracks: Songs there are to rate.
        n_listeners: How many people.
        n_labels: Of each; fewer than there are songs.
    """

    tracks: Sequence[TrackId]
    n_listeners: int
    n_labels: int

    def listener(self, number: int) -> ListenerId:
        return ListenerId(FIRST_LISTENER + number)

    def track(self, number: int, place: int) -> TrackId:
        """Return a song of a listener: rated from the start below ``n_labels``, fresh later."""
        return self.tracks[(31 * number + place) % len(self.tracks)]

    def people(self) -> Iterator[tuple[Any, ...]]:
        return ((self.listener(number), _START) for number in range(self.n_listeners))

    def labels(self) -> Iterator[tuple[Any, ...]]:
        times = [_START + place * _APART for place in range(self.n_labels)]
        for number in range(self.n_listeners):
            listener_id = self.listener(number)
            for place, at in enumerate(times):
                value = "dislike" if (number + place * place) % 5 < 2 else "like"
                yield listener_id, self.track(number, place), value, at, "import"


async def fill(url: str, population: Population) -> None:
    """Write a population into a database that has all tables and no rows."""
    address = parse_url(url)
    if dialect_of(address) == POSTGRESQL:
        await _fill_postgres(url, population)
    else:
        await asyncio.to_thread(_fill_sqlite, str(address.database), population)


async def give_models(url: str, catalogue: Catalogue, listener_ids: Collection[ListenerId]) -> None:
    """Let listeners have trained: each has the model that one of them would have.

    Training hundreds takes longer than what is measured; what a model says makes no difference.
    """
    database = Database.open(url)
    async with database.reading() as work:
        (some_id, *_) = listener_ids
        songs = labelled_songs(catalogue, await work.labels.current(some_id))
    blob, report, _ = await asyncio.to_thread(train_and_score, songs, catalogue.snapshot.folder)
    async with database.writing() as work:
        for listener_id in listener_ids:
            summary = ModelSummary(
                listener_id=listener_id,
                fitted_at=datetime.now(UTC),
                algorithm=report.best.algorithm,
                n_labels=report.n_likes + report.n_dislikes,
                feature_names=report.feature_names,
                content_hash=content_hash(blob),
                trained_through=await work.labels.last_event_id(listener_id) or EventId(0),
                report=report,
            )
            await work.models.add(StoredModel(summary, blob))
    await database.close()


def _fill_sqlite(path: str, population: Population) -> None:
    sqlite3.register_adapter(datetime, lambda at: at.strftime("%Y-%m-%d %H:%M:%S.%f"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        for table, columns, rows in _tables(population):
            marks = ", ".join("?" for _ in columns)
            insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names from above
            while batch := list(islice(rows, _AT_ONCE)):
                with connection:
                    connection.executemany(insert, batch)
        connection.execute("ANALYZE")


async def _fill_postgres(url: str, population: Population) -> None:
    connection = await asyncpg.connect(url)
    try:
        # Foreign keys of 50 million rows, one by one, would take longer than all else.
        await connection.execute("SET session_replication_role = replica")
        for table, columns, rows in _tables(population):
            while batch := list(islice(rows, _AT_ONCE)):
                await connection.copy_records_to_table(table, records=batch, columns=columns)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _tables(
    population: Population,
) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
    yield "listeners", _LISTENERS, population.people()
    yield "label_events", _LABELS, population.labels()


def rows_of_sqlite(path: str, query: str) -> list[tuple[Any, ...]]:
    """Ask a file past the bot."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()
