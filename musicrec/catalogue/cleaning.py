"""Raw cells into the song table's columns: units and meanings put right, nothing invented."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from musicrec.catalogue.columns import DURATION, DURATION_S, ISRC, MBID, RELEASE_DATE
from musicrec.catalogue.recording_keys import derived_ids, main_artists
from musicrec.catalogue.values import (
    artist_lists,
    clock_durations_ms,
    countries,
    first_of_lists,
    is_given,
    isrc_ids,
    keys,
    likes,
    mbid_ids,
    modes,
    modes_in_keys,
    numbers,
    texts,
    track_ids,
    truths,
    within_range,
    years,
)
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    GENRE,
    LIKED,
    SONG_COLUMNS,
    TITLE,
    TRACK_ID,
    WEIGHT,
)

__all__ = ["Cleaner", "derived_ids", "main_artists"]

Parser = Callable[[pd.Series], pd.Series]

_LONGEST_MEDIAN_S: Final = 6_000.0
"""100 minutes: lengths whose median is below cannot be meant in milliseconds."""

_TEXTS: Final[Mapping[str, Parser]] = MappingProxyType(
    {
        TITLE: texts,
        ARTISTS: artist_lists,
        ALBUM: texts,
        GENRE: first_of_lists,
        COUNTRY: countries,
    }
)
_SPECIAL_NUMBERS: Final[Mapping[str, Parser]] = MappingProxyType(
    {
        "key": keys,
        "mode": modes,
        "explicit": truths,
        "year": years,
        "duration_ms": clock_durations_ms,
    }
)
"""Readers of what a feature may be besides a number."""

_IDS: Final[Mapping[str, Parser]] = MappingProxyType(
    {TRACK_ID: track_ids, ISRC: isrc_ids, MBID: mbid_ids}
)


class Cleaner:
    """Cleans one table and remembers what its reader should know.

    Attributes:
        unusable: How many values count as missing, by the file's column and the feature.
        units: Sentences on units that were guessed.
    """

    def __init__(
        self, cells: pd.DataFrame, matches: Mapping[str, str], *, decimal_comma: bool
    ) -> None:
        self._raw = {column: cells[name] for column, name in matches.items()}
        self._matches = matches
        self._index = cells.index
        self._decimal_comma = decimal_comma
        self.unusable: dict[tuple[str, str], int] = {}
        self.units: list[str] = []
        self._kinds_of_ids: list[pd.Series] = []

    @property
    def notices(self) -> list[str]:
        """What the reader of the table should know, a sentence each."""
        return [*self.units, *unusable_notices(self.unusable, len(self._index))]

    def clean(self) -> pd.DataFrame:
        """Return the canonical columns that the file brings, in their canonical order."""
        columns = {
            name: parse(self._raw[name]) for name, parse in _TEXTS.items() if name in self._raw
        }
        for feature in FEATURE_NAMES:
            source = self._source_of(feature)
            if source is not None:
                columns[feature] = self._feature(feature, source)
        if "mode" not in columns and "key" in self._raw:
            modes = modes_in_keys(self._raw["key"])
            if modes.notna().any():
                columns["mode"] = modes
        columns |= self._ids(columns)
        if LIKED in self._raw:
            columns[LIKED] = likes(self._raw[LIKED]).astype("boolean")
        if WEIGHT in self._raw:
            columns[WEIGHT] = self._weights(self._raw[WEIGHT])
        order = [column for column in (*SONG_COLUMNS, LIKED, WEIGHT) if column in columns]
        return pd.DataFrame({column: columns[column] for column in order}, index=self._index)

    def links(self) -> pd.Series:
        """Return the other ids that the file has for a song, as a list; after ``clean``."""
        if not self._kinds_of_ids:
            return pd.Series([()] * len(self._index), index=self._index, dtype=object)
        rows = zip(*(ids.tolist() for ids in self._kinds_of_ids), strict=True)
        lists = [[one for one in row if isinstance(one, str)][1:] for row in rows]
        return pd.Series(lists, index=self._index, dtype=object)

    def _weights(self, raw: pd.Series) -> pd.Series:
        """Numbers; what is none becomes infinite, so that nobody takes it for a full weight."""
        parsed = numbers(raw, decimal_comma=self._decimal_comma)
        return parsed.mask(parsed.isna() & is_given(raw), float("inf"))

    def _source_of(self, feature: str) -> str | None:
        """Which raw column a feature is read from."""
        sources = {
            "duration_ms": ("duration_ms", DURATION_S, DURATION),
            "year": ("year", RELEASE_DATE),
        }
        return next((name for name in sources.get(feature, (feature,)) if name in self._raw), None)

    def _feature(self, feature: str, source: str) -> pd.Series:
        raw = self._raw[source]
        parsed = numbers(raw, decimal_comma=self._decimal_comma)
        if feature == "duration_ms":
            parsed = parsed * self._milliseconds(source, parsed)
        if feature in _SPECIAL_NUMBERS:
            parsed = _SPECIAL_NUMBERS[feature](raw).fillna(parsed)
        valid, unknown = within_range(parsed, feature)
        unusable = int(is_given(raw[valid.isna() & ~unknown]).sum())
        if unusable:
            self.unusable[self._matches[source], feature] = unusable
        return valid

    def _milliseconds(self, source: str, lengths: pd.Series) -> float:
        """Milliseconds in the unit of a column of lengths."""
        if source == "duration_ms":
            return 1.0
        if source == DURATION and not lengths.median() < _LONGEST_MEDIAN_S:
            return 1.0
        self.units.append(f"{self._matches[source]}: read as seconds.")
        return 1000.0

    def _ids(self, columns: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
        """Ids that the file has, best kind first; else made of title and main artist."""
        ids = pd.Series(pd.NA, index=self._index, dtype="str")
        for column, parse in _IDS.items():
            if column in self._raw:
                self._kinds_of_ids.append(parse(self._raw[column]))
                ids = ids.fillna(self._kinds_of_ids[-1])
        if TITLE in columns:
            nameless = ids.isna() & columns[TITLE].notna()
            ids = ids.where(~nameless, derived_ids(columns[TITLE], columns.get(ARTISTS)))
        return {TRACK_ID: ids} if ids.notna().any() else {}


def unusable_notices(unusable: Mapping[tuple[str, str], int], n_rows: int) -> list[str]:
    """Say which values count as missing.

    Args:
        unusable: How many, by the file's column and the feature.
        n_rows: Of the file.
    """
    return [
        f"{column}: {n} of {n_rows} values are no {feature} in its valid range and count as"
        " missing."
        for (column, feature), n in unusable.items()
    ]
