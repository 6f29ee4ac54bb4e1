"""Whose account on Spotify a token is."""

from dataclasses import dataclass

from musicrec.accounts.spotify_asking import SpotifyAsker
from musicrec.accounts.spotify_session import ME
from musicrec.domain.errors import SourceUnavailableError
from musicrec.sources.fields import NOTHING, text
from musicrec.sources.settings import SPOTIFY
from musicrec.sources.spotify_http import RejectedTokenError


@dataclass(frozen=True, slots=True)
class Profile:
    """An account.

    Attributes:
        account_id: Never changes.
        name: Untrusted text; empty where there is none.
    """

    account_id: str
    name: str


async def profile_of(asker: SpotifyAsker, token: str) -> Profile:
    """Return whose token it is.

    Raises:
        NotInvitedError: The application does not serve this account.
        SourceError: Spotify does not tell.
    """
    try:
        document = await asker.ask(token, ME, lambda spotify: spotify.me()) or NOTHING
    except RejectedTokenError as error:
        raise SourceUnavailableError(SPOTIFY, error.reason) from error
    account_id = text(document, "account_id") or text(document, "id")
    if not account_id:
        raise SourceUnavailableError(SPOTIFY, "it does not tell whose account that is")
    return Profile(account_id, text(document, "display_name"))
