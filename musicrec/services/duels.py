"""A listener says which of two songs they like better.

What an answer is worth as labels: the preferred song is liked, because whoever likes neither can
say so; nothing is known about the other one, because preferring one song does not mean disliking
the other. Both are liked, or both disliked, only where the listener says that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelSource, LabelValue
from musicrec.services.label_outcome import LabelChange
from musicrec.services.presses import PATIENCE_S
from musicrec.services.question_choice import SONGS_OF_A_DUEL
from musicrec.services.rating import Duel
from musicrec.services.training import ModelFate, TrainingService, missing_labels
from musicrec.storage import Database, UnitOfWork


class DuelChoice(StrEnum):
    """The answer to "which one do you like better?"."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"
    NEITHER = "neither"


LABELS_OF: Final[Mapping[DuelChoice, tuple[LabelValue | None, LabelValue | None]]] = (
    MappingProxyType(
        {
            DuelChoice.FIRST: (LabelValue.LIKE, None),
            DuelChoice.SECOND: (None, LabelValue.LIKE),
            DuelChoice.BOTH: (LabelValue.LIKE, LabelValue.LIKE),
            DuelChoice.NEITHER: (LabelValue.DISLIKE, LabelValue.DISLIKE),
        }
    )
)
"""The labels of the first and the second song that an answer gives."""


@dataclass(frozen=True, slots=True)
class DuelOutcome:
    """What became of an answer.

    Attributes:
        change: ``SET``, ``TAKEN_BACK`` or, where the answer had been given or taken back before,
            ``REPEATED``.
        duel: The two songs.
        counts: Current labels after it.
        missing_labels: How many more are needed before anything can be learned; 0 if enough.
    """

    change: LabelChange
    duel: Duel
    counts: LabelCounts
    missing_labels: int


class DuelService:
    """Turns answers about two songs into events of the label log."""

    def __init__(
        self, database: Database, catalogue: CurrentCatalogue, training: TrainingService
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training

    async def answer(
        self,
        listener_id: ListenerId,
        shortlist_id: ShortlistId,
        choice: DuelChoice,
        *,
        at: datetime,
        event_key: str,
    ) -> DuelOutcome | None:
        """Store the labels of an answer; the first answer to a duel stands until it is undone.

        Args:
            listener_id: Who answers.
            shortlist_id: The duel.
            choice: The answer.
            at: Now, aware UTC.
            event_key: Identity of the click; delivered twice, it counts once.

        Returns:
            None where the listener has no such duel any more.

        Raises:
            TrackNotFoundError: One of the songs has left the catalogue.
        """

        def labels(duel: Duel, standing: list[LabelEvent]) -> list[LabelEvent]:
            return [] if standing else _labels(listener_id, duel, choice, at, event_key)

        return await self._settle(listener_id, shortlist_id, LabelChange.SET, labels)

    async def undo(
        self, listener_id: ListenerId, shortlist_id: ShortlistId, *, at: datetime, event_key: str
    ) -> DuelOutcome | None:
        """Take back the labels that an answer to this duel gave and that still stand.

        Returns:
            None where the listener has no such duel any more.

        Raises:
            TrackNotFoundError: One of the songs has left the catalogue.
        """

        def withdrawals(_: Duel, standing: list[LabelEvent]) -> list[LabelEvent]:
            return [_withdrawal(label, at, event_key) for label in standing]

        return await self._settle(listener_id, shortlist_id, LabelChange.TAKEN_BACK, withdrawals)

    async def _settle(
        self,
        listener_id: ListenerId,
        shortlist_id: ShortlistId,
        change: LabelChange,
        events_of: Callable[[Duel, list[LabelEvent]], list[LabelEvent]],
    ) -> DuelOutcome | None:
        """Append what follows from the duel and its standing labels; ``change`` if that is any."""
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            await uow.listeners.lock_known(listener_id)
            duel = await self._duel(uow, listener_id, shortlist_id)
            if duel is None:
                return None
            events = events_of(duel, await _standing(uow, listener_id, duel))
            stored = [await uow.labels.append(event) for event in events]
            counts = await uow.labels.counts(listener_id)
            fate = await self._training.review(uow, listener_id) if any(stored) else None
        if fate is ModelFate.DUE:
            self._training.retrain_soon(listener_id)
        done = change if any(stored) else LabelChange.REPEATED
        return DuelOutcome(done, duel, counts, missing_labels(counts))

    async def _duel(
        self, uow: UnitOfWork, listener_id: ListenerId, shortlist_id: ShortlistId
    ) -> Duel | None:
        shortlist = await uow.shortlists.get(shortlist_id)
        if shortlist is None or shortlist.listener_id != listener_id:
            return None
        if len(shortlist.entries) != SONGS_OF_A_DUEL:
            return None
        first, second = (self._catalogue.now.require(entry.track_id) for entry in shortlist.entries)
        return Duel(first, second, shortlist_id)


async def _standing(uow: UnitOfWork, listener_id: ListenerId, duel: Duel) -> list[LabelEvent]:
    """Return the current labels that an answer to this duel gave."""
    last = [await uow.labels.latest(listener_id, track.id) for track in (duel.first, duel.second)]
    return [
        event
        for event in last
        if event
        and event.value is not LabelValue.WITHDRAWN
        and event.shortlist_id == duel.shortlist_id
    ]


def _labels(
    listener_id: ListenerId, duel: Duel, choice: DuelChoice, at: datetime, event_key: str
) -> list[LabelEvent]:
    return [
        LabelEvent(
            listener_id,
            track.id,
            value,
            at,
            LabelSource.BUTTON,
            shortlist_id=duel.shortlist_id,
            event_key=f"{event_key}:{position}",
        )
        for position, (track, value) in enumerate(
            zip((duel.first, duel.second), LABELS_OF[choice], strict=True), start=1
        )
        if value
    ]


def _withdrawal(label: LabelEvent, at: datetime, event_key: str) -> LabelEvent:
    return LabelEvent(
        label.listener_id,
        label.track_id,
        LabelValue.WITHDRAWN,
        at,
        LabelSource.UNDO,
        event_key=f"{event_key}:{label.track_id}",
    )
