"""One listener's session with the stand-in of Spotify: a token that is simply there."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from spotipy import Spotify as Spotipy

from bot.stand_in.accounts import Grant
from bot.stand_in.service import PREFIX, Spotify
from musicrec.accounts.spotify_session import SpotifyForbiddenError
from musicrec.domain.errors import SourceClosedError, SourceUnavailableError
from musicrec.sources.clock import Clock
from musicrec.sources.fields import Document
from musicrec.sources.replies import FailedError, RefusedError
from musicrec.sources.settings import SPOTIFY
from musicrec.sources.spotify_http import answered, polite_session

SCOPES: Final = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "playlist-modify-private",
    "playlist-modify-public",
)
_TRIES: Final = 3
_PATIENCE_S: Final = 5


def token_for(spotify: Spotify, listener: str, *scopes: str) -> str:
    """Let a listener allow something for a day."""
    now, token = spotify.clock.now(), f"token-of-{listener}"
    spotify.accounts.access[token] = Grant(
        listener, frozenset(scopes or SCOPES), now + timedelta(days=1), now
    )
    return token


class TokenSession:
    """A ``SpotifySession`` that needs no account; it fails as the real one does."""

    def __init__(self, address: str, token: str, clock: Clock) -> None:
        made: Any = Spotipy  # its defaults are no types
        self.session = polite_session(5)
        self._spotify: Spotipy = made(auth=token, requests_session=self.session)
        self._spotify.prefix = f"{address}{PREFIX}/"
        self._clock = clock

    async def ask(
        self, bucket: str, call: Callable[[Spotipy], Any], *, changes: bool = False
    ) -> Document | None:
        del bucket
        for n_before in range(_TRIES):
            is_last = n_before + 1 == _TRIES
            try:
                return await asyncio.to_thread(answered, lambda: call(self._spotify))
            except RefusedError as refused:
                await self._wait(refused, is_last=is_last)
            except FailedError as failed:
                if "403" in failed.reason:
                    raise SpotifyForbiddenError(SPOTIFY, failed.reason) from failed
                if failed.is_final or changes or is_last:
                    raise SourceUnavailableError(SPOTIFY, failed.reason) from failed
        raise AssertionError

    async def _wait(self, refused: RefusedError, *, is_last: bool) -> None:
        wait_s = refused.wait_s or 0
        if wait_s > _PATIENCE_S or is_last:
            until = self._clock.now() + timedelta(seconds=wait_s)
            raise SourceClosedError(SPOTIFY, refused.reason, until=until)
        await self._clock.sleep(wait_s)
