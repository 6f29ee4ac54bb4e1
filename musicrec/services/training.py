"""Learn from a listener's labels: on demand, and quietly after every few new ones."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import MusicRecError, NotEnoughLabelsError, WorkerLostError
from musicrec.domain.ids import EventId, ListenerId
from musicrec.domain.label import LabelCounts
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.domain.picture import Picture
from musicrec.domain.report import Report
from musicrec.domain.timely_errors import ForgottenMeanwhileError
from musicrec.services.hinted_songs import Lesson, lesson_for, songs_to_learn_from
from musicrec.services.jobs import draw_report, train_and_score
from musicrec.services.jobs import warm_up as warm_up_job
from musicrec.services.presence import lock_as_begun
from musicrec.services.rankings import RankingStore
from musicrec.services.scores import ScoreCache
from musicrec.sources.flights import Flights
from musicrec.storage import Database, UnitOfWork
from musicrec.taste import content_hash, require_enough
from musicrec.workers import Workers

RETRAIN_AFTER = 10
"""New labels after which a listener's model is refitted by itself."""

_log = logging.getLogger(__name__)


class ModelFate(StrEnum):
    """What changed labels mean for the model that was learned from them."""

    KEPT = "kept"
    DUE = "due"
    """To be refitted at once: much is new, or something it learned from was taken back."""
    DROPPED = "dropped"
    """Something it learned from was taken back, and too little is left for another one."""


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """A finished training as it is shown."""

    report: Report
    picture: Picture
    summary: ModelSummary


