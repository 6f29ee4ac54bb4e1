"""Which songs meet a filter, asked of a snapshot's columns or of one song."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.columns import COUNTRY_CODE, GENRE_CODE
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.domain.genres import genre_key
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track


def rows_meeting(
    snapshot: Snapshot, only: SongFilter, rows: slice | NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Return which rows meet a filter, shape of ``rows``."""
    columns = snapshot.columns
    met = np.ones(len(columns[GENRE_CODE][rows]), dtype=bool)
    if only.genre is not None:
        met &= is_any(columns[GENRE_CODE][rows], snapshot.genre_codes(only.genre))
    if only.country is not None:
        met &= is_any(columns[COUNTRY_CODE][rows], snapshot.country_codes(only.country))
    if only.years is not None:
        first, last = SCALES["year"].encode(np.array(only.years, dtype=np.float64))
        years = columns["year"][rows]
        met &= (years >= first) & (years <= last)
    if only.clean:
        met &= columns["explicit"][rows] == 0
    return met


def track_meets(only: SongFilter, track: Track) -> bool:
    """Tell whether one song meets a filter."""
    year = track.year
    return (
        (only.genre is None or _is_same_genre(track.genre, only.genre))
        and (only.country is None or track.country == only.country)
        and (only.years is None or (year is not None and only.years[0] <= year <= only.years[1]))
        and (not only.clean or track.features.get("explicit") == 0)
    )


def _is_same_genre(genre: str | None, wanted: str) -> bool:
    return genre is not None and genre_key(genre) == genre_key(wanted)


def is_any(codes: NDArray[np.uint16], wanted: Sequence[int]) -> NDArray[np.bool_]:
    """Return where a column has one of some codes; one code is compared in no time."""
    return codes == wanted[0] if len(wanted) == 1 else np.isin(codes, wanted)
