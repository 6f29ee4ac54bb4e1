"""Songs learned since the snapshot was built: few, in memory, found and scored like all others."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import pandas as pd

from musicrec.catalogue.cleaning import derived_ids
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.features import ALBUM, ARTISTS, COUNTRY, FEATURE_NAMES, GENRE, SONG_COLUMNS
from musicrec.domain.learned_song import LearnedSong
from musicrec.storage.text_index import folded

MOST_SONGS: Final = 50_000
"""Beyond, searching and scoring them would be felt; a build takes them into a snapshot."""

_LAST: Final = "\U0010ffff"


@dataclass(slots=True)
class Delta:
    """Songs in the order in which they were learned; a row counts from 0.

    Attributes:
        songs: What is known about them.
    """

    songs: list[LearnedSong] = field(default_factory=list[LearnedSong])
    _rows: dict[str, int] = field(default_factory=dict[str, int])
    _words: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    @classmethod
    def of(cls, songs: Iterable[LearnedSong]) -> Self:
        """Collect songs."""
        delta = cls()
        for song in songs:
            delta.add(song)
        return delta

    def __len__(self) -> int:
        """Number of songs."""
        return len(self.songs)

    def add(self, song: LearnedSong) -> None:
        """Add a song, or what was learned anew about one that is there."""
        row = self._rows.get(song.track.id)
        if row is not None:
            self.songs[row] = song
            return
        row = len(self.songs)
        self.songs.append(song)
        main = song.track.artists[0] if song.track.artists else ""
        made = derived_ids(pd.Series([song.track.title]), pd.Series([main]))[0]
        for track_id in (made, *song.links, song.track.id):
            self._rows.setdefault(track_id, row)
        for word in _words_of(song):
            insort(self._words, (word, row))

    def row_of(self, track_id: str) -> int | None:
        """Return the row of an id, or of another id of a song."""
        return self._rows.get(track_id)

    def search(self, text: str) -> list[int]:
        """Return the rows of songs that contain every word, the last of which may be unfinished."""
        *whole, last = folded(text).split() or [""]
        if not last:
            return []
        found = self._between(last, last + _LAST)
        for word in whole:
            found &= self._between(word, word)
        return sorted(found)

    def table(self, rows: Sequence[int]) -> pd.DataFrame:
        """Return songs as a song table in the order of ``rows``; index 0, 1, …."""
        cells = [_cells(self.songs[row]) for row in rows]
        table = pd.DataFrame(cells, columns=list(SONG_COLUMNS))
        texts = [name for name in SONG_COLUMNS if name not in FEATURE_NAMES]
        return table.astype(dict.fromkeys(texts, "str") | dict.fromkeys(FEATURE_NAMES, "float64"))

    def features(self, rows: Sequence[int]) -> pd.DataFrame:
        """Return the columns that models see but for artists, in the order of ``rows``."""
        return self.table(rows)[[GENRE, COUNTRY, *FEATURE_NAMES]]

    def _between(self, first: str, last: str) -> set[int]:
        start = bisect_left(self._words, (first, -1))
        end = bisect_left(self._words, (last, len(self.songs)))
        return {row for _, row in self._words[start:end]}


def _words_of(song: LearnedSong) -> set[str]:
    return set(folded(" ".join((song.track.title, *song.track.artists))).split())


def _cells(song: LearnedSong) -> dict[str, str | float | None]:
    track = song.track
    texts: dict[str, str | float | None] = {
        "track_id": track.id,
        "title": track.title,
        ARTISTS: ARTIST_SEPARATOR.join(track.artists) or None,
        ALBUM: track.album or None,
        GENRE: track.genre,
        COUNTRY: track.country,
    }
    return texts | dict(track.features)
