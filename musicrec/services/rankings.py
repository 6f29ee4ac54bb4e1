"""Every listener's best songs of the whole catalogue, found once a model and kept in files."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery import Ranking, read_ranking, write_ranking
from musicrec.domain.asker import unasked
from musicrec.domain.errors import MusicRecError
from musicrec.domain.model import StoredModel
from musicrec.domain.song_filter import SongFilter
from musicrec.services.learned_scores import LearnedScores
from musicrec.services.ranking_jobs import rank_all, rank_some
from musicrec.sources.flights import Flights
from musicrec.workers import Workers

_MOST_FILES: Final = 500
"""Listeners whose rankings stay on the disk, some 2 MB each over a large catalogue."""

_MOST_FORGOTTEN: Final = 10_000
_NO_SCORES: Final = np.empty(0, dtype=np.float32)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True)
class Ranked:
    """Songs of one catalogue, best first.

    Attributes:
        rows: Of the catalogue.
        p_like: Of each.
        is_complete: Nothing that fits was left out.
    """

    rows: NDArray[np.intp]
    p_like: NDArray[np.float32]
    is_complete: bool


class RankingStore:
    """Ranks in worker processes; rankings are a cache, and follow from model and snapshot."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._folder = folder
        self._workers = workers
        self._flights: Flights[Ranking] = Flights()
        self._forgotten: OrderedDict[str, None] = OrderedDict()
        self._learned = LearnedScores(workers)

    async def of(self, model: StoredModel, catalogue: Catalogue) -> Ranked:
        """Return the model's best songs of everything.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        path = self._path(model, catalogue)
        ranking = await asyncio.to_thread(read_ranking, path)
        if ranking is None:
            ranking = await self._flights.join(path, lambda: self._made(path, model, catalogue))
        return await self._with_learned(ranking, model, catalogue)

    async def within(
        self,
        model: StoredModel,
        catalogue: Catalogue,
        only: SongFilter,
        *,
        known: NDArray[np.intp],
        most: int,
    ) -> Ranked:
        """Return the model's best songs among those that meet a filter.

        Args:
            model: Whose.
            catalogue: Where.
            only: The filter.
            known: Rows of the snapshot to leave out; of learned songs all are returned.
            most: Songs of the snapshot at most.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        snapshot = catalogue.snapshot
        most += len(catalogue.delta.superseded)
        kept = await asyncio.to_thread(_content, self._path(model, catalogue))
        work = rank_some(
            model.blob, snapshot.folder, len(snapshot), kept, only=only, known=known, most=most
        )
        ranking = await self._workers.run_in_parts(work)
        ranked = await self._with_learned(ranking, model, catalogue)
        meets = catalogue.meets(only, ranked.rows)
        return Ranked(ranked.rows[meets], ranked.p_like[meets], is_complete=False)

    def prepare(self, model: StoredModel, catalogue: Catalogue) -> None:
        """Begin to rank by a new model, so that nobody waits for it later."""
        self._forgotten.pop(model.summary.content_hash, None)
        path = self._path(model, catalogue)
        if not path.exists():
            task = unasked(self._flights.begin, path, lambda: self._made(path, model, catalogue))
            task.add_done_callback(_log_failure)

    def forget(self, content_hashes: Iterable[str]) -> None:
        """Delete the rankings of models, also those that are under way."""
        for content_hash in content_hashes:
            # Whoever holds the model still may rank by it once more: nothing of that may stay.
            self._forgotten[content_hash] = None
            self._learned.forget(content_hash)
            for path in self._folder.glob(f"{content_hash}-*"):
                path.unlink(missing_ok=True)
        while len(self._forgotten) > _MOST_FORGOTTEN:
            self._forgotten.popitem(last=False)

    def kept(self) -> set[str]:
        """Return the hashes of the models whose rankings are on this host."""
        return {path.name.split("-")[0] for path in self._folder.glob("*.npz")}

    async def close(self) -> None:
        """Wait for what is under way."""
        await self._flights.land()

    def _path(self, model: StoredModel, catalogue: Catalogue) -> Path:
        return self._folder / f"{model.summary.content_hash}-{catalogue.version}.npz"

    async def _made(self, path: Path, model: StoredModel, catalogue: Catalogue) -> Ranking:
        snapshot = catalogue.snapshot
        work = rank_all(model.blob, snapshot.folder, len(snapshot))
        ranking, content = await self._workers.run_in_parts(work)
        await asyncio.to_thread(_keep, path, content)
        if path.name.split("-")[0] in self._forgotten:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        await asyncio.to_thread(_remove_oldest, self._folder)
        return ranking

    async def _with_learned(
        self, ranking: Ranking, model: StoredModel, catalogue: Catalogue
    ) -> Ranked:
        delta = catalogue.delta
        scores = await self._learned.of(model, delta) if len(delta) else _NO_SCORES
        if model.summary.content_hash in self._forgotten:
            self._learned.forget(model.summary.content_hash)
        return with_learned(ranking, catalogue, scores)


def with_learned(
    ranking: Ranking, catalogue: Catalogue, scores: NDArray[np.floating[Any]]
) -> Ranked:
    """Put learned songs into a ranking of the snapshot, in the stead of what they replace.

    Args:
        ranking: Of the snapshot's songs.
        catalogue: Of that snapshot.
        scores: p_like of the songs in ``catalogue.delta.rows``.
    """
    rows, p_like = ranking.rows.astype(np.intp), ranking.p_like
    is_complete = len(rows) == len(catalogue.snapshot)
    delta = catalogue.delta
    if len(delta):
        kept = ~np.isin(rows, delta.superseded)
        rows = np.concatenate([rows[kept], delta.rows])
        p_like = np.concatenate([p_like[kept], scores.astype(np.float32)])
        order = np.argsort(-p_like, kind="stable")
        rows, p_like = rows[order], p_like[order]
    return Ranked(rows, p_like, is_complete)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # nothing is kept there; then the model is asked about every song
        return b""


def _keep(path: Path, content: bytes) -> None:
    try:
        write_ranking(path, content)
    except OSError as error:  # it is a cache: without it the next request takes longer
        _log.warning("The ranking %s cannot be kept: %s", path, error.strerror or error)


def _remove_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_MOST_FILES]:
        path.unlink(missing_ok=True)


def _log_failure(task: "asyncio.Task[Ranking]") -> None:
    if task.cancelled():
        return
    error = task.exception()
    if isinstance(error, MusicRecError):
        _log.warning("A ranking was put off until it is asked for: %s", error)
    elif error is not None:
        _log.error("A ranking failed", exc_info=error)
