"""Edits of playlists, and which process works on one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import (
    EditedList,
    EditId,
    EditState,
    Place,
    PlaceKind,
    PlaylistEdit,
)
from musicrec.domain.playlist_edit_json import (
    edited_from_json,
    edited_to_json,
    shown_from_json,
    shown_to_json,
)
from musicrec.storage.packing import pack, unpack
from musicrec.storage.playlist_tables import PlaylistEditRow

UNFINISHED = (EditState.UNDER_WAY, EditState.UNDOING)


class PlaylistEditRepository:
    """The table ``playlist_edits``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, edit: PlaylistEdit, edited: EditedList) -> EditId:
        """Store an edit; the listener must be known (``ListenerRepository.lock``)."""
        statement = (
            insert(PlaylistEditRow)
            .values(**_values(edit), edited=await pack(edited, edited_to_json), taken_by="")
            .returning(PlaylistEditRow.id)
        )
        return (await self._session.scalars(statement)).one()

    async def get(self, edit_id: EditId) -> PlaylistEdit | None:
        """Return what is shown of an edit."""
        row = await self._session.scalar(
            select(PlaylistEditRow).where(PlaylistEditRow.id == edit_id)
        )
        return None if row is None else _edit(row)

    async def edited(self, edit_id: EditId) -> EditedList | None:
        """Return the whole list of an edit."""
        statement = select(PlaylistEditRow.edited).where(PlaylistEditRow.id == edit_id)
        data = await self._session.scalar(statement)
        return None if data is None else await unpack(data, edited_from_json)

    async def put_edited(self, edit_id: EditId, edited: EditedList) -> None:
        """Store more about the list of an edit."""
        data = await pack(edited, edited_to_json)
        await self._update(PlaylistEditRow.id == edit_id, edited=data)

    async def choose(self, edit_id: EditId, chosen: Collection[int]) -> bool:
        """Tick other songs, and tell whether it was still time for that."""
        proposed = PlaylistEditRow.state == EditState.PROPOSED
        return await self._update(PlaylistEditRow.id == edit_id, proposed, chosen=sorted(chosen))

    async def advance(
        self,
        edit_id: EditId,
        state: EditState,
        *,
        after: EditState,
        at: datetime,
        is_news: bool = False,
    ) -> bool:
        """Bring an edit from one state to the next; False where it is in another one.

        Args:
            edit_id: Which.
            state: The next.
            after: The one before.
            at: Now.
            is_news: Whether its listener has yet to be told.
        """
        is_there = PlaylistEditRow.state == after
        return await self._update(
            PlaylistEditRow.id == edit_id, is_there, state=state, changed_at=at, is_news=is_news
        )

    async def news(self, listener_id: ListenerId) -> list[PlaylistEdit]:
        """Return what came to its end while the listener did not look, the oldest first."""
        statement = (
            select(PlaylistEditRow)
            .where(PlaylistEditRow.listener_id == listener_id, PlaylistEditRow.is_news)
            .order_by(PlaylistEditRow.changed_at, PlaylistEditRow.id)
        )
        return [_edit(row) for row in await self._session.scalars(statement)]

    async def told(self, edit_id: EditId) -> None:
        """Note that the listener was told what became of an edit."""
        await self._update(PlaylistEditRow.id == edit_id, is_news=False)

    async def take(self, edit_id: EditId, by: str, *, at: datetime, until: datetime) -> bool:
        """Take an unfinished edit up, or keep it; False where somebody else has it.

        Args:
            edit_id: Which.
            by: Who; nobody else may take it before ``until``.
            at: Now.
            until: When it is free again by itself.
        """
        is_free = or_(
            PlaylistEditRow.taken_until.is_(None),
            PlaylistEditRow.taken_until <= at,
            PlaylistEditRow.taken_by == by,
        )
        return await self._update(
            PlaylistEditRow.id == edit_id,
            PlaylistEditRow.state.in_(UNFINISHED),
            is_free,
            taken_by=by,
            taken_until=until,
        )

    async def let_go(self, edit_id: EditId, by: str, *, until: datetime | None = None) -> None:
        """Leave an edit to others, if wanted not before some time."""
        is_own = PlaylistEditRow.taken_by == by
        await self._update(PlaylistEditRow.id == edit_id, is_own, taken_by="", taken_until=until)

    async def end_pauses(self, listener_id: ListenerId, kind: PlaceKind) -> None:
        """Let what waits at one kind of place be taken up at once, because it may work now."""
        await self._update(
            PlaylistEditRow.listener_id == listener_id,
            PlaylistEditRow.place_kind == kind,
            PlaylistEditRow.state.in_(UNFINISHED),
            PlaylistEditRow.taken_by == "",
            taken_until=None,
        )

    async def unfinished(self) -> dict[EditId, datetime | None]:
        """Return what is to be brought to its end, with when each is free; the oldest first."""
        statement = (
            select(PlaylistEditRow.id, PlaylistEditRow.taken_until)
            .where(PlaylistEditRow.state.in_(UNFINISHED))
            .order_by(PlaylistEditRow.id)
        )
        return {row.id: row.taken_until for row in await self._session.execute(statement)}

    async def of_listener(
        self, listener_id: ListenerId, *, states: Collection[EditState], most: int
    ) -> list[PlaylistEdit]:
        """Return a listener's edits in some states, the latest change first."""
        statement = (
            select(PlaylistEditRow)
            .where(PlaylistEditRow.listener_id == listener_id, PlaylistEditRow.state.in_(states))
            .order_by(PlaylistEditRow.changed_at.desc(), PlaylistEditRow.id.desc())
            .limit(most)
        )
        return [_edit(row) for row in await self._session.scalars(statement)]

    async def forget_unmade(self, listener_id: ListenerId, before: datetime, *, keep: int) -> int:
        """Delete what was proposed and never made; return how much.

        Args:
            listener_id: Whose.
            before: What is older goes.
            keep: Of what is younger only so many stay, the newest.
        """
        unmade = PlaylistEditRow.state.in_((EditState.PROPOSED, EditState.DROPPED))
        newest = (
            select(PlaylistEditRow.id)
            .where(PlaylistEditRow.listener_id == listener_id, unmade)
            .order_by(PlaylistEditRow.id.desc())
            .limit(keep)
        )
        is_old = PlaylistEditRow.changed_at < before
        return await self._delete(
            PlaylistEditRow.listener_id == listener_id,
            unmade,
            or_(is_old, PlaylistEditRow.id.not_in(newest)),
        )

    async def delete_of(self, listener_id: ListenerId, kind: PlaceKind) -> int:
        """Delete the listener's edits of one kind of place and return how many there were."""
        return await self._delete(
            PlaylistEditRow.listener_id == listener_id, PlaylistEditRow.place_kind == kind
        )

    async def _update(self, *which: ColumnElement[bool], **values: Any) -> bool:
        statement = (
            update(PlaylistEditRow).where(*which).values(**values).returning(PlaylistEditRow.id)
        )
        return (await self._session.scalar(statement)) is not None

    async def _delete(self, *which: ColumnElement[bool]) -> int:
        statement = delete(PlaylistEditRow).where(*which).returning(PlaylistEditRow.id)
        return len((await self._session.scalars(statement)).all())


def _values(edit: PlaylistEdit) -> dict[str, Any]:
    return {
        "listener_id": edit.listener_id,
        "place_kind": edit.place.kind,
        "list_id": edit.place.list_id,
        "title": edit.place.title,
        "kind": edit.kind,
        "n_items": edit.n_items,
        "shown": shown_to_json(edit.proposals, edit.findings),
        "chosen": sorted(edit.chosen),
        "state": edit.state,
        "created_at": edit.created_at,
        "changed_at": edit.changed_at,
    }


def _edit(row: PlaylistEditRow) -> PlaylistEdit:
    proposals, findings = shown_from_json(row.shown, row.kind)
    return PlaylistEdit(
        listener_id=row.listener_id,
        place=Place(row.place_kind, row.list_id, row.title),
        kind=row.kind,
        n_items=row.n_items,
        proposals=proposals,
        findings=findings,
        chosen=frozenset(row.chosen),
        state=row.state,
        created_at=row.created_at,
        changed_at=row.changed_at,
        id=row.id,
    )
