"""The songs that can be found, rated and recommended: a snapshot, and what was learned since."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice, takewhile
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue.delta import Delta
from musicrec.catalogue.filtering import all_rows_meeting, rows_meeting, track_meets
from musicrec.catalogue.genre_search import GenreSearch
from musicrec.catalogue.isrc_countries import ISRC_PREFIX
from musicrec.catalogue.store.columns import ARTIST_HASH, GUEST_HASH
from musicrec.catalogue.store.looking import first_that
from musicrec.catalogue.store.manifest import Statistics
from musicrec.catalogue.store.snapshot import MODELLED, Rows, Snapshot
from musicrec.catalogue.store.writer import artist_hashes
from musicrec.catalogue.values import track_id_in
from musicrec.domain.errors import TrackNotFoundError
from musicrec.domain.features import COUNTRY
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track

_MANY_IDS: Final = 10
"""From here on it is quicker to look them up together."""


class Catalogue:
    """Every known song by row; immutable.

    Rows of the snapshot come first, most popular song first, then songs that were learned since. A
    song of the snapshot that was learned better keeps its row. A row means the same song only
    within one catalogue object, and in those with songs learned on top of it.
    """

    def __init__(self, snapshot: Snapshot, delta: Delta | None = None) -> None:
        self.snapshot = snapshot
        self.delta = delta or Delta(len(snapshot))

    def __len__(self) -> int:
        """Number of songs."""
        return len(self.snapshot) + self.delta.n_new - len(self.delta.hidden)

    def with_learned(self, songs: Sequence[LearnedSong]) -> Self:
        """Return this catalogue with songs that were learned, or learned better, since.

        Args:
            songs: In the order of storing; later ones supersede earlier ones and the snapshot.
        """
        newer = type(self)(self.snapshot, self.delta.with_songs(songs, self.snapshot))
        # Found here, not by the first reader, who may be on an event loop.
        _ = newer.genres, newer.countries, newer.delta.superseded
        return newer

    @property
    def version(self) -> str:
        """Names the snapshot's content."""
        return self.snapshot.version

    @property
    def name(self) -> str:
        """Says for people what it is."""
        return self.snapshot.manifest.name

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Every genre, most songs first; those of learned songs alone last."""
        known = self.snapshot.manifest.genres_by_songs
        return tuple(dict.fromkeys([*known, *self.delta.genres]))

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Every country, most songs first; those of learned songs alone last."""
        known = self.snapshot.manifest.countries_by_songs
        return tuple(dict.fromkeys([*known, *self.delta.countries]))

    @cached_property
    def genre_search(self) -> GenreSearch:
        """Finds genres by what people type."""
        return GenreSearch(self.genres)

    @property
    def statistics(self) -> Mapping[str, Statistics]:
        """Mean and spread of every numeric feature over the snapshot."""
        return self.snapshot.manifest.statistics

    @property
    def well_known(self) -> NDArray[np.intp]:
        """Rows of the snapshot's songs that people may have an opinion on; ascending."""
        return self.snapshot.well_known

    @property
    def sample(self) -> pd.DataFrame:
        """Features of some songs of the snapshot, the same ones at every time."""
        return self.snapshot.sample

    def get(self, track_id: TrackId) -> Track | None:
        """Return the song of an id, or of an alias of it; None if there is none."""
        row = self.row_of(track_id)
        return None if row is None else self.track(row)

    def require(self, track_id: TrackId) -> Track:
        """Return the song of an id, or of an alias of it.

        Raises:
            TrackNotFoundError: There is none.
        """
        return self.track(self._require_row(track_id))

    def row_of(self, track_id: TrackId) -> int | None:
        """Return the row of an id or alias; ids made of title and main artist are aliases too."""
        row = self.snapshot.row_of(track_id)
        return self.delta.row_of(track_id) if row is None else self.delta.standing_for(row)

    def rows_of(self, track_ids: Iterable[TrackId]) -> NDArray[np.intp]:
        """Return rows of ids in their order; unknown ids are skipped."""
        rows = (self.row_of(track_id) for track_id in track_ids)
        return np.array([row for row in rows if row is not None], dtype=np.intp)

    def all_rows_of(self, track_ids: Iterable[TrackId]) -> NDArray[np.intp]:
        """Return every row that has one of the ids, in no order; unknown ids are skipped.

        An id made of title and artist may fit several songs; for leaving songs out.
        """
        ids = [*track_ids]
        if len(ids) >= _MANY_IDS and not len(self.delta):
            return self.snapshot.rows_of_any(ids)
        found = [row for track_id in ids for row in self._all_rows_of(track_id)]
        return np.array(found, dtype=np.intp)

    def track(self, row: int) -> Track:
        """Return the song in a row."""
        return self.tracks([row])[0]

    def tracks(self, rows: Rows) -> list[Track]:
        """Return songs in the order of ``rows``."""
        at = np.asarray(rows, dtype=np.intp)
        is_learned = self.delta.has(at)
        stored = iter(self.snapshot.tracks(at[~is_learned].tolist()))
        return [
            self.delta.entry(row).track if learned else next(stored)
            for row, learned in zip(at.tolist(), is_learned.tolist(), strict=True)
        ]

    def credit(self, row: int) -> tuple[str, tuple[str, ...]]:
        """Return title and artists of a song; quicker than ``track``."""
        entry = self.delta.entry_or_none(row)
        if entry is None:
            return self.snapshot.credit(row)
        return entry.track.title, entry.track.artists

    def ids_of(self, row: int) -> tuple[str, ...]:
        """Return every id of a song that is known, its own first."""
        learned = self.delta.ids_of(row)
        stored = self.snapshot.links(row) if row < len(self.snapshot) else ()
        return tuple(dict.fromkeys((self.track(row).id, *learned, *stored)))

    def table(self, rows: Rows) -> pd.DataFrame:
        """Return songs as a song table in the order of ``rows``; index 0, 1, …."""
        return self._joined(rows, self.snapshot.table, self.delta.table)

    def features(self, rows: Rows, names: Collection[str] = MODELLED) -> pd.DataFrame:
        """Return what models see of songs but for their artists; quicker than ``table``.

        Args:
            rows: Of the songs.
            names: Columns wanted, of these alone.
        """
        return self._joined(
            rows,
            partial(self.snapshot.features, names=names),
            partial(self.delta.features, names=names),
        )

    def table_of(self, track_ids: Sequence[TrackId]) -> pd.DataFrame:
        """Return the songs of ids in their order as a song table; index 0, 1, ….

        Raises:
            TrackNotFoundError: One of them is unknown.
        """
        return self.table([self._require_row(track_id) for track_id in track_ids])

    def search(self, text: str, *, only: SongFilter | None = None, limit: int = 25) -> list[Track]:
        """Find songs by words of title and artists, the last of which may be unfinished.

        Songs titled exactly ``text`` come first, then the most popular; other songs that the
        snapshot does not have come last. A pasted link or id finds its song. Without any text the
        most popular songs are returned.

        Args:
            text: Anything a person types.
            only: What the songs are limited to.
            limit: How many at most.
        """
        rows = self._found(text)
        if only is None or only.is_open:
            return self.tracks(list(islice(rows, limit)))
        return self.tracks(first_that(lambda some: self.meets(only, some), rows, limit))

    def artist_keys(self, rows: Rows) -> list[tuple[int, ...]]:
        """Return hashes of the first two artists of songs, without reading any text."""
        pairs: list[list[int]] = self.credits(rows).tolist()
        return [tuple(key for key in pair if key) for pair in pairs]

    def credits(self, rows: Rows) -> NDArray[np.uint32]:
        """Return hashes of the first two artists of songs, shape ``(n, 2)``; 0 for nobody."""
        at = np.asarray(rows, dtype=np.intp)
        is_learned = self.delta.has(at)
        keys = np.zeros((len(at), 2), dtype=np.uint32)
        for place, name in enumerate((ARTIST_HASH, GUEST_HASH)):
            keys[~is_learned, place] = self.snapshot.columns[name][at[~is_learned]]
        for place in np.flatnonzero(is_learned).tolist():
            artists = [*self.delta.entry(int(at[place])).track.artists, "", ""][:2]
            keys[place] = artist_hashes(pd.Series(artists, dtype="str"))
        return keys

    def meets(self, only: SongFilter, rows: Rows) -> NDArray[np.bool_]:
        """Return which songs meet a filter, shape of ``rows``."""
        at = np.asarray(rows, dtype=np.intp)
        is_learned = self.delta.has(at)
        met = np.zeros(len(at), dtype=bool)
        met[~is_learned] = rows_meeting(self.snapshot, only, at[~is_learned])
        learned = (self.delta.entry(row).track for row in at[is_learned].tolist())
        met[is_learned] = [track_meets(only, track) for track in learned]
        return met

    def all_meeting(self, only: SongFilter) -> NDArray[np.intp]:
        """Return the rows of every song that meets a filter, ascending."""
        met = all_rows_meeting(self.snapshot, only)
        if not len(self.delta.superseded):
            return met
        met = met[~np.isin(met, self.delta.superseded)]
        learned = np.array([track_meets(only, track) for track in self.delta.tracks], dtype=bool)
        return np.sort(np.concatenate([met, self.delta.rows[learned]]))

    def has_weak_country(self, row: int) -> bool:
        """Whether a song's country is only that of its ISRC, not known of its artist."""
        is_stored = self.delta.entry_or_none(row) is None
        return is_stored and self.snapshot.sources(row).get(COUNTRY) == ISRC_PREFIX.name

    def require_genre(self, text: str) -> str:
        """Spell a genre as the catalogue does, or raise what ``GenreSearch.require`` does."""
        return self.genre_search.require(text)

    def _joined(
        self,
        rows: Rows,
        of_stored: Callable[[Rows], pd.DataFrame],
        of_learned: Callable[[Sequence[int]], pd.DataFrame],
    ) -> pd.DataFrame:
        at = np.asarray(rows, dtype=np.intp)
        is_learned = self.delta.has(at)
        if not is_learned.any():
            return of_stored(at)
        learned = of_learned(at[is_learned].tolist())
        both = pd.concat([of_stored(at[~is_learned]), learned], ignore_index=True)
        places = np.concatenate([np.flatnonzero(~is_learned), np.flatnonzero(is_learned)])
        return both.iloc[np.argsort(places)].reset_index(drop=True)

    def _found(self, text: str) -> Iterable[int]:
        if not text.strip():
            return (row for row in range(len(self.snapshot)) if row not in self.delta.hidden)
        track_id = track_id_in(text.strip())
        row = None if track_id is None else self.row_of(TrackId(track_id))
        if row is not None:
            return [row]
        return self._found_by_words(text)

    def _found_by_words(self, text: str) -> Iterator[int]:
        learned = self.delta.search(text)
        n_stored = len(self.snapshot)
        is_titled = partial(self.delta.is_titled, text=text)
        titled = [row for row in takewhile(is_titled, learned) if row >= n_stored]
        yield from titled
        seen = {*titled, *self.delta.hidden}
        for row in self.snapshot.search(text):
            if row not in seen:
                yield row
            if len(self.delta):
                seen.add(row)
        learned = learned or self.delta.search(text, typos=1)
        yield from (row for row in learned if row not in seen)

    def _all_rows_of(self, track_id: TrackId) -> set[int]:
        learned = self.delta.row_of(track_id)
        stored = map(self.delta.standing_for, self.snapshot.rows_of(track_id))
        return {*stored} if learned is None else {*stored, learned}

    def _require_row(self, track_id: TrackId) -> int:
        row = self.row_of(track_id)
        if row is None:
            raise TrackNotFoundError(track_id)
        return row
