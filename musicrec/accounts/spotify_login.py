# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""How a listener allows us to act at Spotify: Authorization Code with PKCE.

spotipy checks no state, prompts where it has no code, and keeps tokens in files; here it is given
a code always and a memory that ends with the call.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeGuard

from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyPKCE

from musicrec.accounts.settings import SpotifyAccountSettings
from musicrec.accounts.tokens import Tokens
from musicrec.sources.api import Api, Surroundings
from musicrec.sources.fields import as_object, number
from musicrec.sources.replies import Json
from musicrec.sources.settings import SPOTIFY
from musicrec.sources.spotify_http import (
    DoubtfulTokenError,
    EndedGrantError,
    SpotifyLine,
    answered,
)

SCOPES: Final = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "playlist-modify-public",
    "playlist-modify-private",
)
"""What is asked for, and nothing more."""
LIBRARY_SCOPES: Final = ("user-library-read", "user-top-read")
"""Asked for too where saved and top songs may be taken over."""
_TOKENS: Final = "accounts"
"""Bucket of the service that hands out tokens; it counts no days."""
_SHORTEST_S: Final = 60.0
_LONGEST_S: Final = 86_400.0
_LONGEST_TOKEN: Final = 4_096
_PKCE: Final[Any] = SpotifyPKCE


class SpotifyLogin:
    """Leads a listener to Spotify, and fetches and renews tokens."""

    def __init__(
        self, settings: SpotifyAccountSettings, line: SpotifyLine, surroundings: Surroundings
    ) -> None:
        self._settings = settings
        self._line = line
        self._scopes = (*SCOPES, *LIBRARY_SCOPES) if settings.hints else SCOPES
        self._clock = surroundings.clock
        limits = replace(settings.api, per_day=None)
        self._api = Api(SPOTIFY, "", limits, surroundings, bucket=_TOKENS)

    def authorize_url(self, state: str, verifier: str) -> str:
        """Return the page on which the listener allows or declines.

        Args:
            state: Comes back with the answer.
            verifier: Of ``new_verifier``; needed again for the answer.
        """
        return str(self._pkce(verifier).get_authorize_url(state))

    async def redeem(self, code: str, verifier: str) -> Tokens | None:
        """Return the tokens for a code; None where the code serves no more.

        Raises:
            SourceError: Spotify cannot be asked.
        """
        if not code:
            return None
        pkce = self._pkce(verifier)

        def fetch() -> Json:
            pkce.get_access_token(code, check_cache=False)
            return pkce.cache_handler.get_cached_token()

        return await self._fetch(fetch, "", may_repeat=False)

    async def renew(self, refresh: str) -> Tokens | None:
        """Return new tokens for a refresh token; None where it serves no more.

        Raises:
            SourceError: Spotify cannot be asked.
        """
        pkce = self._pkce("")
        return await self._fetch(lambda: pkce.refresh_access_token(refresh), refresh)

    async def _fetch(
        self, fetch: Callable[[], Json], refresh: str, *, may_repeat: bool = True
    ) -> Tokens | None:
        async def ask() -> Tokens | None:
            try:
                return self._tokens(await self._line.run(lambda: answered(fetch)), refresh)
            except EndedGrantError:
                return None

        return await self._api.attempt(ask, may_repeat=may_repeat)

    def _tokens(self, found: Json | None, refresh: str) -> Tokens:
        document = as_object(found)
        access, newer = document.get("access_token"), document.get("refresh_token") or refresh
        lasts_s = number(document, "expires_in")
        if not _is_token(access) or not _is_token(newer) or lasts_s is None:
            msg = "its answer cannot be understood"
            raise DoubtfulTokenError(msg)
        lasts = timedelta(seconds=min(max(lasts_s, _SHORTEST_S), _LONGEST_S))
        scopes = document.get("scope")
        allowed = tuple(scopes.split()) if isinstance(scopes, str) else self._scopes
        return Tokens(access, newer, self._clock.now() + lasts, allowed)

    def _pkce(self, verifier: str) -> Any:
        settings = self._settings
        pkce = _PKCE(
            client_id=settings.client_id,
            redirect_uri=settings.redirect_uri,
            scope=list(self._scopes),
            requests_session=self._line.session,
            requests_timeout=settings.api.timeout_s,
            open_browser=False,
            cache_handler=MemoryCacheHandler(),
        )
        pkce.OAUTH_AUTHORIZE_URL = f"{settings.accounts_url}/authorize"
        pkce.OAUTH_TOKEN_URL = f"{settings.accounts_url}/api/token"
        pkce.code_verifier, pkce.code_challenge = verifier, challenge_of(verifier)
        return pkce


def new_verifier() -> str:
    """Make what proves later that an answer is for us: 86 random characters.

    Source: RFC 7636, section 4.1.
    """
    return secrets.token_urlsafe(64)


def challenge_of(verifier: str) -> str:
    """Return what Spotify is told of a verifier beforehand. Source: RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _is_token(value: object) -> TypeGuard[str]:
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_TOKEN
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )
