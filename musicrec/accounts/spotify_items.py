"""What stands at a place of a playlist on Spotify, and which of it can be put there."""

import re
from collections.abc import Iterable
from typing import Any, Final

from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, PlaylistItem
from musicrec.playlists.formats.links import moment
from musicrec.sources.fields import as_object, number, part, spotify_id_of, text
from musicrec.sources.spotify_tracks import artists_of, isrc_in

_URI: Final = re.compile(r"spotify:(?:track|episode):[0-9A-Za-z]{22}")
_LINK: Final = re.compile(
    r"https?://open\.spotify\.com/(?:intl-\w+/)?(track|episode)/([0-9A-Za-z]{22})(?![0-9A-Za-z])"
)
_LOCAL: Final = "spotify:local:"
_LONGEST_URI: Final = 2_000


def item_of(entry: Any, position: int) -> PlaylistItem:
    """Return what an entry of a page tells; an unknown item where it tells nothing."""
    place = as_object(entry)
    found = part(place, "item")
    uri = found.get("uri")
    uri = uri[:_LONGEST_URI] if isinstance(uri, str) else ""
    kind = _kind(text(found, "type"), uri)
    duration = number(found, "duration_ms")
    show = part(found, "show")
    return PlaylistItem(
        position,
        kind,
        title=text(found, "name"),
        artists=artists_of(found) or tuple(filter(None, [text(show, "name")])),
        album=text(part(found, "album"), "name"),
        duration_ms=int(duration) if duration else None,
        track_id=_track_id(found, kind),
        uri=uri,
        added_at=moment(text(place, "added_at")),
        added_by=text(part(place, "added_by"), "id"),
    )


def key_of(item: PlaylistItem) -> str:
    """Return what a step calls an item: its uri, however it is linked, or else its identity."""
    return _addable(item) or item.identity


def stuck_among(items: Iterable[PlaylistItem]) -> frozenset[str]:
    """Return the keys of what Spotify's interface can move, but neither add nor remove."""
    return frozenset(key_of(item) for item in items if not _addable(item))


def known(items: Iterable[PlaylistItem]) -> list[PlaylistItem]:
    """Return the items that can be added."""
    return [item for item in items if _addable(item)]


def _addable(item: PlaylistItem) -> str:
    for written in (item.uri, item.track_id or ""):
        if _URI.fullmatch(written):
            return written
        if match := _LINK.match(written):
            return f"spotify:{match[1]}:{match[2]}"
    return ""


def _kind(said: str, uri: str) -> ItemKind:
    if uri.startswith(_LOCAL):
        return ItemKind.LOCAL_FILE
    if not _URI.fullmatch(uri):
        return ItemKind.UNKNOWN
    return ItemKind.EPISODE if said == "episode" else ItemKind.SONG


def _track_id(found: Any, kind: ItemKind) -> TrackId | None:
    if kind is not ItemKind.SONG:
        return None
    if isrc := isrc_in(found):
        return TrackId(f"isrc:{isrc}")
    spotify_id = spotify_id_of(text(found, "id"))
    return TrackId(f"spotify:track:{spotify_id}") if spotify_id else None
