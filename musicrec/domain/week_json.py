"""Weekly lists as plain JSON values, stored for ever."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from musicrec.domain.ids import ModelId, TrackId
from musicrec.domain.week import PickKind, Receipt, WeekList, WeekSong


def week_list_to_json(content: WeekList) -> dict[str, Any]:
    """Return plain dicts, lists, texts and numbers; ``week_list_from_json`` reverses it."""
    songs = [
        asdict(song) | {"artists": list(song.artists), "kind": str(song.kind)}
        for song in content.songs
    ]
    return asdict(content) | {"songs": songs}


def week_list_from_json(data: Mapping[str, Any]) -> WeekList:
    """Rebuild a list from ``week_list_to_json``.

    Raises:
        KeyError, TypeError, ValueError: The data is something else.
    """
    receipt, model_id = data["receipt"], data["model_id"]
    fields: dict[str, Any] = {
        **data,
        "songs": tuple(_song(song) for song in data["songs"]),
        "receipt": None if receipt is None else _receipt(receipt),
        "model_id": None if model_id is None else ModelId(model_id),
    }
    return WeekList(**fields)


def _receipt(data: Mapping[str, Any]) -> Receipt:
    # Lists that were stored before there were leans have none.
    fields: dict[str, Any] = {**data, "leans": tuple(data.get("leans", ()))}
    return Receipt(**fields)


def _song(data: Mapping[str, Any]) -> WeekSong:
    fields: dict[str, Any] = {
        **data,
        "track_id": TrackId(data["track_id"]),
        "artists": tuple(data["artists"]),
        "kind": PickKind(data["kind"]),
    }
    return WeekSong(**fields)
