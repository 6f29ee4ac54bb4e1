"""Copies of kept playlists at accounts elsewhere."""

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.playlist_copy import PlaylistCopy
from musicrec.storage.playlist_tables import PlaylistCopyRow


class PlaylistCopyRepository:
    """The table ``playlist_copies``: of each list one row for an account."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, copy: PlaylistCopy) -> None:
        """Note that a copy is going to be made, in the place of an earlier one.

        The listener must be locked, and the kept playlist there.
        """
        await self._delete(*_is_there(copy))
        await self._session.execute(
            insert(PlaylistCopyRow).values(
                listener_id=copy.listener_id,
                kept_id=copy.kept_id,
                account=copy.account,
                account_id=copy.account_id,
                begun_at=copy.begun_at,
                list_id=copy.list_id,
                url=copy.url,
                n_items=copy.n_items,
            )
        )

    async def get(
        self, kept_id: KeptId, account: AccountKind, account_id: str
    ) -> PlaylistCopy | None:
        """Return the copy of a list at an account."""
        row = await self._session.scalar(
            select(PlaylistCopyRow).where(
                PlaylistCopyRow.kept_id == kept_id,
                PlaylistCopyRow.account == account,
                PlaylistCopyRow.account_id == account_id,
            )
        )
        return None if row is None else _copy(row)

    async def put(self, copy: PlaylistCopy) -> None:
        """Note how far an attempt has come, unless all is deleted or there was a later attempt."""
        statement = (
            update(PlaylistCopyRow)
            .where(*_is(copy))
            .values(list_id=copy.list_id, url=copy.url, n_items=copy.n_items)
        )
        await self._session.execute(statement)

    async def give_up(self, copy: PlaylistCopy) -> None:
        """Forget an attempt by which nothing was made, unless there was a later one."""
        await self._delete(*_is(copy))

    async def delete_of(self, listener_id: ListenerId, account: AccountKind) -> int:
        """Forget a listener's copies at one kind of account; return how many there were."""
        return await self._delete(
            PlaylistCopyRow.listener_id == listener_id, PlaylistCopyRow.account == account
        )

    async def _delete(self, *which: ColumnElement[bool]) -> int:
        statement = delete(PlaylistCopyRow).where(*which).returning(PlaylistCopyRow.kept_id)
        return len((await self._session.scalars(statement)).all())


def _is_there(copy: PlaylistCopy) -> tuple[ColumnElement[bool], ...]:
    return (
        PlaylistCopyRow.kept_id == copy.kept_id,
        PlaylistCopyRow.account == copy.account,
        PlaylistCopyRow.account_id == copy.account_id,
    )


def _is(copy: PlaylistCopy) -> tuple[ColumnElement[bool], ...]:
    """Meet exactly this attempt."""
    return (*_is_there(copy), PlaylistCopyRow.begun_at == copy.begun_at)


def _copy(row: PlaylistCopyRow) -> PlaylistCopy:
    return PlaylistCopy(
        listener_id=row.listener_id,
        kept_id=row.kept_id,
        account=row.account,
        account_id=row.account_id,
        begun_at=row.begun_at,
        list_id=row.list_id,
        url=row.url,
        n_items=row.n_items,
    )
