"""The ledger of weekly lists: what each listener got, and which process works on what."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.week import Week, WeekId, WeekList, WeekSong, WeekState
from musicrec.domain.week_json import week_list_from_json, week_list_to_json
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.weekly_tables import WeekRow

UNSENT: Final = (WeekState.DUE, WeekState.COMPOSED)

_LONGEST_WAIT: Final = timedelta(hours=12)
"""A lease or pause that ends later than this was taken while the clock was wrong."""


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

    async def get(self, week_id: WeekId) -> Week | None:
        """Return one week."""
        row = await self._session.scalar(select(WeekRow).where(WeekRow.id == week_id))
        return None if row is None else _week(row)

    async def open(self, at: datetime, *, most: int) -> list[WeekId]:
        """Return weeks on which somebody should work now, those that wait longest first."""
        statement = (
            select(WeekRow.id)
            .where(_has_work(), WeekRow.due_at <= at, _is_free(at))
            .order_by(WeekRow.due_at, WeekRow.id)
            .limit(most)
        )
        return list(await self._session.scalars(statement))

    async def take(self, week_id: WeekId, by: str, *, at: datetime, until: datetime) -> bool:
        """Take a week up; nobody else may take it before ``until``.

        Returns:
            False where somebody else has it, or nothing is to be done.
        """
        free = (WeekRow.id == week_id, _has_work(), _is_free(at))
        return await self._update(*free, taken_by=by, taken_until=until)

    async def is_held(self, week_id: WeekId, by: str) -> bool:
        """Tell whether somebody has a week still."""
        statement = select(WeekRow.id).where(*_held(week_id, by))
        return await self._session.scalar(statement) is not None

    async def compose(
        self, week_id: WeekId, by: str, content: WeekList, shortlist_id: ShortlistId
    ) -> bool:
        """Store the list of a week that was taken; False where it was lost meanwhile."""
        return await self._update(
            *_held(week_id, by),
            WeekRow.state == WeekState.DUE,
            state=WeekState.COMPOSED,
            content=week_list_to_json(content),
            words="\n".join(_words(song) for song in content.songs),
            shortlist_id=shortlist_id,
        )

    async def begin_sending(self, week_id: WeekId, by: str, *, until: datetime) -> bool:
        """Note one more attempt before it is made; False where the week was lost meanwhile."""
        return await self._update(
            *_held(week_id, by),
            WeekRow.state == WeekState.COMPOSED,
            attempts=WeekRow.attempts + 1,
            taken_until=until,
        )

    async def sent(
        self, week_id: WeekId, *, channel_id: int, message_id: int, at: datetime, owes_copy: bool
    ) -> None:
        """Note where a week was sent, and let go of it; whoever sent it says so."""
        await self._update(
            WeekRow.id == week_id,
            state=WeekState.SENT,
            channel_id=channel_id,
            message_id=message_id,
            sent_at=at,
            problem="",
            owes_copy=owes_copy,
            taken_by="",
            taken_until=None,
        )

    async def copied(self, week_id: WeekId) -> None:
        """Note that no copy is owed any more."""
        await self._update(WeekRow.id == week_id, owes_copy=False, taken_by="", taken_until=None)

    async def let_go(
        self, week_id: WeekId, by: str, *, until: datetime | None = None, problem: str = ""
    ) -> None:
        """Leave a week to others, if wanted not before some time."""
        values: dict[str, Any] = {"taken_by": "", "taken_until": until}
        if problem:
            values["problem"] = problem
        await self._update(*_held(week_id, by), **values)

    async def skip(self, week_id: WeekId, by: str, problem: str) -> None:
        """Give a week up that was taken."""
        await self._update(
            *_held(week_id, by),
            state=WeekState.SKIPPED,
            problem=problem,
            taken_by="",
            taken_until=None,
        )

    async def skip_unsent(self, listener_id: ListenerId, problem: str) -> None:
        """Give up what a listener does not want any more."""
        await self._update(
            WeekRow.listener_id == listener_id,
            WeekRow.state.in_(UNSENT),
            state=WeekState.SKIPPED,
            problem=problem,
            taken_by="",
            taken_until=None,
        )

    async def end_pauses(self, listener_id: ListenerId) -> None:
        """Let what waits for a listener be tried again at once."""
        await self._update(
            WeekRow.listener_id == listener_id,
            WeekRow.taken_by == "",
            WeekRow.taken_until.is_not(None),
            taken_until=None,
        )

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

    async def count(self, listener_id: ListenerId) -> int:
        """Count the listener's weeks."""
        statement = select(func.count()).where(WeekRow.listener_id == listener_id)
        return await self._session.scalar(statement) or 0

    async def list_all(self, listener_id: ListenerId) -> list[Week]:
        """Return every week of a listener, oldest first."""
        statement = (
            select(WeekRow).where(WeekRow.listener_id == listener_id).order_by(WeekRow.local_date)
        )
        return [_week(row) for row in await self._session.scalars(statement)]

    async def delete_all(self, listener_id: ListenerId) -> int:
        """Delete the listener's weeks and return how many there were."""
        statement = delete(WeekRow).where(WeekRow.listener_id == listener_id).returning(WeekRow.id)
        return len((await self._session.scalars(statement)).all())

    async def _update(self, *which: ColumnElement[bool], **values: Any) -> bool:
        statement = update(WeekRow).where(*which).values(**values).returning(WeekRow.id)
        return bool((await self._session.scalars(statement)).all())


def _has_song(row: WeekRow, words: Collection[str]) -> bool:
    """Tell whether one song of a week has all words."""
    return any(all(word in song for word in words) for song in row.words.split("\n"))


def _words(song: WeekSong) -> str:
    return " ".join(fold(text) for text in (song.title, *song.artists)).replace("\n", " ")


def _has_work() -> ColumnElement[bool]:
    return or_(WeekRow.state.in_(UNSENT), and_(WeekRow.state == WeekState.SENT, WeekRow.owes_copy))


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(
        WeekRow.taken_until.is_(None),
        WeekRow.taken_until <= at,
        WeekRow.taken_until > at + _LONGEST_WAIT,
    )


def _held(week_id: WeekId, by: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return WeekRow.id == week_id, WeekRow.taken_by == by


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
    )
