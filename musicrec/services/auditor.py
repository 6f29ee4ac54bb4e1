"""One audit: a model scores every song, and its lists are held against that."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from musicrec.catalogue import Catalogue
from musicrec.discovery import AuditedList, Tally, sums
from musicrec.domain.errors import StorageError
from musicrec.domain.features import GENRE
from musicrec.domain.ids import TrackId
from musicrec.domain.model import StoredModel
from musicrec.domain.recall import BEST, AuditedFilter, RecallAudit
from musicrec.domain.song_filter import SongFilter
from musicrec.services.jobs import score, tally_some
from musicrec.services.listing import listed, without
from musicrec.services.rankings import RankingStore
from musicrec.workers import Workers

Progress = Callable[[int, int], None]
"""Told the songs scored and all of them."""
Condition = Callable[[], Awaitable[bool]]

_SLICE: Final = 200_000
"""Songs scored in one job: some seconds, for which somebody may have to wait."""
_PAUSE_S: Final = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """Whose lists are audited, as they were when it began.

    Attributes:
        model: Whose word is the truth.
        catalogue: What it ranks.
        known: Songs that are not recommended any more.
        liked: Songs that tell the favourite genre.
    """

    model: StoredModel
    catalogue: Catalogue
    known: set[TrackId]
    liked: Sequence[TrackId]


class Auditor:
    """Audits lists in worker processes."""

    def __init__(
        self, workers: Workers, rankings: RankingStore, *, slice_size: int = _SLICE
    ) -> None:
        self._workers = workers
        self._rankings = rankings
        self._slice_size = slice_size

    async def audit(
        self,
        subject: Subject,
        *,
        at: datetime,
        rng: np.random.Generator,
        is_current: Condition,
        progress: Progress | None = None,
    ) -> list[RecallAudit] | None:
        """Audit the lists of all songs, of the favourite genre and of a country.

        Args:
            subject: Whose.
            at: Now.
            rng: Chooses the country.
            is_current: Asked now and then whether the result is of any use still.
            progress: Told how far it is.

        Returns:
            One for each list that any song belongs on; None where it was of no use any more.

        Raises:
            StorageError, WorkersBusyError, WorkerLostError: It could not be done now.
        """
        asked = await asyncio.to_thread(filters_for, subject, rng)
        lists = [await self._list(subject, only) for only in asked.values()]
        parts = [await self._of_learned(subject, lists)]
        n, seconds = len(subject.catalogue.snapshot), 0.0
        for start in range(0, n, self._slice_size):
            await self._until_nobody_waits()
            some = range(start, min(start + self._slice_size, n))
            began = time.monotonic()
            part = await self._of_slice(subject, lists, some, is_current)
            if part is None:
                return None
            seconds += time.monotonic() - began
            parts.append(part)
            if progress is not None:
                progress(some.stop, n)
        return _audits(subject, dict(zip(asked, sums(parts), strict=True)), seconds, at)

    async def _list(self, subject: Subject, only: SongFilter) -> AuditedList:
        """Take the way of a recommendation of ``BEST`` songs."""
        catalogue, known = subject.catalogue, subject.known
        ranked = await listed(self._rankings, subject.model, catalogue, only, known, n=BEST)
        rows = without(ranked, catalogue, known).rows[:BEST]
        return AuditedList(only, rows, catalogue.all_rows_of(known))

    async def _of_slice(
        self, subject: Subject, lists: Sequence[AuditedList], some: range, is_current: Condition
    ) -> list[Tally] | None:
        if not await is_current():
            return None
        folder = subject.catalogue.snapshot.folder
        try:
            return await self._workers.run_long(tally_some, subject.model.blob, folder, lists, some)
        except StorageError:  # a worker cannot open a snapshot that was deleted meanwhile
            if await is_current():
                raise
            return None

    async def _of_learned(self, subject: Subject, lists: Sequence[AuditedList]) -> list[Tally]:
        catalogue = subject.catalogue
        rows = np.arange(len(catalogue.snapshot), len(catalogue))
        if not len(rows):
            return [Tally.of(each, rows, rows > 0, np.empty(0)) for each in lists]
        scores = await self._workers.run(score, subject.model.blob, catalogue.table(rows))
        p_like = scores.astype(np.float64)
        return [Tally.of(each, rows, catalogue.meets(each.only, rows), p_like) for each in lists]

    async def _until_nobody_waits(self) -> None:
        while self._workers.running or self._workers.waiting:  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(_PAUSE_S)


def filters_for(subject: Subject, rng: np.random.Generator) -> dict[AuditedFilter, SongFilter]:
    """Choose what people ask for: everything, the genre liked most, and some country."""
    catalogue = subject.catalogue
    filters = {AuditedFilter.NONE: SongFilter()}
    genres = catalogue.features(catalogue.rows_of(subject.liked))[GENRE].mode()
    if len(genres):
        filters[AuditedFilter.GENRE] = SongFilter(genre=str(genres.iloc[0]))
    if catalogue.countries:
        country = catalogue.countries[int(rng.integers(len(catalogue.countries)))]
        filters[AuditedFilter.COUNTRY] = SongFilter(country=country)
    return filters


def _audits(
    subject: Subject, tallies: Mapping[AuditedFilter, Tally], seconds: float, at: datetime
) -> list[RecallAudit]:
    """Say what tallies of every song mean; lists that nothing belongs on say nothing."""
    return [
        RecallAudit(
            catalogue_version=subject.catalogue.version,
            n_songs=len(subject.catalogue),
            algorithm=subject.model.summary.algorithm,
            n_labels=subject.model.summary.n_labels,
            limited_to=limited_to,
            looked_for=tally.looked_for,
            found=tally.found,
            seconds=seconds,
            at=at,
        )
        for limited_to, tally in tallies.items()
        if tally.looked_for
    ]
