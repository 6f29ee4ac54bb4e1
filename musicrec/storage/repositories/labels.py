"""The append-only log of verdicts, and what follows from it."""

from typing import TypeVarTuple

from sqlalchemy import ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from musicrec.domain.ids import EventId, ListenerId, ShortlistId, TrackId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelSource, LabelValue
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import LabelEventRow, ShortlistRow

Columns = TypeVarTuple("Columns")


class LabelRepository:
    """The table ``label_events``. The current label of a track is its last event."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, event: LabelEvent) -> LabelEvent | None:
        """Store an event; the listener must be known (``ListenerRepository.lock``).

        Returns:
            The event as it was stored, with its id; without its shortlist where that was deleted
            meanwhile. None if an event with the same key is stored already.
        """
        insert = insert_into(self._session, LabelEventRow).values(
            listener_id=event.listener_id,
            track_id=event.track_id,
            value=event.value,
            labelled_at=event.labelled_at,
            source=event.source,
            card_message_id=event.card_message_id,
            shortlist_id=_existing_shortlist(event.shortlist_id),
            event_key=event.event_key,
            restores=event.restores,
        )
        once = insert.on_conflict_do_nothing(index_elements=[LabelEventRow.event_key])
        row = await self._session.scalar(once.returning(LabelEventRow))
        return None if row is None else _event(row)

    async def latest(self, listener_id: ListenerId, track_id: TrackId) -> LabelEvent | None:
        """Return the last event of one track, even if it took a verdict back."""
        statement = _events_of(listener_id).where(LabelEventRow.track_id == track_id)
        row = await self._session.scalar(statement.order_by(LabelEventRow.id.desc()).limit(1))
        return None if row is None else _event(row)

    async def current(self, listener_id: ListenerId) -> list[LabelEvent]:
        """Return the last event of each track that is not withdrawn, oldest first."""
        return await self._events(_current(select(LabelEventRow), listener_id))

    async def last_tracks(
        self, listener_id: ListenerId, *, n: int, value: LabelValue | None = None
    ) -> list[TrackId]:
        """Return up to ``n`` tracks with a current label (of a value), the last labelled first."""
        statement = _current(select(LabelEventRow.track_id), listener_id)
        if value is not None:
            statement = statement.where(LabelEventRow.value == value)
        return list(
            await self._session.scalars(statement.order_by(LabelEventRow.id.desc()).limit(n))
        )

    async def history(self, listener_id: ListenerId) -> list[LabelEvent]:
        """Return the whole log of one listener, oldest first."""
        return await self._events(_events_of(listener_id))

    async def counts(self, listener_id: ListenerId) -> LabelCounts:
        """Count the current likes and dislikes."""
        statement = _current(select(LabelEventRow.value, func.count()), listener_id)
        rows = await self._session.execute(statement.group_by(LabelEventRow.value))
        number = dict(rows.all())
        return LabelCounts(
            likes=number.get(LabelValue.LIKE, 0), dislikes=number.get(LabelValue.DISLIKE, 0)
        )

    async def track_ids(self, listener_id: ListenerId) -> set[TrackId]:
        """Return every track with a current label."""
        statement = _current(select(LabelEventRow.track_id), listener_id)
        return set(await self._session.scalars(statement))

    async def last_event_id(self, listener_id: ListenerId) -> EventId | None:
        """Return the end of the listener's log."""
        statement = select(func.max(LabelEventRow.id)).where(
            LabelEventRow.listener_id == listener_id
        )
        return await self._session.scalar(statement)

    async def count_tracks_since(self, listener_id: ListenerId, event_id: EventId) -> int:
        """Count the distinct tracks with an event after ``event_id``."""
        statement = select(func.count(LabelEventRow.track_id.distinct())).where(
            LabelEventRow.listener_id == listener_id, LabelEventRow.id > event_id
        )
        return await self._session.scalar(statement) or 0

    async def tracks_since(self, listener_id: ListenerId, event_id: EventId) -> set[TrackId]:
        """Return the tracks with an event after ``event_id``."""
        statement = select(LabelEventRow.track_id).where(
            LabelEventRow.listener_id == listener_id, LabelEventRow.id > event_id
        )
        return set(await self._session.scalars(statement))

    async def took_back_since(self, listener_id: ListenerId, event_id: EventId) -> bool:
        """Tell whether anything said until ``event_id`` was taken back after it."""
        said, taken_back = aliased(LabelEventRow), aliased(LabelEventRow)
        statement = select(
            exists().where(
                taken_back.listener_id == listener_id,
                taken_back.id > event_id,
                or_(
                    taken_back.value == LabelValue.WITHDRAWN,
                    taken_back.source == LabelSource.UNDO,
                ),
                said.listener_id == listener_id,
                said.track_id == taken_back.track_id,
                said.id <= event_id,
            )
        )
        return bool(await self._session.scalar(statement))

    async def count_all(self, *, most: int) -> int:
        """Count the events of all listeners; at ``most`` it ends, and reads no more of the log."""
        some = select(LabelEventRow.id).limit(most).subquery()
        return await self._session.scalar(select(func.count()).select_from(some)) or 0

    async def newest_id(self) -> EventId | None:
        """Return the end of the log of all listeners; some earlier numbers have no event."""
        return await self._session.scalar(select(func.max(LabelEventRow.id)))

    async def _events(self, statement: Select[LabelEventRow]) -> list[LabelEvent]:
        rows = await self._session.scalars(statement.order_by(LabelEventRow.id))
        return [_event(row) for row in rows]


def _events_of(listener_id: ListenerId) -> Select[LabelEventRow]:
    return select(LabelEventRow).where(LabelEventRow.listener_id == listener_id)


def _current(statement: Select[*Columns], listener_id: ListenerId) -> Select[*Columns]:
    last_of_each_track = (
        select(func.max(LabelEventRow.id))
        .where(LabelEventRow.listener_id == listener_id)
        .group_by(LabelEventRow.track_id)
    )
    return statement.where(
        LabelEventRow.id.in_(last_of_each_track), LabelEventRow.value != LabelValue.WITHDRAWN
    )


def _existing_shortlist(shortlist_id: ShortlistId | None) -> ScalarSelect[int] | None:
    if shortlist_id is None:
        return None
    return select(ShortlistRow.id).where(ShortlistRow.id == shortlist_id).scalar_subquery()


def _event(row: LabelEventRow) -> LabelEvent:
    return LabelEvent(
        listener_id=row.listener_id,
        track_id=row.track_id,
        value=row.value,
        labelled_at=row.labelled_at,
        source=row.source,
        card_message_id=row.card_message_id,
        shortlist_id=row.shortlist_id,
        event_key=row.event_key,
        restores=row.restores,
        id=row.id,
    )
