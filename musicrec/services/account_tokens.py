"""The tokens of linked Spotify accounts: kept encrypted, renewed early, by one at a time.

A renewal may hand out a new refresh token, which ends the old one: of two renewals at once the
one that is stored last could be of no use. Within this process they are one; other processes wait
for their turn in the database.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from musicrec.accounts.keys import TokenKeys
from musicrec.accounts.opening import SpotifyAccounts
from musicrec.accounts.tokens import Tokens
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    NotLinkedError,
    SourceError,
    SourceUnavailableError,
)
from musicrec.domain.ids import ListenerId
from musicrec.services.letting_go import LetGo
from musicrec.sources.flights import Flights
from musicrec.storage import Database, UnitOfWork

_EARLY: Final = timedelta(minutes=5)
"""Before its end a token is renewed."""
_SERVES: Final = timedelta(seconds=30)
"""Before its end a token is still used where it cannot be renewed."""
_TURN: Final = timedelta(minutes=1)
"""Longer than all tries of a renewal take; after it another process may renew."""
_LOOK_AGAIN_S: Final = 0.2
_MOST_LOOKS: Final = 75
"""15 seconds of looks."""
_KIND: Final = AccountKind.SPOTIFY


class AccountTokens:
    """Hands out access tokens of all listeners."""

    def __init__(
        self, database: Database, spotify: SpotifyAccounts, keys: TokenKeys, let_go: LetGo
    ) -> None:
        self._database = database
        self._login = spotify.login
        self._clock = spotify.clock
        self._keys = keys
        self._let_go = let_go
        self._renewals: Flights[str] = Flights()

    async def access(self, listener_id: ListenerId, *, rejected: str | None = None) -> str:
        """Return an access token that serves.

        Args:
            listener_id: Whose.
            rejected: One that Spotify did not accept just now.

        Raises:
            NotLinkedError: The listener has linked no account.
            AccountLostError: Spotify has ended the link; it is deleted here too.
            SourceError: Spotify cannot be asked for a new token; the link stays.
        """
        async with self._database.reading() as uow:
            tokens = self._opened(await _account(uow, listener_id))
        left = tokens.ends_at - self._clock.now()
        is_accepted = tokens.access != rejected
        if is_accepted and left > _EARLY:
            return tokens.access
        try:
            return await self._renewals.join(
                str(listener_id), lambda: self._renew(listener_id, tokens.access)
            )
        except SourceError:
            if is_accepted and left > _SERVES:
                return tokens.access
            raise

    async def close(self) -> None:
        """Wait for renewals under way, whose tokens would be lost."""
        await self._renewals.land()

    async def _renew(self, listener_id: ListenerId, worn: str) -> str:
        account, until = await self._turn(listener_id, worn)
        tokens = self._opened(account)
        if until is None:
            return tokens.access
        try:
            newer = await self._login.renew(tokens.refresh)
        except SourceError:
            async with self._database.writing() as uow:
                await uow.accounts.release(account, until)
            raise
        async with self._database.writing() as uow:
            if newer is not None:
                await uow.accounts.renew(account.with_sealed(newer.sealed(self._keys)))
                return newer.access
            await uow.listeners.lock_known(listener_id)
            if await uow.accounts.delete_link(account):
                await self._let_go(uow, listener_id)
        raise AccountLostError(_KIND)

    async def _turn(self, listener_id: ListenerId, worn: str) -> tuple[Account, datetime | None]:
        """Wait until nobody else renews.

        Returns:
            The account, and until when it is our turn; None where somebody else has renewed it.
        """
        for _ in range(_MOST_LOOKS):
            now = self._clock.now()
            async with self._database.writing() as uow:
                is_ours = await uow.accounts.claim(
                    await _account(uow, listener_id), now, now + _TURN
                )
                account = await _account(uow, listener_id)
                is_renewed = self._opened(account).access != worn
                if is_ours and is_renewed:
                    await uow.accounts.release(account, now + _TURN)
            if is_ours or is_renewed:
                return account, None if is_renewed else now + _TURN
            await asyncio.sleep(_LOOK_AGAIN_S)
        raise SourceUnavailableError(_KIND, "another process renews the link")

    def _opened(self, account: Account) -> Tokens:
        return Tokens.opened(account.sealed, self._keys)


class ListenerTokens:
    """The ``AccessTokens`` of one listener."""

    def __init__(self, tokens: AccountTokens, listener_id: ListenerId) -> None:
        self._tokens = tokens
        self._listener_id = listener_id

    async def access(self, *, rejected: str | None = None) -> str:
        """Return an access token that serves; see ``AccountTokens``."""
        return await self._tokens.access(self._listener_id, rejected=rejected)


async def _account(uow: UnitOfWork, listener_id: ListenerId) -> Account:
    account = await uow.accounts.get(listener_id, _KIND)
    if account is None:
        raise NotLinkedError(_KIND)
    return account
