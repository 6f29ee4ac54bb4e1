"""Link a listener's Spotify account: begun in Discord, allowed at Spotify, finished here."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from musicrec.accounts.keys import TokenKeys
from musicrec.accounts.link_answer import LinkAnswer
from musicrec.accounts.opening import SpotifyAccounts
from musicrec.accounts.spotify_login import new_verifier
from musicrec.accounts.spotify_profile import Profile, profile_of
from musicrec.accounts.tokens import Tokens
from musicrec.domain.account import LINK_WITHIN, Account, AccountKind, PendingLink
from musicrec.domain.errors import LinkFailedError
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.services.letting_go import LetGo
from musicrec.storage import Database

_REMEMBERED_FOR: Final = timedelta(days=1)
"""For so long an old link is told from one that never was."""
_AGAIN: Final = "Start again with /link spotify."


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """A link that was begun.

    Attributes:
        url: The page on which the listener allows or declines.
        is_pasted: Whether the page after it may fail, so that its address is pasted.
        expires_at: Aware UTC.
        is_demo: It is no account on Spotify, but one that stands in for it on this machine.
        asks_for_songs: It asks for saved and top songs too.
    """

    url: str
    is_pasted: bool
    expires_at: datetime
    is_demo: bool = False
    asks_for_songs: bool = False


class SpotifyLinking:
    """Begins and finishes links; what is between is in the database and survives a restart."""

    def __init__(
        self, database: Database, spotify: SpotifyAccounts, keys: TokenKeys, let_go: LetGo
    ) -> None:
        self._database = database
        self._spotify = spotify
        self._keys = keys
        self._let_go = let_go

    async def begin(self, listener_id: ListenerId, *, at: datetime) -> LinkOffer:
        """Begin a link that this listener may finish within ten minutes."""
        state, verifier = secrets.token_urlsafe(24), new_verifier()
        sealed, expires_at = self._keys.seal(verifier), at + LINK_WITHIN
        link = PendingLink(_hash(state), listener_id, AccountKind.SPOTIFY, sealed, expires_at)
        async with self._database.writing() as uow:
            await uow.pending_links.forget(at - _REMEMBERED_FOR)
            await uow.listeners.lock(listener_id, at)
            await uow.pending_links.begin(link)
        url = self._spotify.login.authorize_url(state, verifier)
        settings = self._spotify.settings
        return LinkOffer(url, settings.is_pasted, expires_at, settings.is_demo, settings.hints)

    async def finish(
        self, answer: LinkAnswer, *, at: datetime, by: ListenerId | None = None
    ) -> Account:
        """Finish a link.

        Args:
            answer: What came back.
            at: Aware UTC.
            by: Who brings it; None where a browser does, of which nobody knows whose it is.

        Raises:
            LinkFailedError: The listener declined, or the link is none, another's, used or old.
            NotInvitedError: The application does not serve this account.
            SourceError: Spotify cannot be asked.
        """
        link = await self._use(answer.state, at=at, by=by)
        if answer.refusal:
            raise LinkFailedError(answer.refusal)
        tokens = await self._spotify.login.redeem(answer.code, self._keys.open(link.sealed))
        if tokens is None:
            msg = f"Spotify does not accept that answer any more. {_AGAIN}"
            raise LinkFailedError(msg)
        profile = await profile_of(self._spotify.asker, tokens.access)
        return await self._keep(link, tokens, profile, at=at)

    async def _use(self, state: str, *, at: datetime, by: ListenerId | None) -> PendingLink:
        """Use a link up, and return it as it was before."""
        async with self._database.writing() as uow:
            link = await uow.pending_links.get(_hash(state))
            if link is None:
                raise LinkFailedError(_unknown())
            if by is not None and link.listener_id != by:
                msg = "That belongs to a link that somebody else began. Start your own with "
                raise LinkFailedError(msg + "/link spotify.")
            if link.used_at is None and link.expires_at <= at:
                msg = f"That took longer than ten minutes, so the link has expired. {_AGAIN}"
                raise LinkFailedError(msg)
            # Of two who bring the same answer at once only one may go on.
            if not await uow.pending_links.use(link.state_hash, at):
                msg = "That link was used already. /link status says what is linked."
                raise LinkFailedError(msg)
        return link

    async def _keep(
        self, link: PendingLink, tokens: Tokens, profile: Profile, *, at: datetime
    ) -> Account:
        account = Account(
            listener_id=link.listener_id,
            kind=link.kind,
            account_id=profile.account_id,
            name=profile.name,
            authorised_at=at,
            scopes=tokens.scopes,
            sealed=tokens.sealed(self._keys),
        )
        async with self._database.writing() as uow:
            await uow.listeners.lock(link.listener_id, at)
            if await uow.pending_links.get(link.state_hash) is None:
                # The listener unlinked, or had everything deleted, while Spotify was asked.
                raise LinkFailedError(_unknown())
            former = await uow.accounts.get(link.listener_id, link.kind)
            if former is not None and former.account_id != account.account_id:
                await self._let_go(uow, link.listener_id)
            await uow.accounts.put(account)
            await uow.playlist_edits.end_pauses(link.listener_id, PlaceKind.SPOTIFY)
        return account


def _unknown() -> str:
    return f"That belongs to no link that I began, or to one that is long over. {_AGAIN}"


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
