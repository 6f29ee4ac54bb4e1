"""JSPF: a playlist as JSON, as ListenBrainz writes it."""

import json
import math
from collections.abc import Iterable
from typing import Any, Final, NoReturn, cast

from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import Original, Playlist, PlaylistItem
from musicrec.playlists.formats.limits import clean, require_few, require_short
from musicrec.playlists.formats.spiff import (
    TRACK_EXTENSION,
    fields_of_item,
    fields_of_json,
    mapping,
)

FORMAT: Final = "jspf"

_DEEPEST: Final = 50


def read_jspf(text: str, name: str) -> Playlist:
    """Read a JSPF document.

    Raises:
        BadInputError: It is none, or holds too much.
    """
    document = _parsed(text, name)
    playlist = document.get("playlist")
    if not isinstance(playlist, dict):
        msg = f"{name} is JSON, but no playlist: a JSPF file begins with an object “playlist”."
        raise BadInputError(msg)
    frame = cast("dict[str, Any]", playlist)
    tracks = frame.get("track", [])
    if not isinstance(tracks, list):
        msg = f"{name} is damaged: the tracks of its playlist are no list."
        raise BadInputError(msg)
    listed = cast("list[object]", tracks)
    require_few(len(listed), name)
    items = [_item(track, place, name) for place, track in enumerate(listed, start=1)]
    kept: dict[str, Any] = {**document, "playlist": {**frame, "track": []}}
    title, description = (_text(frame.get(key)) for key in ("title", "annotation"))
    return Playlist(title, tuple(items), description, Original(FORMAT, _dumped(kept)))


def write_jspf(playlist: Playlist) -> str:
    """Write a JSPF document."""
    document = _frame(playlist)
    document["playlist"]["track"] = [_track(item) for item in playlist.items]
    return _dumped(document, indent=2) + "\n"


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        msg = f"{name} is damaged or cut off: it is not valid JSON."
        raise BadInputError(msg) from error
    if not isinstance(document, dict):
        msg = f"{name} is JSON, but no playlist: a JSPF file begins with an object “playlist”."
        raise BadInputError(msg)
    found = cast("dict[str, Any]", document)
    _require_shallow(found, name)
    return found


def _require_shallow(document: dict[str, Any], name: str) -> None:
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    msg = f"{name} is nested too deeply for a playlist."
    raise BadInputError(msg)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _item(track: object, place: int, name: str) -> PlaylistItem:
    original = Original(FORMAT, require_short(_dumped(track), place, name))
    return fields_of_json(mapping(track)).draft.item(place, original)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _dumped(value: object, *, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    if any("\ud800" <= character <= "\udfff" for character in text):
        # Half a character, which JSON may escape but no encoding can hold.
        return json.dumps(value, allow_nan=False, indent=indent)
    return text


def _frame(playlist: Playlist) -> dict[str, Any]:
    frame = playlist.frame
    if frame is not None and frame.format == FORMAT:
        return json.loads(frame.text)
    said = {"title": playlist.title, "annotation": playlist.description}
    return {"playlist": {key: text for key, text in said.items() if text}}


def _track(item: PlaylistItem) -> object:
    if item.original is not None and item.original.format == FORMAT:
        return json.loads(item.original.text)
    fields = fields_of_item(item)
    track: dict[str, Any] = {
        "location": fields.links[:1],
        "identifier": fields.links[1:],
        "title": fields.title,
        "creator": fields.creator,
        "album": fields.album,
        "duration": item.duration_ms,
    }
    added = {"added_at": fields.added_at, "added_by": fields.added_by}
    known = {key: text for key, text in added.items() if text}
    track["extension"] = {TRACK_EXTENSION: known} if known else None
    return {key: value for key, value in track.items() if value}
