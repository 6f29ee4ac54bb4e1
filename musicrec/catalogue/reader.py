"""Read a file of songs, whatever its columns are called."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from musicrec.catalogue.cleaning import Cleaner
from musicrec.catalogue.columns import match_columns
from musicrec.catalogue.files import RejectedRow, read_raw
from musicrec.catalogue.values import written
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import LIKED, TITLE, TRACK_ID

_LACKING: Final = MappingProxyType(
    {TITLE: "no title", LIKED: "no clear like or dislike", TRACK_ID: "neither a title nor an id"}
)
_MOST_NAMED_COLUMNS: Final = 20


@dataclass(frozen=True, slots=True)
class SongFile:
    """What a song file says.

    Attributes:
        songs: The canonical columns that the file brings, cleaned, then its unknown columns as
            they are; rows in the file's order; index: row numbers as in ``RejectedRow``.
        original: The same rows under the file's own columns, nothing changed.
        extra_columns: Names of the unknown columns.
        rejected: Rows left out, by number.
        notices: What the reader of a result should know, a sentence each.
        n_read: Rows of the file, rejected ones included.
    """

    songs: pd.DataFrame
    original: pd.DataFrame
    extra_columns: tuple[str, ...]
    rejected: tuple[RejectedRow, ...]
    notices: tuple[str, ...]
    n_read: int


def read_songs(path: Path, *, need: frozenset[str] = frozenset()) -> SongFile:
    """Read a CSV, TSV or Parquet file of songs, told by its ending.

    Column names are matched without case, spaces and underscores; see ``columns``. Numbers out
    of their range become missing. Songs with a title but no usable id get one made of title and
    main artist.

    Args:
        path: The file.
        need: Canonical columns that the file must have; rows without a value there are rejected.

    Raises:
        BadInputError: The file cannot be read, or has no column of a known meaning, or lacks a
            needed one.
    """
    raw = read_raw(path)
    matches = match_columns(raw.cells.columns)
    cleaner = Cleaner(raw.cells, matches, decimal_comma=raw.decimal_comma)
    known = cleaner.clean()
    _require_columns(path, raw.cells, known, need)
    extra = tuple(name for name in raw.cells.columns if name not in matches.values())
    songs = pd.concat([known, raw.cells[list(extra)]], axis="columns")
    lacking = _lacking(songs, raw.cells, need)
    keep = ~songs.index.isin([rejected.row for rejected in lacking])
    songs = songs[keep]
    if LIKED in need:
        songs = songs.astype({LIKED: "bool"})
    return SongFile(
        songs=songs,
        original=raw.cells[keep],
        extra_columns=extra,
        rejected=tuple(sorted((*raw.rejected, *lacking), key=lambda rejected: rejected.row)),
        notices=(*cleaner.notices, *_notices_on_columns(extra)),
        n_read=len(raw.cells) + len(raw.rejected),
    )


def _require_columns(
    path: Path, cells: pd.DataFrame, known: pd.DataFrame, need: frozenset[str]
) -> None:
    missing = sorted(need - set(known.columns))
    if known.columns.empty or missing:
        what = f"no column {' or '.join(missing)}" if missing else "no column of a known meaning"
        msg = f"{path} has {what}; its columns are: {_listed(list(cells.columns))}."
        raise BadInputError(msg)


def _lacking(songs: pd.DataFrame, cells: pd.DataFrame, need: frozenset[str]) -> list[RejectedRow]:
    """Rows without a value in a needed column, for the first reason each."""
    rejected: dict[int, RejectedRow] = {}
    for column in sorted(need):
        reason = _LACKING.get(column, f"no {column}")
        lacking = cells[songs[column].isna()].apply(written).fillna("")
        for row, *shown in lacking.itertuples(name=None):
            rejected.setdefault(row, RejectedRow(row, reason, tuple(shown)))
    return list(rejected.values())


def _notices_on_columns(extra: tuple[str, ...]) -> list[str]:
    return [f"Columns without a known meaning: {_listed(extra)}."] if extra else []


def _listed(names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMED_COLUMNS])
    rest = len(names) - _MOST_NAMED_COLUMNS
    return f"{shown} and {rest} more" if rest > 0 else shown
