"""Songs learned since the snapshot was built: few, in memory, found and scored like all others.

A learned song that the snapshot has already keeps its row there and is shown in its stead; any
other one gets a row after the snapshot's. Nothing that a reader holds ever changes: what is learned
makes a new delta, which shares its chunks with the old one. Chunks are merged as they grow, so that
there are few of them and each song is copied a few times at most (a log-structured merge).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue.learned_entries import Entry, entry_of, song_table
from musicrec.catalogue.learned_words import LearnedWords, asked
from musicrec.catalogue.store.snapshot import MODELLED, Snapshot
from musicrec.domain.learned_song import LearnedSong
from musicrec.domain.track import Track

MOST_SONGS: Final = 50_000
"""Beyond, searching and scoring them would be felt; a build takes them into a snapshot."""


@dataclass(frozen=True, eq=False)
class _Chunk:
    """Some entries by row, and what leads to them."""

    entries: dict[int, Entry] = field(default_factory=dict[int, Entry])
    rows: dict[str, int] = field(default_factory=dict[str, int])
    words: LearnedWords = field(default_factory=LearnedWords)

    @cached_property
    def numbers(self) -> NDArray[np.intp]:
        """Rows that have an entry, ascending."""
        return np.array(sorted(self.entries), dtype=np.intp)

    @cached_property
    def genres(self) -> list[str]:
        """Every genre."""
        genres = (entry.track.genre for entry in self.entries.values())
        return list(dict.fromkeys(genre for genre in genres if genre))

    @cached_property
    def countries(self) -> list[str]:
        """Every country."""
        countries = (entry.track.country for entry in self.entries.values())
        return list(dict.fromkeys(country for country in countries if country))

    def add(self, row: int, entry: Entry) -> None:
        self.entries[row] = entry
        self.rows.update(dict.fromkeys(entry.songs[0].aliases, row))

    def under(self, newer: "_Chunk") -> "_Chunk":
        """Return both as one."""
        return _Chunk(
            self.entries | newer.entries,
            self.rows | newer.rows,
            self.words.without(newer.entries).merged(newer.words),
        )


class Delta:
    """Entries by the row that they have in the catalogue."""

    def __init__(
        self,
        n_stored: int,
        n_new: int = 0,
        chunks: tuple[_Chunk, ...] = (),
        hidden: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """Collect entries.

        Args:
            n_stored: Songs of the snapshot.
            n_new: Rows after these.
            chunks: Oldest first.
            hidden: Rows that turned out to be the song of another row, and that row.
        """
        self.n_stored = n_stored
        self.n_new = n_new
        self.hidden = hidden
        self._chunks = chunks

    def __len__(self) -> int:
        """Number of rows that have an entry."""
        return len(self.rows)

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Rows that have an entry, ascending."""
        none = np.empty(0, dtype=np.intp)
        every = np.unique(np.concatenate([none, *(chunk.numbers for chunk in self._chunks)]))
        return np.setdiff1d(every, list(self.hidden), assume_unique=True)

    @property
    def songs(self) -> list[LearnedSong]:
        """Everything that was learned, in the order of storing."""
        songs = [song for row in self.rows.tolist() for song in self.entry(row).songs]
        return sorted(songs, key=lambda song: song.number or 0)

    @property
    def genres(self) -> list[str]:
        """Genres that learned songs have, or had."""
        return [genre for chunk in self._chunks for genre in chunk.genres]

    @property
    def countries(self) -> list[str]:
        """Countries that learned songs have, or had."""
        return [country for chunk in self._chunks for country in chunk.countries]

    @cached_property
    def tracks(self) -> list[Track]:
        """The songs of ``rows``."""
        return [self.entry(row).track for row in self.rows.tolist()]

    def ids_of(self, row: int) -> tuple[str, ...]:
        """Return the ids that a row's song was learned under."""
        entry = self.entry_or_none(row)
        return () if entry is None else tuple(one for song in entry.songs for one in song.ids)

    def entry(self, row: int) -> Entry:
        """Return what is shown in one of ``rows``."""
        return next(chunk.entries[row] for chunk in reversed(self._chunks) if row in chunk.entries)

    def has(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Say which rows have an entry."""
        if not len(self):
            return np.zeros(len(rows), dtype=bool)
        places = np.minimum(np.searchsorted(self.rows, rows), len(self) - 1)
        return self.rows[places] == rows

    @cached_property
    def superseded(self) -> NDArray[np.intp]:
        """Rows of the snapshot's songs, and of others, that are shown otherwise or not at all."""
        return np.union1d(self.rows, np.array(sorted(self.hidden), dtype=np.intp))

    def row_of(self, track_id: str) -> int | None:
        """Return the row of an id, or of another id of a song."""
        found = (chunk.rows.get(track_id) for chunk in reversed(self._chunks))
        row = next((row for row in found if row is not None), None)
        return None if row is None else self.standing_for(row)

    def standing_for(self, row: int) -> int:
        """Return the row that shows the song of a row: another one where that is hidden."""
        while row in self.hidden:
            row = self.hidden[row]
        return row

    def search(self, text: str, *, typos: int = 0) -> list[int]:
        """Return rows with every word, the last of which may be unfinished.

        Songs titled exactly ``text`` come first, then popular ones.

        Args:
            text: Anything a person types.
            typos: Forgiven in every word.
        """
        words = asked(text)
        title = " ".join(words)
        found: list[tuple[bool, float, int]] = []
        newer: set[int] = set()
        for chunk in reversed(self._chunks):
            rows = chunk.words.having(words, typos) - newer - self.hidden.keys()
            entries = ((row, chunk.entries[row]) for row in rows)
            found += [(entry.title != title, -entry.popularity, row) for row, entry in entries]
            newer |= chunk.entries.keys()
        return [row for _, _, row in sorted(found)]

    def is_titled(self, row: int, text: str) -> bool:
        """Say whether the song in one of ``rows`` has just this title."""
        return self.entry(row).title == " ".join(asked(text))

    def table(self, rows: Sequence[int]) -> pd.DataFrame:
        """Return songs as a song table in the order of ``rows``; index 0, 1, …."""
        return song_table(self.entry(row).track for row in rows)

    def features(self, rows: Sequence[int], names: Collection[str] = MODELLED) -> pd.DataFrame:
        """Return the columns that models see but for artists, in the order of ``rows``."""
        return self.table(rows)[list(names)]

    def with_songs(self, songs: Sequence[LearnedSong], snapshot: Snapshot) -> Self:
        """Return a delta that has these songs too; of one id the last.

        Args:
            songs: In the order of storing.
            snapshot: The one that this delta belongs to.
        """
        if not songs:
            return self
        stored = [self._stored_rows(song, snapshot) for song in songs]
        wanted = sorted({row for rows in stored for row in rows})
        known = dict(zip(wanted, snapshot.tracks(wanted), strict=True)) if wanted else {}
        fresh, hidden, n_new = _Chunk(), dict(self.hidden), self.n_new
        for song, own in zip(songs, stored, strict=True):
            so_far = type(self)(self.n_stored, n_new, (*self._chunks, fresh), hidden)
            rows = so_far.rows_with(song.ids).union(map(so_far.standing_for, own))
            row = min(rows, default=self.n_stored + n_new)
            n_new += not rows
            older = [so_far.entry_or_none(each) for each in rows]
            fresh.add(row, entry_of(song, older, [known[each] for each in own]))
            hidden.update(dict.fromkeys(rows - {row}, row))
        shown = {row: entry.track for row, entry in fresh.entries.items()}
        chunk = replace(fresh, words=LearnedWords.of(shown))
        return type(self)(self.n_stored, n_new, _merged((*self._chunks, chunk)), hidden)

    def only(self, rows: NDArray[np.intp]) -> Self:
        """Return some entries in their rows, for a process that knows nothing of the others.

        They are found by row and id, not by words.
        """
        chunk = _Chunk()
        for row in np.intersect1d(rows, self.rows).tolist():
            chunk.add(row, self.entry(row))
        return type(self)(self.n_stored, self.n_new, (chunk,), {})

    def rows_with(self, ids: Iterable[str]) -> set[int]:
        """Return the rows of ids."""
        found = (self.row_of(track_id) for track_id in ids)
        return {row for row in found if row is not None}

    def entry_or_none(self, row: int) -> Entry | None:
        """Return what is shown in a row; None where that is what the snapshot has."""
        found = (chunk.entries.get(row) for chunk in reversed(self._chunks))
        return next((entry for entry in found if entry is not None), None)

    def _stored_rows(self, song: LearnedSong, snapshot: Snapshot) -> list[int]:
        """Return the snapshot's rows of a song, ascending; also one that it was found in before."""
        before = (row for row in self.rows_with(song.ids) if row < self.n_stored)
        own = {row for track_id in song.ids for row in snapshot.rows_of(track_id)}
        return sorted({*before, *own, *map(self.standing_for, own)})


def _merged(chunks: tuple[_Chunk, ...]) -> tuple[_Chunk, ...]:
    """Merge the newest chunks until each is at least twice as large as the next."""
    *rest, last = chunks
    while rest and len(rest[-1].entries) < 2 * len(last.entries):
        last = rest.pop().under(last)
    return (*rest, last)
