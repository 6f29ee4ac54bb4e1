"""A model that reads songs from a snapshot's columns, without their texts."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

from musicrec.catalogue.store.columns import ARTIST_HASH, GUEST_HASH
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.writer import artist_hashes
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.features import ARTISTS

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_CHUNK: Final = 1 << 18
_SURE: Final = 1e-12
_NOBODY: Final = "?"
"""Stands for an artist whom the model does not know."""


class Taste(Protocol):
    """What is asked of a model."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Columns that it sees."""
        ...

    @property
    def artists(self) -> tuple[str, ...]:
        """Artists about whom it has an opinion."""
        ...

    def predict(self, songs: pd.DataFrame) -> Floats:
        """Return the probability of a like for every song."""
        ...


class Scorer:
    """A model that reads songs from a snapshot's columns, without their texts."""

    def __init__(self, snapshot: Snapshot, taste: Taste) -> None:
        self._snapshot = snapshot
        self._taste = taste
        hashes = artist_hashes(pd.Series(taste.artists, dtype="str"))
        order = np.argsort(hashes)
        self.known = hashes[order]
        self._names = np.array([*np.array(taste.artists, dtype=object)[order], _NOBODY], object)

    def p_like(self, rows: Rows) -> Floats:
        """Return the probability of a like for every row."""
        if not len(rows):
            return np.empty(0)
        parts = range(0, len(rows), _CHUNK)
        return np.concatenate([self._part(rows[start : start + _CHUNK]) for start in parts])

    def log_odds(self, rows: Rows) -> Floats:
        """Return finite log odds of a like for every row."""
        return _finite(self.p_like(rows))

    def artist_shifts(self, row: int) -> "ArtistShifts":
        """Return what every known artist would add to a song's log odds."""
        names = self._names[:-1]
        credits_ = [_NOBODY, *names, *(_NOBODY + ARTIST_SEPARATOR + name for name in names)]
        song = self._snapshot.features([row] * len(credits_)).assign(**{ARTISTS: credits_})
        log_odds = _finite(self._taste.predict(song))
        main, guest = np.split((log_odds[1:] - log_odds[0]).astype(np.float32), 2)
        return ArtistShifts(
            self.known, np.append(main, np.float32(0)), np.append(guest, np.float32(0))
        )

    def log_odds_with(self, rows: Rows, name: str, values: Floats) -> Floats:
        """Return log odds that rows would have by unknown artists with other values in a column.

        Returns:
            Shape ``(n_rows, n_values)``.
        """
        songs = self._snapshot.features(np.repeat(rows, len(values)))
        changed = {ARTISTS: _NOBODY, name: np.tile(values, len(rows))}
        log_odds = _finite(self._taste.predict(songs.assign(**changed)))
        return log_odds.reshape(len(rows), len(values))

    def _part(self, rows: Rows) -> Floats:
        songs = self._snapshot.features(rows)
        if len(self.known):
            columns = self._snapshot.columns
            main = self._names[_places(self.known, columns[ARTIST_HASH][rows])]
            guest = self._names[_places(self.known, columns[GUEST_HASH][rows])]
            songs[ARTISTS] = main + ARTIST_SEPARATOR + guest
        return self._taste.predict(songs)


@dataclass(frozen=True, eq=False, slots=True)
class ArtistShifts:
    """What artists add to the log odds of their songs.

    Attributes:
        known: Hashes of artists, ascending.
        main: For each, and 0 for all others at the end.
        guest: The same where they are the second artist.
    """

    known: NDArray[np.uint32]
    main: NDArray[np.float32]
    guest: NDArray[np.float32]

    def add_to(self, scores: NDArray[np.float32], snapshot: Snapshot, rows: slice | Rows) -> None:
        """Add to rough scores of rows, in place."""
        if not len(self.known):
            return
        # A table of the lower bits sorts out nearly everybody before the search.
        likely = np.zeros(1 << 16, dtype=bool)
        likely[self.known & 0xFFFF] = True
        for column, shifts in ((ARTIST_HASH, self.main), (GUEST_HASH, self.guest)):
            hashes = snapshot.columns[column][rows]
            some = np.flatnonzero(likely[hashes & 0xFFFF])
            scores[some] += shifts[_places(self.known, hashes[some])]


def _places(known: NDArray[np.uint32], hashes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return each hash's place among the known ones, -1 for others."""
    if not len(known):
        return np.full(len(hashes), -1)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[places] == hashes, places, -1)


def _finite(p_like: Floats) -> Floats:
    return logit(np.clip(p_like, _SURE, 1 - _SURE))
