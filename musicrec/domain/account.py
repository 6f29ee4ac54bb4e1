"""A listener's accounts elsewhere, and the links to them that are being made."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from musicrec.domain.ids import ListenerId

LINK_WITHIN: Final = timedelta(minutes=10)
"""How long a link that was begun may be finished."""

SPOTIFY_LASTS: Final = timedelta(days=182)
"""After which Spotify ends what was allowed, however often it was used.

Source: developer.spotify.com/blog/2026-06-18-refresh-token-expiration.
"""
REMIND_AFTER: Final = timedelta(days=160)
"""After which the listener is told so."""


class AccountKind(StrEnum):
    """Where the account is, as people know it."""

    SPOTIFY = "Spotify"
    LISTENBRAINZ = "ListenBrainz"


@dataclass(frozen=True, slots=True)
class Account:
    """A linked account.

    Attributes:
        listener_id: Whose it is.
        kind: Where it is.
        account_id: Its identity there, which never changes.
        name: What it is called there; untrusted text.
        authorised_at: When the listener allowed it, aware UTC; a link made anew has another one.
        scopes: What the listener allowed.
        sealed: The tokens, encrypted.
        reminded_at: When the listener was told that the link will end; None before.
    """

    listener_id: ListenerId
    kind: AccountKind
    account_id: str
    name: str
    authorised_at: datetime
    scopes: tuple[str, ...]
    sealed: bytes = field(repr=False)
    reminded_at: datetime | None = None

    @property
    def ends_about(self) -> datetime | None:
        """When the service ends it by itself; None where it does not."""
        if self.kind is not AccountKind.SPOTIFY:
            return None
        return self.authorised_at + SPOTIFY_LASTS

    def with_sealed(self, sealed: bytes) -> Self:
        """Return the account with other tokens."""
        return replace(self, sealed=sealed)


@dataclass(frozen=True, slots=True)
class PendingLink:
    """A link that was begun; it can be finished once, by whoever began it.

    Attributes:
        state_hash: Of the random text that comes back with the answer; the text is not kept.
        listener_id: Who began it.
        kind: Where the account is.
        sealed: What proves that the answer is for us (the PKCE verifier), encrypted.
        expires_at: Aware UTC.
        used_at: When it was finished or declined; None before.
    """

    state_hash: str
    listener_id: ListenerId
    kind: AccountKind
    sealed: bytes = field(repr=False)
    expires_at: datetime
    used_at: datetime | None = None
