"""Linked accounts."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.account import Account, AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.storage.account_tables import AccountRow
from musicrec.storage.repositories.dialects import insert_into


class AccountRepository:
    """The table ``accounts``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, account: Account) -> None:
        """Keep an account in the place of an earlier one of the same kind.

        The listener must be known (``ListenerRepository.lock``).
        """
        insert = insert_into(self._session, AccountRow).values(
            listener_id=account.listener_id,
            kind=account.kind,
            account_id=account.account_id,
            name=account.name,
            authorised_at=account.authorised_at,
            scopes=list(account.scopes),
            sealed=account.sealed,
            reminded_at=account.reminded_at,
            renewing_until=None,
        )
        changed = ("account_id", "name", "authorised_at", "scopes", "sealed", "reminded_at")
        statement = insert.on_conflict_do_update(
            index_elements=[AccountRow.listener_id, AccountRow.kind],
            set_={
                **{name: insert.excluded[name] for name in changed},
                "renewing_until": None,
            },
        )
        await self._session.execute(statement)

    async def get(self, listener_id: ListenerId, kind: AccountKind) -> Account | None:
        """Return a listener's account of a kind."""
        row = await self._session.scalar(
            select(AccountRow).where(AccountRow.listener_id == listener_id, AccountRow.kind == kind)
        )
        return None if row is None else _account(row)

    async def list_all(self, listener_id: ListenerId) -> list[Account]:
        """Return a listener's accounts, by their kind."""
        statement = (
            select(AccountRow)
            .where(AccountRow.listener_id == listener_id)
            .order_by(AccountRow.kind)
        )
        return [_account(row) for row in await self._session.scalars(statement)]

    async def delete(self, listener_id: ListenerId, kind: AccountKind) -> bool:
        """Forget an account; tell whether there was one."""
        statement = (
            delete(AccountRow)
            .where(AccountRow.listener_id == listener_id, AccountRow.kind == kind)
            .returning(AccountRow.kind)
        )
        return await self._session.scalar(statement) is not None

    async def delete_link(self, account: Account) -> bool:
        """Forget an account unless it was linked anew meanwhile; tell whether it was forgotten."""
        statement = delete(AccountRow).where(*_is(account)).returning(AccountRow.kind)
        return await self._session.scalar(statement) is not None

    async def claim(self, account: Account, at: datetime, until: datetime) -> bool:
        """Become the only one to renew the tokens of an account, for a time.

        Returns:
            Whether that succeeded: not while somebody else does it, and not where the account is
            gone or was linked anew.
        """
        is_free = or_(AccountRow.renewing_until.is_(None), AccountRow.renewing_until <= at)
        statement = (
            update(AccountRow)
            .where(*_is(account), is_free)
            .values(renewing_until=until)
            .returning(AccountRow.kind)
        )
        return await self._session.scalar(statement) is not None

    async def release(self, account: Account, until: datetime) -> None:
        """Let others renew again, if it is still our turn, which ``until`` tells."""
        statement = (
            update(AccountRow)
            .where(*_is(account), AccountRow.renewing_until == until)
            .values(renewing_until=None)
        )
        await self._session.execute(statement)

    async def renew(self, account: Account) -> bool:
        """Keep new tokens and let others renew again.

        Returns:
            False where the account is gone or was linked anew.
        """
        statement = (
            update(AccountRow)
            .where(*_is(account))
            .values(sealed=account.sealed, renewing_until=None)
            .returning(AccountRow.kind)
        )
        return await self._session.scalar(statement) is not None

    async def reseal_all(self, reseal: Callable[[bytes], bytes]) -> int:
        """Keep everybody's tokens under another key, and return how many accounts there are."""
        statement = select(AccountRow).with_for_update()
        rows = (await self._session.scalars(statement)).all()
        for row in rows:
            account = _account(row)
            again = update(AccountRow).where(*_is(account)).values(sealed=reseal(account.sealed))
            await self._session.execute(again)
        return len(rows)

    async def claim_hints(self, account: Account, at: datetime, *, after: datetime) -> bool:
        """Note that the songs of an account are asked for.

        Args:
            account: Whose.
            at: Now.
            after: Where they were asked for since, it is too soon.

        Returns:
            Whether it is time, and the account was not linked anew or forgotten.
        """
        is_time = or_(AccountRow.hinted_at.is_(None), AccountRow.hinted_at <= after)
        statement = (
            update(AccountRow)
            .where(*_is(account), is_time)
            .values(hinted_at=at)
            .returning(AccountRow.kind)
        )
        return await self._session.scalar(statement) is not None

    async def hinted_at(self, account: Account) -> datetime | None:
        """Return when the songs of an account were asked for last."""
        return await self._session.scalar(select(AccountRow.hinted_at).where(*_is(account)))

    async def release_hints(self, account: Account, at: datetime) -> None:
        """Let the songs be asked for again, because what began ``at`` came to nothing."""
        statement = (
            update(AccountRow)
            .where(*_is(account), AccountRow.hinted_at == at)
            .values(hinted_at=None)
        )
        await self._session.execute(statement)

    async def old_ones(self, kind: AccountKind, before: datetime) -> list[Account]:
        """Return accounts authorised before an instant whose listeners were not reminded."""
        statement = (
            select(AccountRow)
            .where(
                AccountRow.kind == kind,
                AccountRow.authorised_at < before,
                AccountRow.reminded_at.is_(None),
            )
            .order_by(AccountRow.listener_id)
        )
        return [_account(row) for row in await self._session.scalars(statement)]

    async def remind(self, account: Account, at: datetime) -> bool:
        """Note that the listener is reminded; False where somebody else does it already."""
        statement = (
            update(AccountRow)
            .where(*_is(account), AccountRow.reminded_at.is_(None))
            .values(reminded_at=at)
            .returning(AccountRow.kind)
        )
        return await self._session.scalar(statement) is not None

    async def forget_reminder(self, account: Account) -> None:
        """Note that the listener was not reminded after all."""
        statement = update(AccountRow).where(*_is(account)).values(reminded_at=None)
        await self._session.execute(statement)


def _is(account: Account) -> tuple[ColumnElement[bool], ...]:
    """Meet exactly this link: one made anew has another time."""
    return (
        AccountRow.listener_id == account.listener_id,
        AccountRow.kind == account.kind,
        AccountRow.authorised_at == account.authorised_at,
    )


def _account(row: AccountRow) -> Account:
    return Account(
        listener_id=row.listener_id,
        kind=row.kind,
        account_id=row.account_id,
        name=row.name,
        authorised_at=row.authorised_at,
        scopes=tuple(row.scopes),
        sealed=row.sealed,
        reminded_at=row.reminded_at,
    )
