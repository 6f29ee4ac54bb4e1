"""Go back in time: take back what was said last, or everything since an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelSource, LabelValue
from musicrec.domain.label_log import LabelLog, Standing, value_of
from musicrec.domain.track import Track
from musicrec.services.training import ModelFate, TrainingService, missing_labels
from musicrec.storage import Database


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """What was taken back.

    Attributes:
        track: The song; None where it has left the catalogue.
        was: What was said last about it; ``WITHDRAWN`` where a label had been taken back.
        now: Its label again; ``WITHDRAWN`` where it has none.
        counts: Current labels after it.
        missing_labels: How many more are needed before anything can be learned; 0 if enough.
        model: What becomes of the model.
    """

    track: Track | None
    was: LabelValue
    now: LabelValue
    counts: LabelCounts
    missing_labels: int
    model: ModelFate


@dataclass(frozen=True, slots=True)
class Rewind:
    """The way back to an instant, planned or gone.

    Attributes:
        to: The instant, aware UTC.
        n_removed: Songs that have a label and had none then.
        n_restored: Songs that had a label then and have none.
        n_changed: Songs with the other label.
        before: Current labels before the rewind.
        after: Current labels after it.
        missing_labels: How many more are then needed to learn anything; 0 if enough.
        model: What becomes of the model; ``KEPT`` in a plan.
    """

    to: datetime
    n_removed: int
    n_restored: int
    n_changed: int
    before: LabelCounts
    after: LabelCounts
    missing_labels: int
    model: ModelFate = ModelFate.KEPT

    @property
    def n_all(self) -> int:
        """Songs whose label changes in any way."""
        return self.n_removed + self.n_restored + self.n_changed


class HistoryService:
    """Appends to the label log what makes it say again what it said before."""

    def __init__(
        self, database: Database, catalogue: CurrentCatalogue, training: TrainingService
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training

    async def undo(
        self, listener_id: ListenerId, *, at: datetime, event_key: str
    ) -> UndoOutcome | None:
        """Take back the last verdict that stands; called again, the one before it, and so on.

        Returns:
            None where nothing is left to take back.
        """
        async with self._database.writing() as uow:
            if not await uow.listeners.lock_known(listener_id):
                return None
            log = LabelLog(await uow.labels.history(listener_id))
            last = log.last()
            if last is None:
                return None
            event = _return_to(log.before(last), listener_id, last.track_id, at, event_key)
            if await uow.labels.append(event) is None:
                return None
            fate = await self._training.review(uow, listener_id)
            counts = await uow.labels.counts(listener_id)
        self._refit(listener_id, fate)
        return UndoOutcome(
            track=self._catalogue.now.get(last.track_id),
            was=last.value,
            now=event.value,
            counts=counts,
            missing_labels=missing_labels(counts),
            model=fate,
        )

    async def plan_rewind(self, listener_id: ListenerId, to: datetime) -> Rewind:
        """Tell what ``rewind`` would do; changes nothing."""
        async with self._database.reading() as uow:
            log = LabelLog(await uow.labels.history(listener_id))
        return _rewind(log.standing, log.standing_at(to), to, ModelFate.KEPT)

    async def rewind(self, listener_id: ListenerId, to: datetime, *, at: datetime) -> Rewind:
        """Return every label to what it was at ``to``, and what can be undone with it."""
        async with self._database.writing() as uow:
            if not await uow.listeners.lock_known(listener_id):
                return _rewind({}, {}, to, ModelFate.KEPT)
            log = LabelLog(await uow.labels.history(listener_id))
            now, then = log.standing, log.standing_at(to)
            for track_id in _differing(now, then):
                await uow.labels.append(_return_to(then.get(track_id), listener_id, track_id, at))
            fate = await self._training.review(uow, listener_id)
        self._refit(listener_id, fate)
        return _rewind(now, then, to, fate)

    def _refit(self, listener_id: ListenerId, fate: ModelFate) -> None:
        if fate is ModelFate.DUE:
            self._training.retrain_soon(listener_id)


def _return_to(
    verdict: LabelEvent | None,
    listener_id: ListenerId,
    track_id: TrackId,
    at: datetime,
    event_key: str | None = None,
) -> LabelEvent:
    return LabelEvent(
        listener_id,
        track_id,
        value_of(verdict),
        at,
        LabelSource.UNDO,
        event_key=event_key,
        restores=verdict.id if verdict else None,
    )


def _differing(now: Standing, then: Standing) -> list[TrackId]:
    """Songs on which another verdict stands, even if it says the same, oldest first."""
    return [
        track_id
        for track_id in dict.fromkeys([*then, *now])
        if now.get(track_id) != then.get(track_id)
    ]


def _rewind(now: Standing, then: Standing, to: datetime, fate: ModelFate) -> Rewind:
    withdrawn = LabelValue.WITHDRAWN
    changes = [(value_of(now.get(song)), value_of(then.get(song))) for song in {*now, *then}]
    changes = [(old, new) for old, new in changes if old is not new]
    removed = sum(new is withdrawn for _, new in changes)
    restored = sum(old is withdrawn for old, _ in changes)
    after = _counts(then.values())
    return Rewind(
        to=to,
        n_removed=removed,
        n_restored=restored,
        n_changed=len(changes) - removed - restored,
        before=_counts(now.values()),
        after=after,
        missing_labels=missing_labels(after),
        model=fate,
    )


def _counts(verdicts: Iterable[LabelEvent]) -> LabelCounts:
    values = [verdict.value for verdict in verdicts]
    return LabelCounts(values.count(LabelValue.LIKE), values.count(LabelValue.DISLIKE))
