"""The songs that can be found, rated and recommended; immutable once opened."""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import process

from musicrec.catalogue.cleaning import derived_ids
from musicrec.catalogue.recordings import SOURCE, Recordings
from musicrec.catalogue.store.looking import first_that
from musicrec.catalogue.values import ARTIST_SEPARATOR, track_id_in
from musicrec.domain.errors import GenreNotFoundError, TrackNotFoundError
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    GENRE,
    SONG_COLUMNS,
    TITLE,
    TRACK_ID,
)
from musicrec.domain.identity import fold
from musicrec.domain.ids import TrackId
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.storage.text_index import TextIndex

_N_NEAREST_GENRES: Final = 5


class Catalogue:
    """Every known recording; a row number counts from 0, most popular song first.

    Attributes:
        version: Names this content; differs whenever a song does.
        name: For people.
        songs: Columns ``SONG_COLUMNS``, one row a recording, index 0, 1, …. Not to be changed.
        genres: Every genre, most songs first.
        countries: Every country, most songs first.
    """

    def __init__(self, recordings: Recordings, *, version: str, name: str) -> None:
        self.version = version
        self.name = name
        self.songs = recordings.songs[list(SONG_COLUMNS)]
        self.genres: tuple[str, ...] = tuple(self.songs[GENRE].value_counts().index)
        self.countries: tuple[str, ...] = tuple(self.songs[COUNTRY].value_counts().index)
        self._sources = recordings.songs[SOURCE]
        self._rows = _rows_by_id(recordings)
        self._index: TextIndex | None = None
        self._index_lock = threading.Lock()

    def __len__(self) -> int:
        """Number of recordings."""
        return len(self.songs)

    def get(self, track_id: TrackId) -> Track | None:
        """The song of an id, or of an alias of it; None if there is none."""
        row = self.row_of(track_id)
        return None if row is None else self.track(row)

    def require(self, track_id: TrackId) -> Track:
        """The song of an id, or of an alias of it.

        Raises:
            TrackNotFoundError: There is none.
        """
        return self.track(self._require_row(track_id))

    def row_of(self, track_id: TrackId) -> int | None:
        """The row of an id or alias; ids made of title and main artist are aliases too."""
        return self._rows.get(track_id)

    def track(self, row: int) -> Track:
        """The song in a row."""
        song = self.songs.iloc[row]
        known = {name: float(song[name]) for name in FEATURE_NAMES if pd.notna(song[name])}
        return Track(
            id=TrackId(str(song[TRACK_ID])),
            title=str(song[TITLE]),
            artists=self.artists_of(row),
            album=str(song[ALBUM]) if pd.notna(song[ALBUM]) else "",
            genre=str(song[GENRE]) if pd.notna(song[GENRE]) else None,
            features=known,
            source=str(self._sources.iloc[row]),
        )

    def rows_of(self, track_ids: Iterable[TrackId]) -> NDArray[np.int64]:
        """Rows of ids in their order; unknown ids are skipped."""
        rows = (self.row_of(track_id) for track_id in track_ids)
        return np.array([row for row in rows if row is not None], dtype=np.int64)

    def table_of(self, track_ids: Sequence[TrackId]) -> pd.DataFrame:
        """The songs of ids in their order as a song table; index 0, 1, ….

        Raises:
            TrackNotFoundError: One of them is unknown.
        """
        rows = [self._require_row(track_id) for track_id in track_ids]
        return self.songs.iloc[rows].reset_index(drop=True)

    def search(self, text: str, *, only: SongFilter | None = None, limit: int = 25) -> list[Track]:
        """Find songs by words of title and artists, the last of which may be unfinished.

        Songs titled exactly ``text`` come first, then the most popular. A pasted Spotify link or
        id finds its song. Without any text the most popular songs are returned. The first
        search builds the index; afterwards several threads may search.

        Args:
            text: Anything a person types.
            only: What the songs are limited to.
            limit: How many at most.
        """
        rows = self._found(text)
        if only is None or only.is_open:
            found = list(islice(rows, limit))
        else:
            meet = self._meets(only)
            found = first_that(lambda some: meet[some], rows, limit)
        return [self.track(row) for row in found]

    def _found(self, text: str) -> Iterable[int]:
        if not text.strip():
            return range(len(self))
        row = self._row_of_link(text)
        return self._text_index().search(text) if row is None else [row]

    def _meets(self, only: SongFilter) -> NDArray[np.bool_]:
        met = pd.Series(True, index=self.songs.index)  # noqa: FBT003 -- the value of a column
        if only.genre is not None:
            met &= self.songs[GENRE] == only.genre
        if only.country is not None:
            met &= self.songs[COUNTRY] == only.country
        if only.years is not None:
            met &= self.songs["year"].between(*only.years)
        return met.to_numpy()

    def require_genre(self, text: str) -> str:
        """Spell a genre as the catalogue does, whatever its case and punctuation.

        Raises:
            GenreNotFoundError: There is no such genre; carries the nearest ones.
        """
        by_folded = {fold(genre): genre for genre in self.genres}
        wanted = fold(text)
        if wanted in by_folded:
            return by_folded[wanted]
        nearest = process.extract(wanted, list(by_folded), limit=_N_NEAREST_GENRES)
        raise GenreNotFoundError(text, tuple(by_folded[name] for name, _, _ in nearest))

    def artists_of(self, row: int) -> tuple[str, ...]:
        """Every credited artist of a row, main artist first; empty where unknown."""
        artists = self.songs[ARTISTS].iloc[row]
        return tuple(artists.split(ARTIST_SEPARATOR)) if pd.notna(artists) else ()

    def _require_row(self, track_id: TrackId) -> int:
        row = self.row_of(track_id)
        if row is None:
            raise TrackNotFoundError(track_id)
        return row

    def _row_of_link(self, text: str) -> int | None:
        track_id = track_id_in(text.strip())
        return None if track_id is None else self._rows.get(track_id)

    def _text_index(self) -> TextIndex:
        with self._index_lock:
            if self._index is None:
                shown = self.songs[[TITLE, ARTISTS]].fillna("")
                self._index = TextIndex.build(zip(shown[TITLE], shown[ARTISTS], strict=True))
            return self._index


def content_hash(recordings: Recordings) -> str:
    """Name a content: 16 hex digits that differ whenever a song, alias or value does."""
    digest = hashlib.sha256(pd.util.hash_pandas_object(recordings.songs).to_numpy().tobytes())
    digest.update(repr(sorted(recordings.aliases.items())).encode())
    return digest.hexdigest()[:16]


def _rows_by_id(recordings: Recordings) -> Mapping[str, int]:
    """Rows by id, alias, and the id that the same song gets in a file without ids."""
    songs = recordings.songs
    derived = derived_ids(songs[TITLE], songs[ARTISTS])
    rows = {track_id: row for row, track_id in reversed(list(enumerate(derived)))}
    main_rows = {track_id: row for row, track_id in enumerate(songs[TRACK_ID])}
    rows |= {alias: main_rows[track_id] for alias, track_id in recordings.aliases.items()}
    return rows | main_rows
