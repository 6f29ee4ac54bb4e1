"""The songs of a playlist as a table: what the list knows, completed from the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    FEATURE_NAMES,
    GENRE,
    SONG_COLUMNS,
    TITLE,
    TRACK_ID,
)
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.playlists.matching import Matches, match

NOT_AUDIO: Final = frozenset({"duration_ms", "popularity", "explicit", "year"})
AUDIO: Final = tuple(name for name in FEATURE_NAMES if name not in NOT_AUDIO)
FEWEST_FEATURES: Final = 3
"""Audio features without which a song counts as one that nobody has listened to for us."""


@dataclass(frozen=True)
class ListedSongs:
    """A playlist and what is known about its songs.

    Attributes:
        playlist: The list; items that came as bare links have got the names that are known.
        table: A song table, one row an item in their order; unknown values are missing.
        matches: What the catalogue knows; nothing is matched without one.
    """

    playlist: Playlist
    table: pd.DataFrame
    matches: Matches

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Which items have enough audio features to be judged by, shape ``(n_items,)``."""
        known = self.table[list(AUDIO)].notna().sum(axis="columns")
        return known.to_numpy() >= FEWEST_FEATURES


def listed_songs(playlist: Playlist, catalogue: Catalogue | None) -> ListedSongs:
    """Look a playlist's songs up; a number that the list itself has comes first.

    Args:
        playlist: Of any items.
        catalogue: None where there is none: then only the list's own numbers are known.
    """
    matches = Matches({}, playlist.items)
    if catalogue is not None:
        matches = match(playlist, catalogue)
        playlist = _titled(playlist, matches, catalogue)
    own = pd.DataFrame([_row(item) for item in playlist.items], columns=list(SONG_COLUMNS))
    own = own.astype(dict.fromkeys(FEATURE_NAMES, "float64"))
    if catalogue is None or not matches.found:
        return ListedSongs(playlist, own, matches)
    places = [position - 1 for position in matches.found]
    facts = catalogue.table([found.row for found in matches.found.values()]).set_axis(places)
    known = facts.reindex(index=own.index, columns=own.columns)
    table = own.astype(object).where(own.notna(), known.astype(object))
    # The catalogue's id is the one that labels were given under.
    table[TRACK_ID] = known[TRACK_ID].astype(object).where(known[TRACK_ID].notna(), own[TRACK_ID])
    return ListedSongs(playlist, table.astype(dict.fromkeys(FEATURE_NAMES, "float64")), matches)


def _titled(playlist: Playlist, matches: Matches, catalogue: Catalogue) -> Playlist:
    bare = {i.position: i for i in playlist.items if not i.title and i.position in matches.found}
    tracks = catalogue.tracks([matches.found[position].row for position in bare])
    named = {
        position: replace(item, title=track.title, artists=track.artists, album=track.album)
        for (position, item), track in zip(bare.items(), tracks, strict=True)
    }
    return playlist.with_items(named.get(item.position, item) for item in playlist.items)


def _row(item: PlaylistItem) -> Mapping[str, object]:
    features = dict(item.features)
    if item.duration_ms is not None:
        features.setdefault("duration_ms", float(item.duration_ms))
    texts = {
        TRACK_ID: item.track_id,
        TITLE: item.title or None,
        ARTISTS: "; ".join(item.artists) or None,
        ALBUM: item.album or None,
        GENRE: item.genre,
    }
    return texts | features