class TrainingService:
    """Fits models in worker processes and keeps them.

    Quiet retraining runs in one task of this service, one listener after the other, so that it
    never takes the whole pool and no interaction waits for it.
    """

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        scores: ScoreCache,
        rankings: RankingStore,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._scores = scores
        self._rankings = rankings
        self._clock = clock
        self._due: asyncio.Queue[ListenerId] = asyncio.Queue()
        self._queued: set[ListenerId] = set()
        self._task: asyncio.Task[None] | None = None
        self._fits: Flights[StoredModel] = Flights()

    def start(self, *, warm_up: bool = False) -> None:
        """Begin to retrain quietly; needs a running event loop.

        Args:
            warm_up: Start a worker now, so that the first listener does not wait for it.
        """
        self._task = asyncio.create_task(self._work(warm_up=warm_up), name="quiet retraining")

    async def close(self) -> None:
        """Stop retraining; what waits is found due again when the listener comes back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._fits.close()
        await self._rankings.close()

    async def train_now(self, listener_id: ListenerId, *, at: datetime) -> TrainingOutcome:
        """Compare the algorithms on all current labels, keep the best and report.

        Raises:
            NotEnoughLabelsError: There is too little to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
        """
        stored = await self._fit(listener_id, at)
        picture = await self._workers.run(draw_report, stored.summary.report)
        return TrainingOutcome(stored.summary.report, picture, stored.summary)

    async def ensure_model(self, listener_id: ListenerId, *, at: datetime) -> StoredModel:
        """Return the listener's latest model; fit the first one where there is none.

        Raises:
            NotEnoughLabelsError: There is no model and too little to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
        """
        async with self._database.reading() as uow:
            stored = await uow.models.latest(listener_id)
            is_outdated = stored is not None and await uow.labels.took_back_since(
                listener_id, stored.summary.trained_through
            )
        if is_outdated:  # its refitting was lost with the process, put off, or is under way
            self.retrain_soon(listener_id)
        return stored or await self._fit(listener_id, at)

    async def review(self, uow: UnitOfWork, listener_id: ListenerId) -> ModelFate:
        """Decide about the model in the transaction that changed the labels.

        Nothing that was taken back may go on speaking through a model. Where the answer is
        ``DUE``, the caller calls ``retrain_soon`` after the commit: earlier, the training could
        miss the very labels that made it due.
        """
        summary = await uow.models.latest_summary(listener_id)
        seen = summary.trained_through if summary else EventId(0)
        is_outdated = summary is not None and await uow.labels.took_back_since(listener_id, seen)
        counts = await uow.labels.counts(listener_id)
        n_new = await uow.labels.count_tracks_since(listener_id, seen)
        fate = fate_of(counts, is_outdated=is_outdated, n_new=n_new)
        if fate is ModelFate.DROPPED:
            await self._drop_models(uow, listener_id)
        return fate

    async def forget_hints(self, uow: UnitOfWork, listener_id: ListenerId) -> int:
        """Delete a listener's hints, and all models: any may have learned from them.

        Another model is fitted as soon as it is asked for; where that is to be sooner, the caller
        calls ``retrain_soon`` after the commit.

        Args:
            uow: A transaction in which the listener is locked.
            listener_id: Whose.

        Returns:
            How many hints there were.
        """
        n_forgotten = await uow.hints.delete_all(listener_id)
        if n_forgotten:
            await self._drop_models(uow, listener_id)
        return n_forgotten

    async def forget_rankings_of_others(self) -> int:
        """Delete rankings on this host whose models were deleted by a process elsewhere.

        Returns:
            Of how many models.

        Raises:
            StorageError: The database is out of reach.
        """
        kept = await asyncio.to_thread(self._rankings.kept)
        async with self._database.reading() as uow:
            gone = kept - await uow.models.known_hashes(kept)
        self._rankings.forget(gone)
        return len(gone)

    def retrain_soon(self, listener_id: ListenerId) -> None:
        """Queue a quiet retraining unless one is queued already."""
        if listener_id not in self._queued:
            self._queued.add(listener_id)
            self._due.put_nowait(listener_id)

    @property
    def n_due(self) -> int:
        """Listeners whose quiet retraining waits."""
        return self._due.qsize()

    async def idle(self) -> None:
        """Wait until every queued retraining is done."""
        await self._due.join()

    async def _work(self, *, warm_up: bool) -> None:
        if warm_up:
            with contextlib.suppress(WorkerLostError):  # the next job starts another one
                await self._workers.run(warm_up_job)
        while True:
            listener_id = await self._due.get()
            self._queued.discard(listener_id)
            try:
                await self._fit(listener_id, self._clock())
            except ForgottenMeanwhileError:
                _log.info("A quiet retraining ended: its listener had everything deleted.")
            except MusicRecError as error:
                _log.warning("Quiet retraining of %s was put off: %s", listener_id, error)
            except Exception:  # noqa: BLE001 - one listener's bug must not end everyone's retraining
                _log.exception("Quiet retraining of %s failed", listener_id)
            finally:
                self._due.task_done()

    async def _fit(self, listener_id: ListenerId, at: datetime) -> StoredModel:
        """Learn from all that was said; who asks for the same meanwhile waits for the same."""
        async with self._database.reading() as uow:
            lesson = await lesson_for(uow, listener_id)
        return await self._fits.join(lesson, lambda: self._learn(lesson, at))

    async def _learn(self, lesson: Lesson, at: datetime) -> StoredModel:
        catalogue = self._catalogue.now
        labelled = await asyncio.to_thread(
            songs_to_learn_from, catalogue, lesson.events, lesson.hints
        )
        blob, report, scores = await self._workers.run_long(
            train_and_score, labelled, catalogue.snapshot.folder
        )
        summary = ModelSummary(
            listener_id=lesson.listener_id,
            fitted_at=at,
            algorithm=report.best.algorithm,
            n_labels=report.n_likes + report.n_dislikes,
            feature_names=report.feature_names,
            content_hash=content_hash(blob),
            trained_through=lesson.through,
            report=report,
        )
        model = await self._keep(lesson, StoredModel(summary, blob))
        is_kept = model.summary.id is not None
        if is_kept and model.summary.content_hash == summary.content_hash:
            self._scores.put(model.summary, catalogue, scores)
            self._rankings.prepare(model, catalogue)
        return model

    async def _drop_models(self, uow: UnitOfWork, listener_id: ListenerId) -> None:
        self._rankings.forget(await uow.models.content_hashes(listener_id))
        await uow.models.delete_all(listener_id)
        self._scores.forget(listener_id)

    async def _keep(self, lesson: Lesson, model: StoredModel) -> StoredModel:
        """Store the model, unless hints behind it were deleted in the meantime.

        Labels that were taken back in the meantime are dealt with as if it had been there.

        Returns:
            The model with its id, where it was stored; a newer one that was stored before it.

        Raises:
            ForgottenMeanwhileError: The labels behind it were deleted.
        """
        listener_id = lesson.listener_id
        async with self._database.writing() as uow:
            await lock_as_begun(uow, listener_id, lesson.since, model.summary.fitted_at)
            if not {*lesson.hints} <= {*await uow.hints.list_all(listener_id)}:
                self._rankings.forget([model.summary.content_hash])
                self.retrain_soon(listener_id)
                return model
            newest = await uow.models.latest(listener_id)
            if newest is not None and newest.summary.trained_through > lesson.through:
                return newest
            former = set(await uow.models.content_hashes(listener_id))
            model_id = await uow.models.add(model)
            fate = await self.review(uow, listener_id)
        self._rankings.forget(former - {model.summary.content_hash})
        if fate is ModelFate.DUE:
            self.retrain_soon(listener_id)
        return replace(model, summary=replace(model.summary, id=model_id))


def fate_of(counts: LabelCounts, *, is_outdated: bool, n_new: int) -> ModelFate:
    """Return what labels mean for the latest model.

    Args:
        counts: Current labels.
        is_outdated: Something that the model learned from was taken back.
        n_new: Songs about which something was said since.
    """
    if missing_labels(counts):
        return ModelFate.DROPPED if is_outdated else ModelFate.KEPT
    return ModelFate.DUE if is_outdated or n_new >= RETRAIN_AFTER else ModelFate.KEPT


def missing_labels(counts: LabelCounts) -> int:
    """Return how many more labels are needed before anything can be learned; 0 if enough."""
    try:
        require_enough(counts)
    except NotEnoughLabelsError as error:
        return error.missing_labels
    return 0
