"""Make any song table safe to compute with: known columns, float64, NaN for what is unusable."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import ARTISTS, FEATURE_NAMES, FEATURE_RANGES, GENRE
from musicrec.domain.identity import fold

ARTIST_SEPARATOR: Final = ";"


def clean_features(table: pd.DataFrame) -> pd.DataFrame:
    """Return the feature columns that ``table`` has, cleaned, in the order of ``FEATURE_NAMES``.

    Text that is no number, infinities and numbers out of ``FEATURE_RANGES`` become NaN. The
    genre, if there is one, comes last: stripped, case-folded, and ``""`` where unknown. Row
    order is kept; the index is counted from 0. Cleaning twice changes nothing.
    """
    columns = {name: clean_number(table, name) for name in FEATURE_NAMES if name in table}
    cleaned = pd.DataFrame(columns, index=pd.RangeIndex(len(table)))
    if GENRE in table:
        cleaned[GENRE] = _clean_text(table[GENRE], str.casefold)
    return cleaned


def clean_number(table: pd.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return one feature column, shape ``(n_songs,)``, NaN where it is unusable."""
    numbers = pd.to_numeric(table[name], errors="coerce")
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan).copy()
    low, high = FEATURE_RANGES[name]
    with np.errstate(invalid="ignore"):
        values[~((values >= low) & (values <= high))] = np.nan
    return values


def text_of(table: pd.DataFrame, name: str) -> list[str]:
    """Return one text column, stripped; ``""`` where it is unknown or the column is absent."""
    if name not in table:
        return [""] * len(table)
    return _clean_text(table[name]).tolist()


def main_artists(table: pd.DataFrame) -> list[str]:
    """Return every song's first credited artist as written, ``""`` where unknown."""
    return [names.split(ARTIST_SEPARATOR)[0].strip() for names in text_of(table, ARTISTS)]


def artist_key(artist: str) -> str:
    """Return equal strings for two spellings of one artist."""
    return fold(artist)


def _clean_text(column: "pd.Series[str]", spell: Callable[[str], str] = str) -> NDArray[np.object_]:
    """Return stripped strings, ``""`` where unknown; every distinct value is looked at once."""
    codes, values = pd.factorize(column.to_numpy(dtype=object))
    # A missing value has the code -1, which picks the last text.
    texts = np.array([*(spell(str(value).strip()) for value in values), ""], dtype=object)
    return texts[codes]
