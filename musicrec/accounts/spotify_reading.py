"""Whole playlists and whole libraries out of Spotify's pages."""

import html
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from musicrec.accounts.spotify_calls import PlaylistCalls
from musicrec.accounts.spotify_items import item_of, key_of
from musicrec.domain.errors import SourceUnavailableError
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_home import HomeList
from musicrec.sources.fields import Document, as_object, number, part, spotify_id_of, text
from musicrec.sources.settings import SPOTIFY

_TRIES: Final = 3
_CHANGING: Final = "the playlist changes while it is read"


@dataclass(frozen=True)
class Version:
    """A playlist as it was once.

    Attributes:
        snapshot_id: Spotify's name of this version.
    """

    playlist: Playlist
    snapshot_id: str

    @property
    def keys(self) -> list[str]:
        """What steps call its items."""
        return [key_of(item) for item in self.playlist.items]


async def read_version(calls: PlaylistCalls, list_id: str) -> Version:
    """Read a playlist, again where it changed in between.

    Raises:
        PlaylistUnusableError: It is gone, or its songs are not shown to this listener.
        SourceError: Spotify cannot be asked, or the playlist never holds still.
    """
    for _ in range(_TRIES):
        head = await calls.head(list_id)
        entries = await _entries(part(head, "items"), lambda offset: calls.items(list_id, offset))
        if entries is not None:
            items = tuple(item_of(entry, place) for place, entry in enumerate(entries, start=1))
            description = html.unescape(text(head, "description"))
            playlist = Playlist(text(head, "name"), items, description)
            return Version(playlist, text(head, "snapshot_id"))
    raise SourceUnavailableError(SPOTIFY, _CHANGING)


async def read_lists(calls: PlaylistCalls) -> list[HomeList]:
    """Read which playlists a listener owns or edits together with others, as their library is.

    Raises:
        SourceError: Spotify cannot be asked, or the library never holds still.
    """
    own_id = await calls.my_id()
    for _ in range(_TRIES):
        entries = await _entries(await calls.mine(0), calls.mine)
        if entries is not None:
            found = map(as_object, entries)
            return [home_list(each) for each in found if _may_change(each, own_id)]
    raise SourceUnavailableError(SPOTIFY, _CHANGING)


def shows(head: Document, keys: Sequence[str]) -> bool:
    """Whether a playlist can be what is expected, by its length and its first songs."""
    found = part(head, "items")
    first = [key_of(item_of(entry, place)) for place, entry in enumerate(_page(found), start=1)]
    return number(found, "total") == len(keys) and first == list(keys[: len(first)])


def home_list(found: Document) -> HomeList:
    """Return what is told of a playlist without its songs."""
    return HomeList(
        text(found, "id"),
        text(found, "name"),
        int(number(part(found, "items"), "total") or 0),
        text(part(found, "external_urls"), "spotify"),
    )


def _may_change(found: Document, own_id: str) -> bool:
    is_own = text(part(found, "owner"), "id") == own_id
    is_known = spotify_id_of(text(found, "id")) is not None
    return is_known and (is_own or found.get("collaborative") is True)


async def _entries(first: Document, more: Callable[[int], Awaitable[Document]]) -> list[Any] | None:
    """Return the entries of all pages, nulls too; None where their number changed on the way.

    Args:
        first: The first page.
        more: Fetches the page that begins at an offset: the links to the next pages are not
            followed, because the token would go wherever they lead.
    """
    total = number(first, "total")
    page, entries = first, [*_page(first)]
    while _page(page) and len(entries) < (total or 0):
        page = await more(len(entries))
        if number(page, "total") != total:
            return None
        entries += _page(page)
    return entries if len(entries) == total else None


def _page(document: Document) -> list[Any]:
    entries = document.get("items")
    return cast("list[Any]", entries) if isinstance(entries, list) else []
