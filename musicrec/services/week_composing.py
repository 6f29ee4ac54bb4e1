"""Composes a listener's weekly list from what is stored: model, ratings, what was shown, receipts.

The list itself is composed in a worker; the event loop only gathers what it is composed from.
"""

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from musicrec.catalogue import Catalogue, CurrentCatalogue, Delta
from musicrec.discovery.week import WeekRequest
from musicrec.domain.errors import NotEnoughLabelsError
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.model import StoredModel
from musicrec.domain.shortlist import ShortlistKind
from musicrec.domain.week import Receipt, Week, WeekList, WeekSong
from musicrec.domain.weekly_plan import SpotifyCopy, WeeklyPlan
from musicrec.services.corrections import CorrectionService
from musicrec.services.rankings import RankingStore
from musicrec.services.training import TrainingService
from musicrec.services.week_notes import note_of
from musicrec.services.week_receipts import leans_of, receipt_of
from musicrec.services.week_spotify import unknown_there
from musicrec.services.weekly_jobs import compose_week
from musicrec.storage import Database
from musicrec.workers import Workers

SHOWN_FOR: Final = timedelta(weeks=26, days=1)
"""How long a song that was shown is not shown again; lists of the same hour differ by seconds."""

_SHOWN: Final = (ShortlistKind.WEEK, ShortlistKind.RECOMMEND, ShortlistKind.EXPLORE)
_SEEDS: Final = 2**31
_MOST_RANKED: Final = 10_000
"""Of a ranking's best songs, those among which a worker is told of learned ones."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored about a listener, as of one instant."""

    labels: Sequence[LabelEvent]
    shown: Collection[TrackId]
    before: Week | None
    n_skipped: int

    @property
    def verdicts(self) -> dict[TrackId, bool]:
        return {one.track_id: one.value is LabelValue.LIKE for one in self.labels}


class PersonalComposer:
    """A ``Composer`` for listeners with any number of ratings."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        training: TrainingService,
        rankings: RankingStore,
        *,
        corrections: CorrectionService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training
        self._rankings = rankings
        self._corrections = corrections

    async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
        """Return the list of a week; a starter week where there are too few ratings.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        catalogue = self._catalogue.now
        model, n_missing = await self._model(plan.listener_id, at)
        stored = await self._read(week, at)
        receipt = await asyncio.to_thread(_receipt, plan, stored, catalogue)
        adventure = plan.adventure if receipt is None else receipt.adventure
        moved = replace(plan, adventure=adventure)
        request = await self._request(moved, week, catalogue, model, stored)
        songs = await self._workers.run(
            compose_week,
            None if model is None else model.blob,
            catalogue.snapshot.folder,
            request,
            _learned(catalogue, request),
        )
        left_out = await asyncio.to_thread(_left_out, plan, songs, catalogue)
        receipt = await asyncio.to_thread(_with_leans, receipt, songs, stored, catalogue)
        return WeekList(
            songs=songs,
            receipt=receipt,
            note=note_of(
                n_songs=len(songs),
                n_wanted=plan.n_songs,
                n_missing=n_missing,
                n_skipped=0 if receipt else stored.n_skipped,
                left_out=left_out,
            ),
            n_labels=len(stored.labels),
            seed=seed_of(week),
            catalogue_version=catalogue.version,
            model_id=None if model is None else model.summary.id,
        )

    async def _model(self, listener_id: ListenerId, at: datetime) -> tuple[StoredModel | None, int]:
        """Return the listener's model, or how many ratings are missing for one."""
        try:
            return await self._training.ensure_model(listener_id, at=at), 0
        except NotEnoughLabelsError as error:
            return None, error.missing_labels

    async def _read(self, week: Week, at: datetime) -> _Stored:
        async with self._database.reading() as uow:
            before, n_skipped = await uow.weeks.before(week)
            return _Stored(
                labels=await uow.labels.current(week.listener_id),
                shown=await uow.shortlists.shown_since(week.listener_id, _SHOWN, at - SHOWN_FOR),
                before=before,
                n_skipped=n_skipped,
            )

    async def _request(
        self,
        plan: WeeklyPlan,
        week: Week,
        catalogue: Catalogue,
        model: StoredModel | None,
        stored: _Stored,
    ) -> WeekRequest:
        corrected = await self._corrections.of(plan.listener_id)
        rows, p_like = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        if model is not None:
            ranked = await self._rankings.of(model, catalogue)
            rows, p_like = await asyncio.to_thread(
                corrected.correct, catalogue, ranked.rows, ranked.p_like
            )
        return WeekRequest(
            rows=rows,
            p_like=p_like,
            history=stored.verdicts,
            shown=frozenset(stored.shown) | frozenset(corrected.known),
            blocked=frozenset(corrected.never),
            n=plan.n_songs,
            adventure=plan.adventure,
            seed=seed_of(week),
        )


def seed_of(week: Week) -> int:
    """Return what decides a week's list beside model and catalogue: listener and date."""
    named = f"{week.listener_id}:{week.local_date.isoformat()}".encode()
    return int.from_bytes(hashlib.sha256(named).digest()[:8]) % _SEEDS


def _learned(catalogue: Catalogue, request: WeekRequest) -> Delta:
    """Return what was learned of the best songs and the rated ones; workers know no other."""
    rated = catalogue.rows_of(request.history)
    best = request.rows[:_MOST_RANKED].astype(np.intp)
    return catalogue.delta.only(np.concatenate([best, rated]))


def _left_out(
    plan: WeeklyPlan, songs: Sequence[WeekSong], catalogue: Catalogue
) -> tuple[WeekSong, ...]:
    """Return what the copy that is wished will not have."""
    return () if plan.spotify is SpotifyCopy.NONE else unknown_there(songs, catalogue)


def _receipt(plan: WeeklyPlan, stored: _Stored, catalogue: Catalogue) -> Receipt | None:
    before = stored.before
    if before is None or before.content is None or before.sent_at is None:
        return None
    likes = [
        one.track_id
        for one in stored.labels
        if one.value is LabelValue.LIKE and one.labelled_at < before.sent_at
    ]
    tracks = catalogue.tracks(catalogue.rows_of(likes).tolist())
    return receipt_of(
        before.content,
        stored.verdicts,
        {fold(track.main_artist) for track in tracks},
        adventure=plan.adventure,
        n_skipped=stored.n_skipped,
    )


def _with_leans(
    receipt: Receipt | None, songs: Sequence[WeekSong], stored: _Stored, catalogue: Catalogue
) -> Receipt | None:
    before = stored.before
    if receipt is None or before is None or before.content is None:
        return receipt
    return replace(receipt, leans=leans_of(songs, before.content, stored.verdicts, catalogue))
