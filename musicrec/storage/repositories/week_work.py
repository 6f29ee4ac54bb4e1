"""Which process works on which week of the ledger, and how far it has come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.week import WeekId, WeekList, WeekSong, WeekState
from musicrec.domain.week_json import week_list_to_json
from musicrec.storage.weekly_tables import WeekRow

UNSENT: Final = (WeekState.DUE, WeekState.COMPOSED)

_FREE: Final[Mapping[str, Any]] = {"taken_by": "", "taken_until": None}
"""Nobody has a week, and nothing keeps anybody from taking it up."""

_LONGEST_WAIT: Final = timedelta(hours=12)
"""A lease or pause that ends later than this was taken while the clock was wrong."""


class WeekWorkRepository:
    """The table ``weeks`` for those who deliver."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
        """Take a week up; False where somebody else has it, or nothing is to be done.

        Args:
            week_id: Which.
            by: Who; nobody else may take it before ``until``.
            at: Now.
            until: When it is free again by itself.
        """
        return await self._update(
            WeekRow.id == week_id,
            _has_work(),
            _is_free(at),
            taken_by=by,
            taken_until=until,
        )

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
            **_FREE,
        )

    async def copied(self, week_id: WeekId) -> None:
        """Note that no copy is owed any more."""
        await self._update(WeekRow.id == week_id, owes_copy=False, **_FREE)

    async def let_go(self, week_id: WeekId, by: str, *, until: datetime, problem: str) -> None:
        """Leave a week to others, not before some time; an empty problem changes none."""
        values: dict[str, Any] = {**_FREE, "taken_until": until}
        if problem:
            values["problem"] = problem
        await self._update(*_held(week_id, by), **values)

    async def skip(self, week_id: WeekId, by: str, problem: str) -> None:
        """Give a week up that was taken."""
        await self._update(*_held(week_id, by), state=WeekState.SKIPPED, problem=problem, **_FREE)

    async def skip_unsent(self, listener_id: ListenerId, problem: str) -> list[ShortlistId]:
        """Give up what a listener does not want any more; return the shortlists of it."""
        statement = (
            update(WeekRow)
            .where(WeekRow.listener_id == listener_id, WeekRow.state.in_(UNSENT))
            .values(state=WeekState.SKIPPED, problem=problem, **_FREE)
            .returning(WeekRow.shortlist_id)
        )
        return [one for one in await self._session.scalars(statement) if one is not None]

    async def end_pauses(self, listener_id: ListenerId) -> None:
        """Let what waits for a listener be tried again at once."""
        await self._update(
            WeekRow.listener_id == listener_id,
            WeekRow.taken_by == "",
            WeekRow.taken_until.is_not(None),
            taken_until=None,
        )

    async def _update(self, *which: ColumnElement[bool], **values: Any) -> bool:
        statement = update(WeekRow).where(*which).values(**values).returning(WeekRow.id)
        return bool((await self._session.scalars(statement)).all())


def _words(song: WeekSong) -> str:
    return " ".join(word for text in (song.title, *song.artists) for word in fold(text).split())


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
