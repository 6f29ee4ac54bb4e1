"""Spotify on behalf of listeners: one line and one budget for all of them."""

from collections.abc import Callable
from typing import Protocol

from spotipy import Spotify

from musicrec.accounts.spotify_session import SpotifyForbiddenError
from musicrec.domain.errors import NotInvitedError, SourceUnavailableError
from musicrec.sources.api import Api, Surroundings
from musicrec.sources.fields import Document, as_object
from musicrec.sources.replies import Json
from musicrec.sources.settings import SPOTIFY, ServiceSettings
from musicrec.sources.spotify_http import (
    ForbiddenError,
    RejectedTokenError,
    SpotifyLine,
    answered,
)

_NOT_INVITED = "not registered"
"""In what Spotify says to accounts that an application in Development Mode does not serve."""


class AccessTokens(Protocol):
    """The tokens of one listener."""

    async def access(self, *, rejected: str | None = None) -> str:
        """Return an access token that serves, renewed where that is due.

        Args:
            rejected: One that Spotify did not accept just now; it is not returned again.

        Raises:
            NotLinkedError: The listener has linked no account.
            AccountLostError: What was allowed has ended.
            SourceError: Spotify cannot be asked for a new one.
        """
        ...


class SpotifyAsker:
    """Makes calls for whoever has a token; every kind of call has a budget of its own."""

    def __init__(
        self, settings: ServiceSettings, line: SpotifyLine, surroundings: Surroundings
    ) -> None:
        self._settings = settings
        self._line = line
        self._surroundings = surroundings
        self._apis: dict[str, Api] = {}

    async def ask(
        self, token: str, bucket: str, call: Callable[[Spotify], Json], *, changes: bool = False
    ) -> Document | None:
        """Make one call.

        Args:
            token: Whose it is made as.
            bucket: The kind of call.
            call: Makes one request.
            changes: Whether it changes something, so that it is not repeated after a failure.

        Returns:
            The answer; an empty object where it has no body; None for "not found".

        Raises:
            RejectedTokenError: The token serves no more; the call had no effect.
            NotInvitedError: The application does not serve this account.
            SpotifyForbiddenError: This call is refused.
            SourceError: Spotify cannot be asked.
        """

        async def ask() -> Document | ForbiddenError | RejectedTokenError | None:
            try:
                found = await self._line.run(lambda: self._make(token, call))
            except (ForbiddenError, RejectedTokenError) as refusal:
                return refusal  # an answer: the service is well, and another try of no use
            return None if found is None else as_object(found)

        outcome = await self._api(bucket).attempt(ask, may_repeat=not changes)
        if isinstance(outcome, RejectedTokenError):
            raise outcome
        if isinstance(outcome, ForbiddenError):
            if _NOT_INVITED in outcome.said.lower():
                raise NotInvitedError(SPOTIFY) from outcome
            raise SpotifyForbiddenError(SPOTIFY, outcome.reason) from outcome
        return outcome

    def _make(self, token: str, call: Callable[[Spotify], Json]) -> Json | None:
        return answered(lambda: call(self._line.authorised(token)), may_be_empty=True)

    def _api(self, bucket: str) -> Api:
        if bucket not in self._apis:
            self._apis[bucket] = Api(SPOTIFY, "", self._settings, self._surroundings, bucket=bucket)
        return self._apis[bucket]


class ListenerSpotify:
    """A ``SpotifySession`` of one listener."""

    def __init__(self, asker: SpotifyAsker, tokens: AccessTokens) -> None:
        self._asker = asker
        self._tokens = tokens

    async def ask(
        self, bucket: str, call: Callable[[Spotify], Json], *, changes: bool = False
    ) -> Document | None:
        """Make one call as the listener; see ``SpotifySession``."""
        token = await self._tokens.access()
        try:
            return await self._asker.ask(token, bucket, call, changes=changes)
        except RejectedTokenError:
            token = await self._tokens.access(rejected=token)
        try:
            return await self._asker.ask(token, bucket, call, changes=changes)
        except RejectedTokenError as error:
            raise SourceUnavailableError(SPOTIFY, error.reason) from error
