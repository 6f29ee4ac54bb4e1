"""Spotify on behalf of one listener: what readers and writers of their playlists stand on."""

from collections.abc import Callable
from typing import Final, Protocol

from spotipy import Spotify

from musicrec.domain.errors import SourceUnavailableError
from musicrec.sources.fields import Document
from musicrec.sources.replies import Json

ME: Final = "me"
"""Bucket of the listener's name, saved songs and top songs."""
PLAYLISTS: Final = "playlists"
"""Bucket of ``me/playlists`` and of everything below ``playlists/``."""


class SpotifyForbiddenError(SourceUnavailableError):
    """Spotify refuses this one request (403): a stranger's playlist, or a right that it lacks.

    Everything else may still be asked.
    """


class SpotifySession(Protocol):
    """Asks as one listener.

    Tokens are fetched, renewed and kept by whoever implements it; no caller ever sees one.
    """

    async def ask(
        self, bucket: str, call: Callable[[Spotify], Json], *, changes: bool = False
    ) -> Document | None:
        """Make one call, in a thread, when it is its turn.

        Args:
            bucket: The kind of call, which has a budget and closures of its own; all listeners
                share them, because Spotify counts by application.
            call: Makes exactly one request. Pages are asked for by their offset, never with
                ``Spotify.next``, which sends the token wherever an answer says. It may be called
                again, in the same thread, with a new token.
            changes: Whether it changes something at Spotify. Such a call is not repeated after a
                failure that may have come too late (no answer in time, 5xx): then
                ``SourceUnavailableError`` says nothing about whether it took effect. Refusals that
                surely had none (401, 429) are handled as for any other call.

        Returns:
            The answer; an empty object where it has no body; None for "there is no such thing"
            (404).

        Raises:
            NotLinkedError: The listener has linked no Spotify account.
            AccountLostError: Spotify has ended the link; it was deleted here too.
            NotInvitedError: The application does not serve this account.
            SpotifyForbiddenError: This request is refused.
            SourceClosedError: The budget of the bucket is spent, or Spotify wants no calls for a
                time.
            SourceUnavailableError: There is no usable answer.
        """
        ...
