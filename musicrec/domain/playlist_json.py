"""Changes of playlists as plain JSON values, to be stored until somebody takes them back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, Original, Playlist, PlaylistChange, PlaylistItem


def change_to_json(change: PlaylistChange) -> dict[str, Any]:
    """Return plain dicts, lists, texts and numbers; ``change_from_json`` reverses it."""
    return {"before": playlist_to_json(change.before), "order": list(change.order)}


def change_from_json(data: Mapping[str, Any]) -> PlaylistChange:
    """Rebuild a change from ``change_to_json``.

    Raises:
        KeyError, TypeError, ValueError: The data is something else.
        BadInputError: Its order does not fit its list.
    """
    return PlaylistChange(playlist_from_json(data["before"]), tuple(data["order"]))


def playlist_to_json(playlist: Playlist) -> dict[str, Any]:
    """Return plain dicts, lists, texts and numbers; ``playlist_from_json`` reverses it."""
    data = asdict(playlist)
    for item in data["items"]:
        added_at = item["added_at"]
        item |= {
            "kind": str(item["kind"]),
            "artists": list(item["artists"]),
            "added_at": None if added_at is None else added_at.isoformat(),
        }
    return data | {"items": list(data["items"])}


def playlist_from_json(data: Mapping[str, Any]) -> Playlist:
    """Rebuild a playlist from ``playlist_to_json``.

    Raises:
        KeyError, TypeError, ValueError: The data is something else.
    """
    fields: dict[str, Any] = {
        **data,
        "items": tuple(_item(item) for item in data["items"]),
        "frame": _original(data["frame"]),
    }
    return Playlist(**fields)


def _item(data: Mapping[str, Any]) -> PlaylistItem:
    added_at, track_id = data["added_at"], data["track_id"]
    fields: dict[str, Any] = {
        **data,
        "kind": ItemKind(data["kind"]),
        "artists": tuple(data["artists"]),
        "track_id": None if track_id is None else TrackId(track_id),
        "added_at": None if added_at is None else datetime.fromisoformat(added_at),
        "original": _original(data["original"]),
    }
    return PlaylistItem(**fields)


def _original(data: Mapping[str, Any] | None) -> Original | None:
    return None if data is None else Original(data["format"], data["text"])
