"""What a reader found out about one entry, and the item that this makes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import Original, PlaylistItem
from musicrec.playlists.formats.limits import clean, clean_artists, clean_link
from musicrec.playlists.formats.links import kind_of, moment, names_in, track_id_of_link

_LONGEST_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Draft:
    """Raw texts of one entry, as its file has them.

    Attributes:
        uri: Its link or path.
        title: May be empty, as all texts here.
        artists: Separated by semicolons.
        album: Its album.
        duration_ms: Any number, or None.
        track_id: Where something else than the link tells it.
        added_at: ISO 8601.
        added_by: Who.
        genre: One.
        features: By their name in ``domain.features``, in their ranges.
    """

    uri: str = ""
    title: str = ""
    artists: str = ""
    album: str = ""
    duration_ms: float | None = None
    track_id: TrackId | None = None
    added_at: str = ""
    added_by: str = ""
    genre: str = ""
    features: Mapping[str, float] = field(default_factory=dict[str, float])

    def item(self, position: int, original: Original) -> PlaylistItem:
        """Make the item at a position."""
        uri = clean_link(self.uri)
        track_id = self.track_id or track_id_of_link(uri)
        title, artists, album = clean(self.title), clean_artists(self.artists), clean(self.album)
        kind = kind_of(uri, has_name=bool(title), has_id=track_id is not None)
        if not title and track_id is None:
            told, by, on = names_in(uri)
            title, artists = clean(told), artists or clean_artists(by)
            album = album or clean(on)
        return PlaylistItem(
            position=position,
            kind=kind,
            title=title,
            artists=artists,
            album=album,
            duration_ms=_milliseconds(self.duration_ms),
            track_id=track_id,
            uri=uri,
            added_at=moment(self.added_at),
            added_by=clean(self.added_by),
            genre=clean(self.genre) or None,
            features=self.features,
            original=original,
        )


def _milliseconds(value: float | None) -> int | None:
    if value is None or not math.isfinite(value) or not 1 <= value <= _LONGEST_MS:
        return None
    return round(value)
