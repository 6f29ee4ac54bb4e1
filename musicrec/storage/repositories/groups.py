"""What is asked at every press of a button, of several listeners with one statement."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.guess import Guess
from musicrec.domain.ids import EventId, ListenerId, ModelId, TrackId
from musicrec.domain.label import LabelEvent
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import GuessRow, LabelEventRow, ListenerRow, ModelRow, ShortlistRow

Song: TypeAlias = tuple[ListenerId, TrackId]
"""A song in the eyes of one listener."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a listener's log and models have come; None where there are none."""

    last_event: EventId | None
    model_id: ModelId | None


class GroupRepository:
    """Several listeners at once, in the tables ``listeners``, ``label_events`` and ``guesses``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, since: Mapping[ListenerId, datetime]) -> None:
        """Do ``ListenerRepository.lock`` for everybody; in one order, so that nobody deadlocks."""
        rows = [{"id": who, "created_at": at} for who, at in sorted(since.items())]
        insert = insert_into(self._session, ListenerRow).values(rows)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=[ListenerRow.id], set_={"created_at": ListenerRow.created_at}
            )
        )

    async def marks(self, listener_ids: Collection[ListenerId]) -> dict[ListenerId, Mark]:
        """Return how far everybody's log and models are; only of those who are known."""
        last_event = select(func.max(LabelEventRow.id)).where(
            LabelEventRow.listener_id == ListenerRow.id
        )
        model_id = select(func.max(ModelRow.id)).where(ModelRow.listener_id == ListenerRow.id)
        rows = await self._session.execute(
            select(ListenerRow.id, last_event.scalar_subquery(), model_id.scalar_subquery()).where(
                ListenerRow.id.in_(listener_ids)
            )
        )
        return {who: Mark(event, model) for who, event, model in rows}

    async def events(self, songs: Collection[Song]) -> dict[Song, list[LabelEvent]]:
        """Return all that listeners said about songs, oldest first; nothing is an empty list."""
        found: defaultdict[Song, list[LabelEvent]] = defaultdict(list)
        pair = tuple_(LabelEventRow.listener_id, LabelEventRow.track_id)
        columns = select(*_EVENT).where(pair.in_([*songs])).order_by(LabelEventRow.id)
        for row in await self._session.execute(columns):
            event = LabelEvent(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
            found[event.listener_id, event.track_id].append(event)
        return found

    async def guesses(self, songs: Collection[Song]) -> dict[Song, list[Guess]]:
        """Return all that listeners were told about songs, oldest first."""
        found: defaultdict[Song, list[Guess]] = defaultdict(list)
        pair = tuple_(GuessRow.listener_id, GuessRow.track_id)
        columns = select(*_GUESS).where(pair.in_([*songs])).order_by(GuessRow.id)
        for row in await self._session.execute(columns):
            guess = Guess(**row._mapping)  # noqa: SLF001 - as above
            found[guess.listener_id, guess.track_id].append(guess)
        return found

    async def append(self, events: Sequence[LabelEvent]) -> dict[str | None, EventId]:
        """Store events with keys, as ``LabelRepository.append`` does.

        Returns:
            The ids of those that were stored, by their keys; the others were there already.
        """
        if not events:
            return {}
        known = await self._existing(event.shortlist_id for event in events)
        rows = [_values(event, known) for event in events]
        insert = insert_into(self._session, LabelEventRow).values(rows)
        once = insert.on_conflict_do_nothing(index_elements=[LabelEventRow.event_key])
        stored = await self._session.execute(
            once.returning(LabelEventRow.event_key, LabelEventRow.id)
        )
        return {key: EventId(number) for key, number in stored}

    async def _existing(self, shortlist_ids: Iterable[int | None]) -> set[int]:
        named = {one for one in shortlist_ids if one is not None}
        if not named:
            return set()
        statement = select(ShortlistRow.id).where(ShortlistRow.id.in_(named))
        return {*await self._session.scalars(statement)}


def _values(event: LabelEvent, shortlists: set[int]) -> dict[str, Any]:
    return {
        "listener_id": event.listener_id,
        "track_id": event.track_id,
        "value": event.value,
        "labelled_at": event.labelled_at,
        "source": event.source,
        "card_message_id": event.card_message_id,
        "shortlist_id": event.shortlist_id if event.shortlist_id in shortlists else None,
        "event_key": event.event_key,
        "restores": event.restores,
    }


_EVENT = [getattr(LabelEventRow, name) for name in LabelEvent.__dataclass_fields__]
_GUESS = [getattr(GuessRow, name) for name in Guess.__dataclass_fields__]
