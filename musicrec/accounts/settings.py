"""What may be set about accounts elsewhere."""

from dataclasses import dataclass
from typing import Final

from musicrec.accounts.keys import TokenKeys
from musicrec.accounts.listenbrainz import LISTENBRAINZ_ACCOUNTS
from musicrec.sources.settings import SPOTIFY_ACCOUNTS, SPOTIFY_API, ServiceSettings

LOOPBACK: Final = "http://127.0.0.1/callback"
"""Where Spotify sends a browser that cannot reach the bot: the page fails, its address is copied.

Nothing has to listen there. Spotify takes http for this literal address alone.
Source: developer.spotify.com/documentation/web-api/concepts/redirect_uri.
"""


@dataclass(frozen=True, slots=True)
class SpotifyAccountSettings:
    """An application of the operator's on Spotify, for which listeners allow things.

    Attributes:
        client_id: Of the application. PKCE needs no secret, and what was allowed with PKCE is
            renewed without one.
        redirect_uri: Where Spotify sends the browser afterwards; registered with the application.
        api: Where the Web API is and what it bears.
        accounts_url: Of the service that hands out tokens, without a slash at the end.
        is_demo: It stands in for Spotify on this machine.
        hints: Whether listeners may have their saved and top songs taken for songs that they
            probably like.
    """

    client_id: str
    redirect_uri: str = LOOPBACK
    api: ServiceSettings = SPOTIFY_API
    accounts_url: str = SPOTIFY_ACCOUNTS
    is_demo: bool = False
    hints: bool = False

    @property
    def is_pasted(self) -> bool:
        """Whether the browser may end at an address that nobody answers, which is pasted then."""
        return not self.is_demo and self.redirect_uri.startswith(
            ("http://127.0.0.1", "http://[::1]")
        )


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Which accounts may be linked.

    Attributes:
        spotify: None where the operator has no application there.
        keys: Under which tokens are kept; None where the operator has set none.
        listenbrainz: Where it is and what it bears.
    """

    spotify: SpotifyAccountSettings | None = None
    keys: TokenKeys | None = None
    listenbrainz: ServiceSettings = LISTENBRAINZ_ACCOUNTS
