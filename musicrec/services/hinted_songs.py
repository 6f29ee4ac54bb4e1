"""What a model learns from: the listener's verdicts, and hints where there are some."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from musicrec.catalogue import Catalogue
from musicrec.domain.features import LIKED, TRACK_ID, WEIGHT
from musicrec.domain.hint import Hint
from musicrec.domain.ids import EventId, ListenerId
from musicrec.domain.label import LabelEvent
from musicrec.services.taste import labelled_songs
from musicrec.storage import UnitOfWork
from musicrec.taste import PROBABLY, require_enough


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that there is to learn from at one moment; equal where nothing was said in between.

    Attributes:
        listener_id: Whose.
        since: Since when they are known: whoever had everything deleted begins anew.
        through: The end of the log.
        hints: Those that count.
        events: The current labels.
    """

    listener_id: ListenerId
    since: datetime | None
    through: EventId
    hints: tuple[Hint, ...]
    events: list[LabelEvent] = field(compare=False)


async def lesson_for(uow: UnitOfWork, listener_id: ListenerId) -> Lesson:
    """Read what there is to learn from.

    Raises:
        NotEnoughLabelsError: It is too little.
    """
    require_enough(await uow.labels.counts(listener_id))
    return Lesson(
        listener_id,
        since=await uow.listeners.created_at(listener_id),
        through=await uow.labels.last_event_id(listener_id) or EventId(0),
        hints=tuple(await counting_hints(uow, listener_id)),
        events=await uow.labels.current(listener_id),
    )


async def counting_hints(uow: UnitOfWork, listener_id: ListenerId) -> list[Hint]:
    """Return the hints that count: those of songs without a verdict."""
    labelled = await uow.labels.track_ids(listener_id)
    hints = await uow.hints.list_all(listener_id)
    return [hint for hint in hints if hint.track_id not in labelled]


def songs_to_learn_from(
    catalogue: Catalogue, events: list[LabelEvent], hints: Sequence[Hint]
) -> pd.DataFrame:
    """Join current labels, counting hints and catalogue.

    Songs that left the catalogue are passed over. Without hints there is no column of weights.
    """
    said = labelled_songs(catalogue, events)
    hinted = [hint.track_id for hint in hints if catalogue.row_of(hint.track_id) is not None]
    if not hinted:
        return said
    songs = catalogue.table_of([*said[TRACK_ID], *hinted])
    liked = [*said[LIKED], *(True for _ in hinted)]
    weights = [1.0] * len(said) + [PROBABLY] * len(hinted)
    return songs.assign(**{LIKED: liked, WEIGHT: weights})
