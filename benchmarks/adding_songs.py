"""How soon 1,000 songs that are learned one by one are found and recommended."""

import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import NO_CORRECTIONS
from musicrec.domain.ids import EventId, ListenerId, TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.services.learning import SongLearning
from musicrec.services.rankings import RankingStore
from musicrec.services.recommendations import shortlisted
from musicrec.storage import Database, sqlite_url, upgrade
from musicrec.taste import TasteModel, content_hash, dump_model
from musicrec.workers import LocalWorkers

N_ADDED: Final = 1_000
SHARE_KNOWN: Final = 0.2
"""Of the added songs, those that the snapshot has already."""
_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_N: Final = 50
_PROBE_S: Final = 0.002


def adding_1000_songs(
    catalogue: Catalogue, model: TasteModel, *, database_url: str | None = None
) -> dict[str, float]:
    """Store 1,000 songs, find one of them, and recommend with all of them, in milliseconds.

    Args:
        catalogue: In a folder of its own, as ``catalogue.build.build`` leaves it.
        model: The listener's, whose ranking of the snapshot is there already.
        database_url: Migrated; None for a new SQLite file.
    """
    return asyncio.run(_measured(catalogue, model, database_url))


async def _measured(
    catalogue: Catalogue, model: TasteModel, database_url: str | None
) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        (data_dir / "catalogue").symlink_to(catalogue.snapshot.folder.parent.absolute())
        if database_url is None:
            await upgrade(sqlite_url(data_dir))
        database = Database.open(database_url or sqlite_url(data_dir))
        workers = LocalWorkers(1)
        current = CurrentCatalogue(data_dir)
        try:
            rankings = RankingStore(data_dir / "rankings", workers)
            return await _add(current, SongLearning(database, current), rankings, _stored(model))
        finally:
            current.close()
            await workers.close()
            await database.close()


async def _add(
    current: CurrentCatalogue, learning: SongLearning, rankings: RankingStore, model: StoredModel
) -> dict[str, float]:
    songs = songs_to_add(current.now)
    await learning.catch_up()
    await rankings.of(model, current.now)
    marks: list[float] = []
    probe = asyncio.create_task(_probe(marks))
    started = time.perf_counter()
    await learning.learn(songs, at=_AT)
    stored = time.perf_counter()
    found = await asyncio.to_thread(current.now.search, songs[-1].track.title)
    searched = time.perf_counter()
    ranked = await rankings.of(model, current.now)
    shortlisted(current.now, ranked, NO_CORRECTIONS, n=_N, seed=0)
    recommended = time.perf_counter()
    probe.cancel()
    if (
        found[0].title != songs[-1].track.title
        or not np.isin(current.now.delta.rows, ranked.rows).all()
    ):
        msg = "A song that was added was not found."
        raise RuntimeError(msg)
    return {
        "add_1000_stored_ms": 1e3 * (stored - started),
        "add_1000_search_ms": 1e3 * (searched - stored),
        "add_1000_recommend_ms": 1e3 * (recommended - searched),
        "add_1000_ms": 1e3 * (recommended - started),
        "add_1000_longest_pause_ms": 1e3 * max(b - a for a, b in pairwise(marks)),
    }


def songs_to_add(catalogue: Catalogue, n: int = N_ADDED) -> list[LearnedSong]:
    """Make songs up by those of a catalogue: some are better known ones, the others new."""
    rows = np.random.default_rng(0).choice(len(catalogue.snapshot), n, replace=False)
    origin = Origin("benchmark", _AT)
    songs: list[LearnedSong] = []
    for number, track in enumerate(catalogue.tracks(rows)):
        is_new = number >= SHARE_KNOWN * n
        own_id = TrackId(f"isrc:BENCH{number:07}") if is_new else track.id
        title = f"{track.title} learned {number}" if is_new else track.title
        learned = replace(track, id=own_id, title=title)
        songs.append(LearnedSong.of_one_source(learned, origin, (f"mbid:bench-{number}",)))
    return songs


async def _probe(marks: list[float]) -> None:
    """Note when the event loop comes round."""
    while True:
        marks.append(time.perf_counter())
        await asyncio.sleep(_PROBE_S)


def _stored(taste: TasteModel) -> StoredModel:
    blob = dump_model(taste)
    summary = ModelSummary(
        listener_id=ListenerId(1),
        fitted_at=_AT,
        algorithm=taste.algorithm,
        n_labels=taste.n_labels,
        feature_names=taste.feature_names,
        content_hash=content_hash(blob),
        trained_through=EventId(0),
        report=taste.report,
    )
    return StoredModel(summary, blob)
