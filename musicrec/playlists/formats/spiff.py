"""What JSPF and XSPF have in common: the fields of a playlist and of its tracks.

Source:
    XSPF 1 (xspf.org/spec) and its JSON twin; the extension with who added a track and when is
    ListenBrainz's (musicbrainz.org/doc/jspf).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from musicrec.domain.playlist import PlaylistItem
from musicrec.playlists.formats.drafts import Draft
from musicrec.playlists.formats.links import first_track_id

TRACK_EXTENSION: Final = "https://musicbrainz.org/doc/jspf#track"

_NUMBER: Final = re.compile(r"\s*\d{1,12}(\.\d{1,6})?\s*")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one track, each a text that may be empty.

    Attributes:
        links: Locations first, then identifiers.
    """

    links: Sequence[str]
    title: str
    creator: str
    album: str
    duration: str
    added_at: str
    added_by: str

    @property
    def draft(self) -> Draft:
        """What a reader found out."""
        return Draft(
            uri=self.links[0] if self.links else "",
            title=self.title,
            artists=self.creator,
            album=self.album,
            duration_ms=float(self.duration) if _NUMBER.fullmatch(self.duration) else None,
            track_id=first_track_id(self.links),
            added_at=self.added_at,
            added_by=self.added_by,
        )


def fields_of_json(track: Mapping[str, Any]) -> Fields:
    """Return what a track of a JSPF file says; whatever has another type than it should is not."""
    extension = mapping(mapping(track.get("extension")).get(TRACK_EXTENSION))
    return Fields(
        links=[*_texts(track.get("location")), *_texts(track.get("identifier"))],
        title=_text(track.get("title")),
        creator=_text(track.get("creator")),
        album=_text(track.get("album")),
        duration=_text(track.get("duration")),
        added_at=_text(extension.get("added_at")),
        added_by=_text(extension.get("added_by")),
    )


def fields_of_item(item: PlaylistItem) -> Fields:
    """Return what to write of an item."""
    mbid = item.track_id is not None and item.track_id.startswith("mbid:")
    links = [item.uri] if item.uri else []
    if item.track_id is not None and first_track_id(links) != item.track_id:
        page = f"https://musicbrainz.org/recording/{item.track_id.removeprefix('mbid:')}"
        links.append(page if mbid else item.track_id)
    return Fields(
        links=links,
        title=item.title,
        creator="; ".join(item.artists),
        album=item.album,
        duration="" if item.duration_ms is None else str(item.duration_ms),
        added_at="" if item.added_at is None else item.added_at.isoformat(),
        added_by=item.added_by,
    )


def mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one in the place of anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""


def _texts(value: object) -> list[str]:
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    return [text for entry in entries if (text := _text(entry))]
