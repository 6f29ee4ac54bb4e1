"""A listener's accounts elsewhere: link them, use them, let go of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from musicrec.accounts.link_answer import LinkAnswer
from musicrec.accounts.opening import Accounts
from musicrec.accounts.spotify_asking import ListenerSpotify, SpotifyAsker
from musicrec.accounts.spotify_playlists import SpotifyPlaylists
from musicrec.accounts.spotify_session import SpotifySession
from musicrec.domain.account import REMIND_AFTER, Account, AccountKind
from musicrec.domain.errors import LinkingOffError
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.domain.playlist_home import PlaylistHome
from musicrec.services.account_tokens import AccountTokens, ListenerTokens
from musicrec.services.letting_go import LetGo, forget_hints_alone
from musicrec.services.linking import LinkOffer, SpotifyLinking
from musicrec.services.quiet import quiet_until
from musicrec.sources import Clock
from musicrec.storage import Database

Bring: TypeAlias = Callable[[Account], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class _Spotify:
    """What there is where the operator has set up Spotify accounts."""

    linking: SpotifyLinking
    tokens: AccountTokens
    asker: SpotifyAsker
    clock: Clock


class AccountService:
    """Links, unlinks, reminds, and opens sessions."""

    def __init__(
        self, database: Database, accounts: Accounts, let_go: LetGo = forget_hints_alone
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._let_go = let_go
        self._spotify = _spotify(database, accounts, let_go)
        self._bring: Bring | None = None

    async def linked(self, listener_id: ListenerId) -> Sequence[Account]:
        """Return the listener's accounts."""
        async with self._database.reading() as uow:
            return await uow.accounts.list_all(listener_id)

    def session_of(self, listener_id: ListenerId) -> SpotifySession:
        """Return a session that asks Spotify as the listener; its calls tell who is not linked.

        Raises:
            LinkingOffError: The operator has not set it up.
        """
        spotify = self._set_up()
        return ListenerSpotify(spotify.asker, ListenerTokens(spotify.tokens, listener_id))

    @property
    def has_spotify(self) -> bool:
        """Whether the operator has set up Spotify accounts."""
        return self._spotify is not None

    def playlists_of(self, listener_id: ListenerId) -> PlaylistHome:
        """Return the listener's playlists on Spotify; its calls tell who is not linked.

        Raises:
            LinkingOffError: The operator has not set it up.
        """
        return SpotifyPlaylists(self.session_of(listener_id), self._set_up().clock)

    async def begin(self, listener_id: ListenerId, *, at: datetime) -> LinkOffer:
        """Begin to link the listener's Spotify account.

        Raises:
            LinkingOffError: The operator has not set it up.
        """
        return await self._set_up().linking.begin(listener_id, at=at)

    async def paste(self, listener_id: ListenerId, address: str, *, at: datetime) -> Account:
        """Finish a link with the address of the page at which the listener's browser ended.

        Raises:
            LinkFailedError: It is no such address, or belongs to no link of this listener.
            LinkingOffError: The operator has not set it up.
            NotInvitedError: The application does not serve this account.
            SourceError: Spotify cannot be asked.
        """
        linking = self._set_up().linking
        return await linking.finish(LinkAnswer.in_address(address), at=at, by=listener_id)

    async def finish(self, answer: LinkAnswer, *, at: datetime) -> Account:
        """Finish a link with what a browser brought.

        Raises:
            LinkFailedError: The listener declined, or the link is none, used or old.
            LinkingOffError: The operator has not set it up.
            NotInvitedError: The application does not serve this account.
            SourceError: Spotify cannot be asked.
        """
        return await self._set_up().linking.finish(answer, at=at)

    async def unlink(self, listener_id: ListenerId, kind: AccountKind) -> bool:
        """Forget an account and all that was read from it, at once.

        What outlived a link that Spotify ended is forgotten too: changes of playlists there.

        Returns:
            Whether there was anything to forget.
        """
        async with self._database.writing() as uow:
            await uow.pending_links.delete_all(listener_id, kind)
            await uow.listeners.lock_known(listener_id)
            n_forgotten = await uow.playlist_copies.delete_of(listener_id, kind)
            if kind is AccountKind.SPOTIFY:
                await self._let_go(uow, listener_id)
                n_forgotten += await uow.playlist_edits.delete_of(listener_id, PlaceKind.SPOTIFY)
            was_linked = await uow.accounts.delete(listener_id, kind)
        return was_linked or n_forgotten > 0

    def bring_reminders(self, bring: Bring) -> None:
        """Have reminders brought by ``bring``, which tells whether it is done with one."""
        self._bring = bring

    async def remind(self, *, at: datetime) -> None:
        """Remind everybody once whose link will end soon, after their quiet hours."""
        if self._bring is None:
            return
        async with self._database.writing() as uow:
            old = await uow.accounts.old_ones(AccountKind.SPOTIFY, at - REMIND_AFTER)
            due = [
                account
                for account in old
                if quiet_until(await uow.quiet_hours.get(account.listener_id), at) is None
                and await uow.accounts.remind(account, at)
            ]
        for account in due:
            if not await self._bring(account):
                async with self._database.writing() as uow:
                    await uow.accounts.forget_reminder(account)

    async def close(self) -> None:
        """Wait until what is being renewed is stored."""
        if self._spotify is not None:
            await self._spotify.tokens.close()

    def _set_up(self) -> _Spotify:
        if self._spotify is None:
            missing = "TOKEN_KEYS" if self._accounts.spotify else "SPOTIFY_CLIENT_ID"
            raise LinkingOffError(AccountKind.SPOTIFY, missing)
        return self._spotify


def _spotify(database: Database, accounts: Accounts, let_go: LetGo) -> _Spotify | None:
    spotify, keys = accounts.spotify, accounts.keys
    if spotify is None or keys is None:
        return None
    return _Spotify(
        SpotifyLinking(database, spotify, keys, let_go),
        AccountTokens(database, spotify, keys, let_go),
        spotify.asker,
        spotify.clock,
    )
