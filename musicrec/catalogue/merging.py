"""Several entries into one song: the most trusted values, gaps filled from the next source."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue.buckets import POSITION, SETTLED, TRUST
from musicrec.catalogue.recording_keys import derived_ids
from musicrec.catalogue.store.texts import LINKS, PROVENANCE
from musicrec.catalogue.store.writer import MADE_ID
from musicrec.domain.features import ARTISTS, SONG_COLUMNS, TITLE, TRACK_ID
from musicrec.domain.track import SPOTIFY_PREFIX

_COLUMNS: Final = SONG_COLUMNS[1:]
_POPULARITY: Final = _COLUMNS.index("popularity")
_NOBODY: Final = -1

Combination = tuple[int, ...]


class Provenances:
    """Distinct combinations of sources, one source a column of a song.

    Attributes:
        found: As the manifest wants them; grows.
    """

    def __init__(self, entries: Sequence[Mapping[str, int]]) -> None:
        """Know the combinations that entries have.

        Args:
            entries: The source's number by column; the entries' ``PROVENANCE`` counts in it.
        """
        rows = [[each.get(name, _NOBODY) for name in _COLUMNS] for each in entries]
        self._of_entries = np.array(rows, dtype=np.int32).reshape(-1, len(_COLUMNS))
        self._numbers: dict[Combination, int] = {}
        self._known = np.full(len(rows), _NOBODY)
        self.found: list[Mapping[str, int]] = []

    def of_entries(self, combinations: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the sources of entries' columns, shape ``(n, n_columns)``."""
        return self._of_entries[combinations]

    def numbers(self, sources: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the numbers in ``found`` of combinations, shape ``(n, n_columns)``."""
        distinct, inverse = np.unique(sources, axis=0, return_inverse=True)
        own = [self._number(tuple(row)) for row in distinct.tolist()]
        return np.array(own, dtype=np.int32)[inverse]

    def numbers_of_entries(self, combinations: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the numbers in ``found`` of songs that one entry makes."""
        for number in np.unique(combinations).tolist():
            if self._known[number] == _NOBODY:
                self._known[number] = self._number(tuple(self._of_entries[number].tolist()))
        return self._known[combinations].astype(np.int32)

    def changed(self, numbers: NDArray[np.int32], column: str, source: int) -> NDArray[np.int32]:
        """Return the numbers in ``found`` of songs that get one column from another source.

        Args:
            numbers: Of their combinations so far, in ``found``.
            column: Which.
            source: The source's number.
        """
        distinct, inverse = np.unique(numbers, return_inverse=True)
        old: list[int] = distinct.tolist()
        changed = [dict(self.found[number]) | {column: source} for number in old]
        own = [
            self._number(tuple(each.get(name, _NOBODY) for name in _COLUMNS)) for each in changed
        ]
        return np.array(own, dtype=np.int32)[inverse]

    def _number(self, combination: Combination) -> int:
        if combination not in self._numbers:
            self._numbers[combination] = len(self.found)
            named = zip(_COLUMNS, combination, strict=True)
            self.found.append({name: source for name, source in named if source != _NOBODY})
        return self._numbers[combination]


def merged(entries: pd.DataFrame, provenances: Provenances) -> pd.DataFrame:
    """Make one song of the entries of each position.

    A value is that of the first entry that has it; popularity is the highest. A settled song keeps
    its id; another one gets the first entry's, but a Spotify id before any other.

    Args:
        entries: As ``buckets.in_order`` yields them.
        provenances: Takes the new combinations.

    Returns:
        Columns as ``SnapshotWriter.add`` takes them, in order of the positions.
    """
    positions = entries[POSITION].to_numpy()
    again = entries[POSITION].duplicated(keep=False).to_numpy()
    alone = entries[~again]
    alone = alone.assign(
        **{PROVENANCE: provenances.numbers_of_entries(alone[PROVENANCE].to_numpy(np.int32))}
    )
    columns = [*SONG_COLUMNS, LINKS, PROVENANCE, MADE_ID]
    if not again.any():
        return alone[columns]
    joined = _joined(entries[again].reset_index(drop=True), provenances)
    songs = pd.concat([alone[columns], joined[columns]], ignore_index=True)
    own = np.concatenate([positions[~again], np.unique(positions[again])])
    return songs.take(np.argsort(own, kind="stable"))


def _joined(entries: pd.DataFrame, provenances: Provenances) -> pd.DataFrame:
    positions = entries[POSITION].to_numpy()
    starts = np.flatnonzero(np.append(True, positions[1:] != positions[:-1]))
    chosen = np.stack([_first(entries[name].notna(), starts) for name in _COLUMNS], axis=1)
    chosen[:, _POPULARITY] = _most_popular(entries["popularity"], starts)
    songs = pd.DataFrame(
        {name: entries[name].take(chosen[:, number]).array for number, name in enumerate(_COLUMNS)}
    )
    combinations = entries[PROVENANCE].to_numpy(np.int32)[chosen]
    sources = np.stack(
        [provenances.of_entries(each)[:, number] for number, each in enumerate(combinations.T)], 1
    )
    ids = entries[TRACK_ID]
    own = ids.take(_lenders(entries, starts)).array
    made = derived_ids(songs[TITLE], songs[ARTISTS])
    added = {TRACK_ID: own, MADE_ID: made, PROVENANCE: provenances.numbers(sources)}
    return songs.assign(**added, **{LINKS: _links(entries, starts, own, made)})


def _lenders(entries: pd.DataFrame, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row of every group whose id its song gets."""
    settled = entries[TRUST] == SETTLED
    of_spotify = _first(entries[TRACK_ID].str.startswith(SPOTIFY_PREFIX), starts)
    has_settled = np.logical_or.reduceat(settled.to_numpy(), starts)
    return np.where(has_settled, _first(settled, starts), of_spotify)


def _first(wanted: pd.Series, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first wanted row of every group, or else its first one."""
    rows = np.where(wanted.to_numpy(), np.arange(len(wanted)), len(wanted))
    first = np.minimum.reduceat(rows, starts)
    return np.where(first == len(wanted), starts, first)


def _most_popular(popularity: pd.Series, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    values = popularity.fillna(-1.0).to_numpy()
    sizes = np.diff(np.append(starts, len(values)))
    highest = np.repeat(np.maximum.reduceat(values, starts), sizes)
    return _first(pd.Series(values == highest), starts)


def _links(
    entries: pd.DataFrame, starts: NDArray[np.int64], own: Any, made: pd.Series
) -> pd.Series:
    """Gather all other ids of every song; the one made of its title and artist is no link."""
    ids = entries[TRACK_ID].tolist()
    links = entries[LINKS].tolist()
    stops = [*starts[1:].tolist(), len(entries)]
    gathered: list[list[str]] = []
    for start, stop, *known in zip(starts.tolist(), stops, own, made, strict=True):
        every = dict.fromkeys(one for row in range(start, stop) for one in (ids[row], *links[row]))
        gathered.append([one for one in every if one not in known])
    return pd.Series(gathered, dtype=object)
