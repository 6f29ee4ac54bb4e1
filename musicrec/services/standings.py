"""How listeners' labels and models stand, remembered from one press to the next."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from musicrec.domain.ids import EventId, ListenerId, TrackId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelValue
from musicrec.domain.model import ModelBrief
from musicrec.services.training import ModelFate, fate_of
from musicrec.storage import Mark, UnitOfWork

_MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How one listener stands.

    Attributes:
        mark: Of which state of the log and the models this is true.
        counts: Current labels.
        model: The latest one.
        fresh: Songs of which something was said that the model has not seen.
        is_outdated: Something that the model learned from was taken back.
    """

    mark: Mark
    counts: LabelCounts
    model: ModelBrief | None
    fresh: frozenset[TrackId]
    is_outdated: bool

    @property
    def fate(self) -> ModelFate:
        """What becomes of the model."""
        return fate_of(self.counts, is_outdated=self.is_outdated, n_new=len(self.fresh))

    def after(self, event: LabelEvent, before: list[LabelEvent]) -> "Standing":
        """Return how they stand after an event.

        Args:
            event: As it is stored.
            before: What they had said of the same song, oldest first.
        """
        was = before[-1].value if before else LabelValue.WITHDRAWN
        seen = _seen(self.model)
        takes_back = event.value is LabelValue.WITHDRAWN
        return replace(
            self,
            mark=replace(self.mark, last_event=event.id),
            counts=LabelCounts(
                self.counts.likes + _step(LabelValue.LIKE, was, event.value),
                self.counts.dislikes + _step(LabelValue.DISLIKE, was, event.value),
            ),
            fresh=self.fresh | {event.track_id},
            is_outdated=self.is_outdated
            or (takes_back and any(said.id is not None and said.id <= seen for said in before)),
        )


class Standings:
    """The standings of those who pressed last.

    A standing is true as long as its mark is: whatever changes labels makes the log longer, and ids
    are never used twice. So it may be compared with what another process did meanwhile.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[ListenerId, Standing] = OrderedDict()

    async def of(self, uow: UnitOfWork, listener_id: ListenerId, mark: Mark) -> Standing:
        """Return a listener's standing, read where it is not remembered or not true any more."""
        standing = self._kept.get(listener_id)
        if standing is None or standing.mark != mark:
            return await _read(uow, listener_id, mark)
        return standing

    def put(self, listener_id: ListenerId, standing: Standing) -> None:
        """Remember; only what was committed."""
        self._kept[listener_id] = standing
        self._kept.move_to_end(listener_id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def forget(self, listener_id: ListenerId) -> None:
        """Drop what is remembered of a listener."""
        self._kept.pop(listener_id, None)


async def _read(uow: UnitOfWork, listener_id: ListenerId, mark: Mark) -> Standing:
    summary = await uow.models.latest_summary(listener_id) if mark.model_id else None
    model = summary.brief if summary else None
    seen = _seen(model)
    return Standing(
        mark=mark,
        counts=await uow.labels.counts(listener_id),
        model=model,
        fresh=frozenset(await uow.labels.tracks_since(listener_id, seen)),
        is_outdated=model is not None and await uow.labels.took_back_since(listener_id, seen),
    )


def _seen(model: ModelBrief | None) -> EventId:
    return model.trained_through if model else EventId(0)


def _step(value: LabelValue, was: LabelValue, now: LabelValue) -> int:
    return (now is value) - (was is value)
