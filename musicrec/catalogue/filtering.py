"""Which songs meet a filter, asked of a snapshot's columns or of one song."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.store.code_rows import Wanted, few_rows
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
        first, last = _year_codes(only.years)
        years = columns["year"][rows]
        met &= (years >= first) & (years <= last)
    if only.clean:
        met &= columns["explicit"][rows] == 0
    return met


def all_rows_meeting(
    snapshot: Snapshot, only: SongFilter, part: slice | None = None
) -> NDArray[np.intp]:
    """Return the rows that meet a filter, ascending.

    Args:
        snapshot: Where.
        only: The filter.
        part: Of the rows, both ends given; all without.
    """
    part = part or slice(0, len(snapshot))
    rows = few_rows(_wanted(snapshot, only), part)
    if rows is None:
        return np.flatnonzero(rows_meeting(snapshot, only, part)) + part.start
    return rows[rows_meeting(snapshot, only, rows)]


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


def _wanted(snapshot: Snapshot, only: SongFilter) -> list[Wanted]:
    """Return what a filter wants of the columns whose rows are known by code."""
    codes: dict[str, Sequence[int]] = {}
    if only.genre is not None:
        codes[GENRE_CODE] = snapshot.genre_codes(only.genre)
    if only.country is not None:
        codes[COUNTRY_CODE] = snapshot.country_codes(only.country)
    if only.years is not None:
        first, last = _year_codes(only.years)
        codes["year"] = range(first, last + 1)
    known = snapshot.code_rows
    return [(known[name], wanted) for name, wanted in codes.items() if name in known]


def _year_codes(years: tuple[int, int]) -> tuple[int, int]:
    """Return the first and the last code of some years."""
    first, last = SCALES["year"].encode(np.array(years, dtype=np.float64)).tolist()
    return first, last


def is_any(codes: NDArray[np.uint16], wanted: Sequence[int]) -> NDArray[np.bool_]:
    """Return where a column has one of some codes; one code is compared in no time."""
    return codes == wanted[0] if len(wanted) == 1 else np.isin(codes, wanted)
