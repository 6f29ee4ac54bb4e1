"""Which song of the catalogue an item of a playlist is, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from musicrec.catalogue import Catalogue
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistItem

_CLOSE_MS: Final = 4_000
"""Two releases of one recording hardly differ by more; another version mostly does."""


class MatchBy(StrEnum):
    """What made an item and a song the same, the surest first."""

    ID = "id"
    """The same Spotify link, ISRC or MusicBrainz recording."""
    NAME_AND_LENGTH = "title, artist and length"
    NAME = "title and artist"
    """One of them has no known length."""
    NAME_ONLY = "title and artist, of another length"
    """Perhaps another version."""
    FIRST_NAME = "title and the first of several artists"
    """The file does not say where one artist's name ends."""


@dataclass(frozen=True, slots=True)
class Match:
    """An item's song.

    Attributes:
        row: Of the catalogue.
        by: How sure it is.
    """

    row: int
    by: MatchBy


@dataclass(frozen=True)
class Matches:
    """What became of every item.

    Attributes:
        found: By position; items that are no song of the catalogue are absent.
        unmatched: The others, in order.
    """

    found: dict[int, Match]
    unmatched: tuple[PlaylistItem, ...]


def match(playlist: Playlist, catalogue: Catalogue) -> Matches:
    """Look every item up: by its identity, else by title and main artist; never dropped."""
    found = {item.position: one for item in playlist.items if (one := match_item(item, catalogue))}
    return Matches(found, tuple(i for i in playlist.items if i.position not in found))


def match_item(item: PlaylistItem, catalogue: Catalogue) -> Match | None:
    """Return an item's song; episodes are none."""
    if item.kind is ItemKind.EPISODE:
        return None
    row = None if item.track_id is None else catalogue.row_of(item.track_id)
    if row is not None:
        return Match(row, MatchBy.ID)
    for track_id, is_whole in _made_ids(item):
        row = catalogue.row_of(track_id)
        if row is not None:
            by = _by_length(item, catalogue, row) if is_whole else MatchBy.FIRST_NAME
            return Match(row, by)
    return None


def _made_ids(item: PlaylistItem) -> Iterator[tuple[TrackId, bool]]:
    """Yield ids of title and artist, and whether the artist is as the file has it."""
    artist = item.main_artist
    if not (item.title and artist):
        return
    yield track_id_of(item.title, artist), True
    for separator in (", ", " & ", " feat. ", " ft. "):
        first, found, _ = artist.partition(separator)
        if found:
            yield track_id_of(item.title, first), False


def _by_length(item: PlaylistItem, catalogue: Catalogue, row: int) -> MatchBy:
    length = catalogue.track(row).duration_ms
    if length is None or item.duration_ms is None:
        return MatchBy.NAME
    is_close = abs(length - item.duration_ms) <= _CLOSE_MS
    return MatchBy.NAME_AND_LENGTH if is_close else MatchBy.NAME_ONLY
