"""What is asked at every press of a button, of several listeners with one statement."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Row, RowMapping, func, select
from sqlalchemy import insert as insert_many
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.correction import CorrectionId
from musicrec.domain.guess import Guess, guesses_of
from musicrec.domain.ids import EventId, ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.label import LabelEvent
from musicrec.domain.shortlist import Shortlist, ShortlistKind
from musicrec.storage.correction_tables import CorrectionRow
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import (
    GuessRow,
    LabelEventRow,
    ListenerRow,
    ModelRow,
    SharedTasteRow,
    ShortlistEntryRow,
    ShortlistRow,
)

T = TypeVar("T")

Song: TypeAlias = tuple[ListenerId, TrackId]
"""A song in the eyes of one listener."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a listener's log, models and questions have come; None where there are none."""

    last_event: EventId | None
    model_id: ModelId | None
    last_question: ShortlistId | None = field(default=None, compare=False)


class GroupRepository:
    """Several listeners at once, in the tables of labels, questions and guesses."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, since: Mapping[ListenerId, datetime]) -> None:
        """Do ``ListenerRepository.lock`` for everybody; in one order, so that nobody deadlocks."""
        rows = [{"id": who, "created_at": at} for who, at in sorted(since.items())]
        insert = insert_into(self._session, ListenerRow)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=[ListenerRow.id], set_={"created_at": ListenerRow.created_at}
            ),
            rows,
        )

    async def marks(self, listener_ids: Collection[ListenerId]) -> dict[ListenerId, Mark]:
        """Return how far everybody's log and models are; only of those who are known."""
        last_event = select(func.max(LabelEventRow.id)).where(
            LabelEventRow.listener_id == ListenerRow.id
        )
        model_id = select(func.max(ModelRow.id)).where(ModelRow.listener_id == ListenerRow.id)
        question = select(func.max(ShortlistRow.id)).where(
            ShortlistRow.listener_id == ListenerRow.id, ShortlistRow.kind == ShortlistKind.RATE
        )
        rows = await self._session.execute(
            select(
                ListenerRow.id,
                last_event.scalar_subquery(),
                model_id.scalar_subquery(),
                question.scalar_subquery(),
            ).where(ListenerRow.id.in_(_in_few_lengths(listener_ids)))
        )
        return {who: Mark(*mark) for who, *mark in map(_values_of, rows)}

    async def corrections(
        self, listener_ids: Collection[ListenerId]
    ) -> dict[ListenerId, frozenset[CorrectionId]]:
        """Return which corrections of everybody stand; none is an empty set."""
        found: defaultdict[ListenerId, set[CorrectionId]] = defaultdict(set)
        statement = select(CorrectionRow.listener_id, CorrectionRow.id).where(
            CorrectionRow.listener_id.in_(_in_few_lengths(listener_ids)),
            CorrectionRow.taken_back_at.is_(None),
        )
        for listener_id, number in await self._session.execute(statement):
            found[listener_id].add(CorrectionId(number))
        return {listener_id: frozenset(found[listener_id]) for listener_id in listener_ids}

    async def lenders(self, guild_ids: Collection[int]) -> Counter[int]:
        """Count who lets others lean on their taste, by server."""
        statement = select(SharedTasteRow.guild_id, func.count()).where(
            SharedTasteRow.guild_id.in_(_in_few_lengths(guild_ids))
        )
        rows = await self._session.execute(statement.group_by(SharedTasteRow.guild_id))
        return Counter(dict(rows.all()))

    async def show(self, shortlists: Sequence[Shortlist]) -> dict[ListenerId, ShortlistId]:
        """Store a shortlist each, of different listeners, and what they were told by it."""
        insert = insert_into(self._session, ShortlistRow)
        rows = await self._session.execute(
            insert.returning(ShortlistRow.listener_id, ShortlistRow.id),
            [*map(_shortlist, shortlists)],
        )
        ids = {listener_id: ShortlistId(number) for listener_id, number in rows}
        entries = [
            {"shortlist_id": ids[shortlist.listener_id], **asdict(entry)}
            for shortlist in shortlists
            for entry in shortlist.entries
        ]
        await self._session.execute(insert_many(ShortlistEntryRow), entries)
        told = [asdict(guess) for shortlist in shortlists for guess in guesses_of(shortlist)]
        if told:
            await self._session.execute(insert_many(GuessRow), [*map(_without_id, told)])
        return ids

    async def events(self, songs: Collection[Song]) -> dict[Song, list[LabelEvent]]:
        """Return all that listeners said about songs, oldest first; nothing is an empty list."""
        found: dict[Song, list[LabelEvent]] = {song: [] for song in songs}
        for row in await self._rows(_EVENT, LabelEventRow, songs):
            event = LabelEvent(**row)
            found[event.listener_id, event.track_id].append(event)
        return found

    async def guesses(self, songs: Collection[Song]) -> dict[Song, list[Guess]]:
        """Return all that listeners were told about songs, oldest first; nothing as above."""
        found: dict[Song, list[Guess]] = {song: [] for song in songs}
        for row in await self._rows(_GUESS, GuessRow, songs):
            guess = Guess(**row)
            found[guess.listener_id, guess.track_id].append(guess)
        return found

    async def _rows(
        self,
        columns: Sequence[Any],
        table: type[LabelEventRow] | type[GuessRow],
        songs: Collection[Song],
    ) -> list[RowMapping]:
        """Return the rows about songs by their ids.

        SQLite asks its index for no pairs, and not at all where it is to sort: it is asked for
        everybody's rows about everybody's songs.
        """
        listener_ids, track_ids = zip(*songs, strict=True)
        statement = select(*columns).where(
            table.listener_id.in_(_in_few_lengths(listener_ids)),
            table.track_id.in_(_in_few_lengths(track_ids)),
        )
        rows = (await self._session.execute(statement)).mappings()
        wanted = {*songs}
        theirs = (row for row in rows if (row["listener_id"], row["track_id"]) in wanted)
        return sorted(theirs, key=itemgetter("id"))

    async def append(self, events: Sequence[LabelEvent]) -> dict[str | None, EventId]:
        """Store events with keys, as ``LabelRepository.append`` does.

        Returns:
            The ids of those that were stored, by their keys; the others were there already.
        """
        if not events:
            return {}
        known = await self._existing(event.shortlist_id for event in events)
        rows = [_values(event, known) for event in events]
        insert = insert_into(self._session, LabelEventRow)
        once = insert.on_conflict_do_nothing(index_elements=[LabelEventRow.event_key])
        stored = await self._session.execute(
            once.returning(LabelEventRow.event_key, LabelEventRow.id), rows
        )
        return {key: EventId(number) for key, number in stored}

    async def _existing(self, shortlist_ids: Iterable[int | None]) -> set[int]:
        named = {one for one in shortlist_ids if one is not None}
        if not named:
            return set()
        statement = select(ShortlistRow.id).where(ShortlistRow.id.in_(_in_few_lengths(named)))
        return {*await self._session.scalars(statement)}


def _in_few_lengths(values: Collection[T]) -> list[T]:
    """Repeat one of the values until there are 1, 2, 4, 8, … of them.

    A statement's text has a place for every value, and drivers keep what they prepared by its text:
    groups of every size would push each other out.
    """
    listed = [*values]
    n_wanted = 1 << max(0, len(listed) - 1).bit_length()
    return listed + listed[-1:] * (n_wanted - len(listed))


def _values_of(row: Row[*tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return a row as what it is: subqueries find nothing more often than their types say."""
    return tuple(row)


def _shortlist(shortlist: Shortlist) -> dict[str, Any]:
    return {
        "listener_id": shortlist.listener_id,
        "kind": shortlist.kind,
        "created_at": shortlist.created_at,
        "catalogue_version": shortlist.catalogue_version,
        "seed": shortlist.seed,
        "model_id": shortlist.model_id,
    }


def _without_id(guess: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in guess.items() if name != "id"}


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
