"""What commands are given: labelled songs, songs to score, models."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from musicrec.catalogue import Catalogue, SongFile, open_catalogue, read_songs
from musicrec.domain.errors import BadInputError, CatalogueMissingError
from musicrec.domain.features import FEATURE_NAMES, LIKED, SONG_COLUMNS, TRACK_ID
from musicrec.taste import TasteModel, load_model

_NOT_AUDIO: Final = frozenset({"duration_ms", "popularity", "explicit", "year"})
_AUDIO_FEATURES: Final = [name for name in FEATURE_NAMES if name not in _NOT_AUDIO]


@dataclass(frozen=True, slots=True)
class Songs:
    """Songs of a file, with what the catalogue knows about them.

    Attributes:
        table: A song table in the file's order.
        original: The same rows as the file has them.
        n_read: Rows of the file.
        notices: What the reader of the result should know.
    """

    table: pd.DataFrame
    original: pd.DataFrame
    n_read: int
    notices: tuple[str, ...]

    @property
    def n_rejected(self) -> int:
        """Rows that could not be used."""
        return self.n_read - len(self.table)


def read_labels(path: Path, data_dir: Path) -> Songs:
    """Read labelled songs.

    Raises:
        BadInputError: The file cannot be used.
    """
    return _with_catalogue(read_songs(path, need=frozenset({LIKED})), data_dir)


def read_playlist(path: Path, data_dir: Path) -> Songs:
    """Read songs to be scored.

    Raises:
        BadInputError: The file cannot be used.
    """
    return _with_catalogue(read_songs(path), data_dir)


def read_model(path: Path) -> TasteModel:
    """Read a model file.

    Raises:
        BadInputError: There is no such file.
        ModelFormatError: It is no model, or one of a newer program.
    """
    try:
        return load_model(path.read_bytes())
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise BadInputError(msg) from error


def require_place(path: Path) -> None:
    """Refuse a place that cannot be written to before any long work is done for it.

    Raises:
        BadInputError: Its folder does not exist or is not writable.
    """
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        msg = (
            f"{path} cannot be written: choose a file in an existing folder that you may write to."
        )
        raise BadInputError(msg)


def _with_catalogue(file: SongFile, data_dir: Path) -> Songs:
    """Add the catalogue's features to songs that came without any audio features."""
    notices = [*file.notices]
    if file.rejected:
        first = file.rejected[0]
        notices.append(
            f"{len(file.rejected)} of {file.n_read} rows were left out, first row {first.row}:"
            f" {first.reason}."
        )
    table = file.songs
    bare = table.reindex(columns=_AUDIO_FEATURES).isna().all(axis="columns")
    if bare.any() and TRACK_ID in table:
        table, n_filled = _filled(table, bare, catalogue_or_none(data_dir))
        notices.append(
            f"{int(bare.sum())} songs came without audio features; the catalogue knows {n_filled}"
            " of them."
        )
    return Songs(table, file.original, file.n_read, tuple(notices))


def catalogue_or_none(data_dir: Path) -> Catalogue | None:
    """Open the catalogue where there is one."""
    try:
        return open_catalogue(data_dir)
    except CatalogueMissingError:
        return None  # a help, not a condition


def _filled(
    table: pd.DataFrame, bare: pd.Series, catalogue: Catalogue | None
) -> tuple[pd.DataFrame, int]:
    """Fill what is missing in the bare rows that the catalogue knows; return how many those are."""
    if catalogue is None:
        return table, 0
    ids = table.loc[bare, TRACK_ID].dropna()
    rows = {label: catalogue.row_of(track_id) for label, track_id in ids.items()}
    known = {label: row for label, row in rows.items() if row is not None}
    facts = catalogue.table(list(known.values())).set_axis(list(known))
    others = [column for column in table.columns if column not in SONG_COLUMNS]
    filled = table.drop(columns=others).combine_first(facts.drop(columns=TRACK_ID))
    return filled.join(table[others]).reindex(table.index), len(known)
