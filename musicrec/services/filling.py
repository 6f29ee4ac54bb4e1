"""Tables of songs, filled with what outside services know."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    AUDIO_FEATURES,
    COUNTRY,
    GENRE,
    SONG_COLUMNS,
    TEXT_COLUMNS,
    TITLE,
    TRACK_ID,
)
from musicrec.domain.learned_song import LearnedSong, known_columns
from musicrec.sources import AskedSong, GenreVocabulary, SongLookup, SourceReport, SourceState
from musicrec.sources.fields import isrc_of, mbid_of, spotify_id_of

FILLED_FROM: Final = "filled_from"
"""Column that names, by row, the sources of what was filled in and their licences."""

_HARDLY_KNOWN: Final = frozenset({"time_signature"})
_WANTED: Final = (
    *(TITLE, ARTISTS, GENRE, COUNTRY, "year", "popularity", "duration_ms"),
    *(name for name in AUDIO_FEATURES if name not in _HARDLY_KNOWN),
)
"""Columns without which a song is asked about."""


@dataclass(frozen=True, slots=True)
class FillReport:
    """What became of a table.

    Attributes:
        n_songs: Rows.
        n_whole: Rows that lacked nothing.
        n_nameless: Rows that say of no song which one it is.
        n_asked: Different songs that were looked up.
        n_found: Those that some source knew.
        n_values: Values that were filled in.
        sources: How many songs each source was asked about, by how it answered.
        reasons: Why a source could not be asked, as it was last said.
    """

    n_songs: int
    n_whole: int
    n_nameless: int
    n_asked: int
    n_found: int
    n_values: int
    sources: Mapping[str, Counter[SourceState]]
    reasons: Mapping[str, SourceReport]


class TableFilling:
    """Fills what a song table lacks; what it has stays.

    Attributes:
        table: As far as it is filled.
        n_asked: Different songs that are to be looked up.
    """

    def __init__(self, table: pd.DataFrame, links: Sequence[AskedSong | None] = ()) -> None:
        """Find out what is lacking.

        Args:
            table: A song table, perhaps with other columns.
            links: Of each row, where its link says more than its columns.
        """
        self.table = _with_columns(table)
        lacking = self.table[list(_WANTED)].isna().any(axis="columns").to_numpy()
        self._rows: defaultdict[AskedSong, list[int]] = defaultdict(list)
        self._n_whole = int((~lacking).sum())
        self._n_nameless = 0
        for row in lacking.nonzero()[0].tolist():
            linked = links[row] if links else None
            asked = linked or _asked(*self.table.iloc[row][[TRACK_ID, TITLE, ARTISTS]])
            if asked is None:
                self._n_nameless += 1
            else:
                self._rows[asked].append(row)

    @property
    def n_asked(self) -> int:
        """Different songs that are to be looked up."""
        return len(self._rows)

    async def fill(
        self,
        lookup: SongLookup,
        genres: Sequence[str],
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> FillReport:
        """Look every song up once, and fill in what is found.

        Whatever was answered is kept by the look-up, so that a later run asks only for the rest.

        Args:
            lookup: Asks the sources.
            genres: That songs may have.
            progress: Told the songs that are done, and all.

        Raises:
            StorageError: Answers cannot be kept.
        """
        done = n_found = n_values = 0
        sources: defaultdict[str, Counter[SourceState]] = defaultdict(Counter)
        reasons: dict[str, SourceReport] = {}
        progress(0, self.n_asked)
        async with aclosing(lookup.find_all(list(self._rows), GenreVocabulary(genres))) as found:
            async for asked, outcome in found:
                for answer in outcome.reports:
                    sources[answer.source][answer.state] += 1
                    if answer.reason:
                        reasons[answer.source] = answer
                if outcome.song is not None:
                    n_found += 1
                    n_values += sum(self._fill(row, outcome.song) for row in self._rows[asked])
                done += 1
                progress(done, self.n_asked)
        counts = (len(self.table), self._n_whole, self._n_nameless, self.n_asked)
        return FillReport(*counts, n_found, n_values, sources, reasons)

    def _fill(self, row: int, song: LearnedSong) -> int:
        """Fill one row; return how many values it lacked."""
        known = set(self.table.loc[row].dropna().index)
        new = {name: value for name, value in _values(song).items() if name not in known}
        if new:
            told = dict.fromkeys(_source_of(song, name) for name in new)
            for name, value in {**new, FILLED_FROM: "; ".join(told)}.items():
                self.table.loc[row, name] = value
        return len(new)


def _with_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every column of a song table, numbers as float64, texts as text."""
    others = [name for name in table.columns if name not in {*SONG_COLUMNS, FILLED_FROM}]
    whole = table.reindex(columns=[*SONG_COLUMNS, *others, FILLED_FROM]).reset_index(drop=True)
    texts = [*TEXT_COLUMNS, FILLED_FROM]
    kinds = {name: "object" if name in texts else "float64" for name in (*SONG_COLUMNS, *texts)}
    whole = whole.astype(kinds)
    whole[texts] = whole[texts].where(whole[texts].notna() & (whole[texts] != ""), None)
    return whole


def _asked(track_id: Any, title: Any, artists: Any) -> AskedSong | None:
    """Return the song that a row means."""
    kind, _, bare = (track_id if isinstance(track_id, str) else "").rpartition(":")
    names = {
        "artist": artists.split(ARTIST_SEPARATOR)[0] if isinstance(artists, str) else "",
        "title": title if isinstance(title, str) else "",
    }
    if not all(names.values()):
        names = {}
    ids = {
        "isrc": isrc_of(bare) if kind == "isrc" else None,
        "mbid": mbid_of(bare) if kind == "mbid" else None,
        "spotify_id": spotify_id_of(bare) if kind == "spotify:track" else None,
    }
    known = {name: one for name, one in ids.items() if one} | names
    return AskedSong(**known) if known else None


def _values(song: LearnedSong) -> dict[str, str | float]:
    track = song.track
    texts = {
        TRACK_ID: track.id,
        TITLE: track.title,
        ARTISTS: ARTIST_SEPARATOR.join(track.artists),
        ALBUM: track.album,
        GENRE: track.genre,
        COUNTRY: track.country,
    }
    known = {TRACK_ID, *known_columns(track)}
    return {name: text for name, text in texts.items() if text and name in known} | dict(
        track.features
    )


def _source_of(song: LearnedSong, column: str) -> str:
    origin = song.origins.get(column if column != TRACK_ID else TITLE)
    if origin is None:
        return song.track.source
    return f"{origin.source} ({origin.licence})" if origin.licence else origin.source
