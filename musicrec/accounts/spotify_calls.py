# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001 - spotipy's own methods send bodies that are not as described, or know too much
"""The requests about playlists that Spotify gets, one method each.

Source: developer.spotify.com/documentation/web-api, as of February 2026.
"""

from typing import Any, Final

from musicrec.accounts.spotify_session import ME, PLAYLISTS, SpotifyForbiddenError, SpotifySession
from musicrec.domain.errors import PlaylistUnusableError
from musicrec.playlists.steps import Insert, Move, Remove, Step
from musicrec.sources.fields import Document, part, spotify_id_of, text

PAGE: Final = 50
"""Entries in one answer; more are refused."""

_GONE: Final = (
    "Spotify has no such playlist any more, or it is one of Spotify's own, which it shows to no "
    "program."
)
_FOREIGN: Final = (
    "Spotify shows the songs of a playlist only to its owner and to those who edit it together "
    "with the owner, and {} belongs to somebody else. Copy its songs into a playlist of your own "
    "there, and use that."
)
_FIXED: Final = (
    "Spotify does not let you change this playlist: only its owner and those who edit it together "
    "with the owner may."
)


class PlaylistCalls:
    """Asks as one listener.

    Every method may raise ``PlaylistUnusableError`` and whatever ``SpotifySession.ask`` raises.
    """

    def __init__(self, session: SpotifySession) -> None:
        self._session = session

    async def my_id(self) -> str:
        """Return the listener's name among Spotify's listeners."""
        found = await self._session.ask(ME, lambda spotify: spotify.me())
        return text(found or {}, "id")

    async def mine(self, offset: int) -> Document:
        """Return a page of the playlists that are in the listener's library."""
        found = await self._session.ask(
            PLAYLISTS, lambda spotify: spotify.current_user_playlists(limit=PAGE, offset=offset)
        )
        return found or {}

    async def head(self, list_id: str) -> Document:
        """Return what a playlist is called, which version it is, and its first songs."""
        path = _path(list_id)
        try:
            found = await self._session.ask(
                PLAYLISTS,
                lambda spotify: spotify._get(path, additional_types="track,episode"),
            )
        except SpotifyForbiddenError as error:
            raise PlaylistUnusableError(_FOREIGN.format("this one")) from error
        if found is None:
            raise PlaylistUnusableError(_GONE)
        if not part(found, "items"):
            name = text(found, "name")
            raise PlaylistUnusableError(_FOREIGN.format(f"“{name}”" if name else "this one"))
        return found

    async def items(self, list_id: str, offset: int) -> Document:
        """Return a page of a playlist's songs."""
        path = f"{_path(list_id)}/items"
        try:
            found = await self._session.ask(
                PLAYLISTS,
                lambda spotify: spotify._get(
                    path, limit=PAGE, offset=offset, additional_types="track,episode"
                ),
            )
        except SpotifyForbiddenError as error:
            raise PlaylistUnusableError(_FOREIGN.format("this one")) from error
        if found is None:
            raise PlaylistUnusableError(_GONE)
        return found

    async def take(self, list_id: str, step: Step, snapshot_id: str) -> str:
        """Change a playlist.

        Args:
            list_id: Which.
            step: How.
            snapshot_id: The version that the step was made for.

        Returns:
            The version that it is then; empty where that is not told.

        Raises:
            SourceUnavailableError: Nothing is known of what it did, unless its cause is final.
        """
        path, body = f"{_path(list_id)}/items", _body_of(step, snapshot_id)

        def call(spotify: Any) -> Any:
            send = {Remove: spotify._delete, Insert: spotify._post, Move: spotify._put}[type(step)]
            return send(path, payload=body)

        try:
            found = await self._session.ask(PLAYLISTS, call, changes=True)
        except SpotifyForbiddenError as error:
            raise PlaylistUnusableError(_FIXED) from error
        if found is None:
            raise PlaylistUnusableError(_GONE)
        return text(found, "snapshot_id")

    async def make(self, title: str, description: str) -> Document:
        """Make an empty playlist that only the listener sees.

        Raises:
            SourceUnavailableError: As for ``take``.
        """
        found = await self._session.ask(
            PLAYLISTS,
            lambda spotify: spotify.current_user_playlist_create(
                title, public=False, description=description
            ),
            changes=True,
        )
        return found or {}


def _path(list_id: str) -> str:
    if spotify_id_of(list_id) is None:
        raise PlaylistUnusableError(_GONE)
    return f"playlists/{list_id}"


def _body_of(step: Step, snapshot_id: str) -> dict[str, Any]:
    match step:
        case Remove(uris):
            return {"items": [{"uri": uri} for uri in uris], "snapshot_id": snapshot_id}
        case Insert(at, uris):
            return {"uris": list(uris), "position": at}
        case Move(start, length, before):
            return {
                "range_start": start,
                "range_length": length,
                "insert_before": before,
                "snapshot_id": snapshot_id,
            }
