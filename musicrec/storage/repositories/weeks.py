"""The ledger of weekly lists: what was due to each listener, and what they got."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import islice

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.week import Week, WeekId, WeekState
from musicrec.domain.week_json import week_list_from_json
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.weekly_tables import WeekRow


class WeekRepository:
    """The table ``weeks``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def enter(self, week: Week) -> None:
        """Add a line, unless the ledger has that listener and date; the listener must be known."""
        insert = insert_into(self._session, WeekRow).values(
            listener_id=week.listener_id,
            local_date=week.local_date,
            due_at=week.due_at,
            state=week.state,
            attempts=0,
            words="",
            problem=week.problem,
            taken_by="",
            owes_copy=False,
        )
        await self._session.execute(
            insert.on_conflict_do_nothing(index_elements=["listener_id", "local_date"])
        )

    async def note_kept(self, week_id: WeekId, kept_id: KeptId) -> None:
        """Note as which playlist a list is kept here."""
        statement = update(WeekRow).where(WeekRow.id == week_id).values(kept_id=kept_id)
        await self._session.execute(statement)

    async def get(self, week_id: WeekId) -> Week | None:
        """Return one week."""
        row = await self._session.scalar(select(WeekRow).where(WeekRow.id == week_id))
        return None if row is None else _week(row)

    async def retract_skipped(self, after: datetime) -> dict[ListenerId, datetime]:
        """Delete what was skipped of a future that the clock only pretended.

        Returns:
            For each listener the first slot that the ledger lacks now.
        """
        statement = (
            delete(WeekRow)
            .where(WeekRow.state == WeekState.SKIPPED, WeekRow.due_at > after)
            .returning(WeekRow.listener_id, WeekRow.due_at)
        )
        first: dict[ListenerId, datetime] = {}
        for listener_id, due_at in await self._session.execute(statement):
            first[listener_id] = min(due_at, first.get(listener_id, due_at))
        return first

    async def has_skipped(self, after: datetime) -> bool:
        """Tell whether anything that lies ahead is skipped already."""
        statement = (
            select(WeekRow.id)
            .where(WeekRow.state == WeekState.SKIPPED, WeekRow.due_at > after)
            .limit(1)
        )
        return await self._session.scalar(statement) is not None

    async def last_date(self, listener_id: ListenerId) -> date | None:
        """Return the local date of the last list that was or will be delivered."""
        statement = select(func.max(WeekRow.local_date)).where(
            WeekRow.listener_id == listener_id, WeekRow.state != WeekState.SKIPPED
        )
        return await self._session.scalar(statement)

    async def before(self, week: Week) -> tuple[Week | None, int]:
        """Return the last week that was sent before one, and how many were skipped between."""
        earlier = (WeekRow.listener_id == week.listener_id, WeekRow.local_date < week.local_date)
        row = await self._session.scalar(
            select(WeekRow)
            .where(*earlier, WeekRow.state == WeekState.SENT)
            .order_by(WeekRow.local_date.desc())
            .limit(1)
        )
        skipped = select(func.count()).where(*earlier, WeekRow.state == WeekState.SKIPPED)
        if row is not None:
            skipped = skipped.where(WeekRow.local_date > row.local_date)
        return None if row is None else _week(row), await self._session.scalar(skipped) or 0

    async def of_listener(
        self,
        listener_id: ListenerId,
        search: str = "",
        *,
        states: Collection[WeekState] = (WeekState.SENT,),
        most: int,
    ) -> list[Week]:
        """Return a listener's weeks, the latest first.

        Args:
            listener_id: Whose.
            search: Words of a title or artist that one song has all of, case and accents aside.
            states: Only those.
            most: At most.
        """
        words = fold(search).split() if search.strip() else []
        statement = (
            select(WeekRow)
            .where(
                WeekRow.listener_id == listener_id,
                WeekRow.state.in_(states),
                *(WeekRow.words.contains(word, autoescape=True) for word in words),
            )
            .order_by(WeekRow.local_date.desc())
        )
        if not words:
            statement = statement.limit(most)
        rows = (await self._session.scalars(statement)).all()
        fitting = (row for row in rows if _has_song(row, words))
        return [_week(row) for row in islice(fitting, most)]

    async def list_all(self, listener_id: ListenerId) -> list[Week]:
        """Return every week of a listener, oldest first."""
        statement = (
            select(WeekRow).where(WeekRow.listener_id == listener_id).order_by(WeekRow.local_date)
        )
        return [_week(row) for row in await self._session.scalars(statement)]


def _has_song(row: WeekRow, words: Collection[str]) -> bool:
    """Tell whether one song of a week has all words."""
    return any(all(word in song for word in words) for song in row.words.split("\n"))


def _week(row: WeekRow) -> Week:
    return Week(
        listener_id=row.listener_id,
        local_date=row.local_date,
        due_at=row.due_at,
        state=row.state,
        id=row.id,
        attempts=row.attempts,
        content=None if row.content is None else week_list_from_json(row.content),
        shortlist_id=row.shortlist_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        sent_at=row.sent_at,
        problem=row.problem,
        kept_id=row.kept_id,
    )
