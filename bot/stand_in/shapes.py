"""What the Web API sends to an application in Development Mode: nothing that is deprecated."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from bot.stand_in.library import Song
from bot.stand_in.people import Entry, Listener, Playlist

_SITE = "https://open.spotify.com"


def track(song: Song, root: str) -> dict[str, Any]:
    """A song as it is sent."""
    return {
        **_named("track", song.spotify_id, song.title, root),
        "album": _album(song, root),
        "artists": [_artist(each, root) for each in song.artists],
        "disc_number": 1,
        "duration_ms": song.duration_ms,
        "explicit": song.explicit,
        "external_ids": {"isrc": song.isrc} if song.isrc else {},
        "is_local": False,
        "is_playable": True,
        "track_number": 1,
    }


def local_track(uri: str) -> dict[str, Any]:
    """A file of the listener's own: names and nulls, no ISRC."""
    artist, album, title, seconds = uri.split(":")[2:]
    nameless: dict[str, Any] = {"id": None, "href": None, "external_urls": {}}
    return {
        **nameless,
        "type": "track",
        "uri": uri,
        "name": title.replace("+", " "),
        "artists": [{**nameless, "name": artist.replace("+", " "), "type": "artist", "uri": None}],
        "album": {
            **nameless,
            "name": album.replace("+", " "),
            "type": "album",
            "uri": None,
            "artists": [],
            "images": [],
            "album_type": None,
            "release_date": None,
            "release_date_precision": None,
        },
        "duration_ms": int(seconds) * 1000,
        "explicit": False,
        "external_ids": {},
        "is_local": True,
    }


def episode(one_id: str, root: str) -> dict[str, Any]:
    """Any episode, all of one show."""
    about = {
        "description": "Talk",
        "html_description": "Talk",
        "explicit": False,
        "images": [],
        "is_externally_hosted": False,
        "languages": ["en"],
    }
    show = {
        **_named("show", "Show" + "0" * 18, "A Show", root),
        **about,
        "copyrights": [],
        "media_type": "audio",
        "total_episodes": 9,
    }
    return {
        **_named("episode", one_id, f"Episode {one_id[-3:]}", root),
        **about,
        "duration_ms": 1_800_000,
        "is_playable": True,
        "release_date": "2020-01-01",
        "release_date_precision": "day",
        "show": show,
    }


def entry(place: Entry, item: Mapping[str, Any] | None, root: str) -> dict[str, Any]:
    """A place of a playlist."""
    return {
        "added_at": place.added_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "added_by": _user(place.added_by, root),
        "is_local": place.uri.startswith("spotify:local:"),
        "item": item,
    }


def playlist(found: Playlist, owner: Listener | None, root: str) -> dict[str, Any]:
    """Everything but what is in it."""
    name = owner.name if owner else found.owner
    return {
        **_named("playlist", found.id, found.name, root),
        "collaborative": found.is_collaborative,
        "description": found.description,
        "images": [],
        "owner": {**_user(found.owner, root), "display_name": name},
        "public": found.is_public,
        "snapshot_id": found.snapshot_id,
    }


def me(listener: Listener, root: str) -> dict[str, Any]:
    """A listener, to themselves."""
    return {
        **_user(listener.id, root),
        "account_id": listener.account_id,
        "display_name": listener.name,
        "images": [],
    }


def page(
    items: Sequence[Any],
    url: str,
    query: Mapping[str, str],
    *,
    limit: int,
    offset: int,
    total: int,
) -> dict[str, Any]:
    """One page of a list, whose neighbours' addresses are absolute.

    Args:
        items: Of this page.
        url: Of the list.
        query: Parameters that the neighbours keep.
        limit: How many a page has.
        offset: How many come before.
        total: How many there are.
    """

    def at(other: int) -> str:
        return f"{url}?{urlencode({**query, 'offset': other, 'limit': limit})}"

    return {
        "href": at(offset),
        "items": list(items),
        "limit": limit,
        "next": at(offset + limit) if offset + limit < total else None,
        "offset": offset,
        "previous": at(max(0, offset - limit)) if offset else None,
        "total": total,
    }


def audio_features(song: Song, root: str) -> dict[str, Any]:
    """Numbers about a song."""
    return {
        **song.features,
        "id": song.spotify_id,
        "uri": song.uri,
        "type": "audio_features",
        "track_href": f"{root}/tracks/{song.spotify_id}",
        "time_signature": 4,
        "duration_ms": song.duration_ms,
    }


def _album(song: Song, root: str) -> dict[str, Any]:
    return {
        **_named("album", _made_id("Album", song.spotify_id), "An Album", root),
        "album_type": "album",
        "artists": [_artist(song.artists[0], root)],
        "images": [],
        "release_date": f"{song.year or 0:04d}",
        "release_date_precision": "year",
        "total_tracks": 9,
    }


def _artist(name: str, root: str) -> dict[str, Any]:
    return _named("artist", _made_id("Artist", name), name, root)


def _made_id(kind: str, text: str) -> str:
    """22 letters and digits, as all ids are."""
    return f"{kind}{hashlib.sha256(text.encode()).hexdigest()}"[:22]


def _user(listener: str, root: str) -> dict[str, Any]:
    return {name: value for name, value in _named("user", listener, "", root).items() if value}


def _named(kind: str, one_id: str, name: str, root: str) -> dict[str, Any]:
    return {
        "type": kind,
        "id": one_id,
        "name": name,
        "uri": f"spotify:{kind}:{one_id}",
        "href": f"{root}/{kind}s/{one_id}",
        "external_urls": {"spotify": f"{_SITE}/{kind}/{one_id}"},
    }
