"""What a link or path in a playlist says about its item."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, unquote_plus

from musicrec.catalogue.values import track_id_in
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind

_MUSICBRAINZ: Final = re.compile(
    r"https?://(?:www\.|beta\.)?musicbrainz\.org/recording/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    re.IGNORECASE,
)
_EPISODE: Final = re.compile(r"spotify:episode:|https?://open\.spotify\.com/(?:intl-\w+/)?episode/")
_LOCAL: Final = "spotify:local:"
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_PARTS_OF_LOCAL: Final = 4


def track_id_of_link(link: str) -> TrackId | None:
    """Return the identity in a Spotify or MusicBrainz link, an ISRC or an id of ours."""
    if match := _MUSICBRAINZ.match(link):
        return TrackId(f"mbid:{match[1].lower()}")
    found = track_id_in(link)
    return None if found is None else TrackId(found)


def first_track_id(links: Iterable[str]) -> TrackId | None:
    """Return the first identity in some links."""
    return next((found for link in links if (found := track_id_of_link(link))), None)


def kind_of(link: str, *, has_name: bool, has_id: bool) -> ItemKind:
    """Tell what an item is from its link and whether its file names it."""
    if _EPISODE.match(link):
        return ItemKind.EPISODE
    if link.startswith(_LOCAL):
        return ItemKind.LOCAL_FILE
    if has_name or has_id:
        return ItemKind.SONG
    return ItemKind.LOCAL_FILE if is_path(link) else ItemKind.UNKNOWN


def is_path(link: str) -> bool:
    """Tell whether a link is a file's: one without a scheme, or with that of files."""
    scheme = _SCHEME.match(link)
    return bool(link) and (scheme is None or scheme[0].lower() == "file:")


def names_in(link: str) -> tuple[str, str, str]:
    """Return title, artist and album as far as the name of a local file tells them."""
    if link.startswith(_LOCAL):
        parts = [unquote_plus(part) for part in link.removeprefix(_LOCAL).split(":")]
        if len(parts) == _PARTS_OF_LOCAL:
            return parts[2], parts[0], parts[1]
    if not is_path(link):
        return "", "", ""
    stem = PurePosixPath(unquote(link.replace("\\", "/"))).stem
    artist, dash, title = stem.partition(" - ")
    return (title, artist, "") if dash else (stem, "", "")


def moment(text: str) -> datetime | None:
    """Return an ISO 8601 time, UTC where it names no zone; None for anything else."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
