"""Links to accounts that are being made."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.account import AccountKind, PendingLink
from musicrec.domain.ids import ListenerId
from musicrec.storage.account_tables import PendingLinkRow
from musicrec.storage.repositories.dialects import insert_into


class PendingLinkRepository:
    """The table ``pending_links``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, link: PendingLink) -> None:
        """Keep a link that was begun; the listener must be known."""
        insert = insert_into(self._session, PendingLinkRow).values(
            state_hash=link.state_hash,
            listener_id=link.listener_id,
            kind=link.kind,
            sealed=link.sealed,
            expires_at=link.expires_at,
            used_at=link.used_at,
        )
        await self._session.execute(insert)

    async def get(self, state_hash: str) -> PendingLink | None:
        """Return a link that was begun, also one that was used or has expired not long ago."""
        row = await self._session.get(PendingLinkRow, state_hash)
        return None if row is None else _link(row)

    async def use(self, state_hash: str, at: datetime) -> bool:
        """Use a link up, with what it kept; False for whoever comes second."""
        statement = (
            update(PendingLinkRow)
            .where(PendingLinkRow.state_hash == state_hash, PendingLinkRow.used_at.is_(None))
            .values(used_at=at, sealed=b"")
            .returning(PendingLinkRow.state_hash)
        )
        return await self._session.scalar(statement) is not None

    async def forget(self, before: datetime) -> int:
        """Delete what expired before an instant, and return how much that was."""
        statement = (
            delete(PendingLinkRow)
            .where(PendingLinkRow.expires_at < before)
            .returning(PendingLinkRow.state_hash)
        )
        return len((await self._session.scalars(statement)).all())

    async def delete_all(self, listener_id: ListenerId, kind: AccountKind) -> None:
        """Forget the links of a kind that a listener began."""
        statement = delete(PendingLinkRow).where(
            PendingLinkRow.listener_id == listener_id, PendingLinkRow.kind == kind
        )
        await self._session.execute(statement)

    async def reseal_all(self, reseal: Callable[[bytes], bytes]) -> None:
        """Keep what unfinished links keep under another key."""
        statement = select(PendingLinkRow).where(PendingLinkRow.used_at.is_(None)).with_for_update()
        for link in [_link(row) for row in await self._session.scalars(statement)]:
            again = (
                update(PendingLinkRow)
                .where(PendingLinkRow.state_hash == link.state_hash)
                .values(sealed=reseal(link.sealed))
            )
            await self._session.execute(again)


def _link(row: PendingLinkRow) -> PendingLink:
    return PendingLink(
        row.state_hash, row.listener_id, row.kind, row.sealed, row.expires_at, row.used_at
    )
