"""A song's country by its ISRC's prefix, where nobody knows the artist's.

The weakest of all sources: it fills gaps of finished songs, has a source of its own, and makes room
in the next build for whoever knows better.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from musicrec.catalogue.merging import Provenances
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.texts import LINKS, PROVENANCE
from musicrec.domain.countries import country_of_prefix
from musicrec.domain.features import COUNTRY, TRACK_ID

ISRC_PREFIX: Final = Source(name="ISRC prefix")
"""What is named as source of such a country."""

_ISRC: Final = "isrc:"
_PREFIX: Final = slice(len(_ISRC), len(_ISRC) + 2)


class IsrcCountries:
    """Fills in countries while a snapshot is written."""

    def __init__(self, sources: list[Source], provenances: Provenances) -> None:
        """Take what the manifest will say.

        Args:
            sources: Of all values; grows by one with the first country that is filled in.
            provenances: Of the songs.
        """
        self._sources = sources
        self._provenances = provenances

    def fill(self, songs: pd.DataFrame) -> pd.DataFrame:
        """Return songs, as ``merging.merged`` does, with the countries that ISRCs tell."""
        gaps = np.flatnonzero(songs[COUNTRY].isna().to_numpy())
        found = _countries(songs.iloc[gaps])
        rows = gaps[found.notna().to_numpy()]
        if not len(rows):
            return songs
        countries = songs[COUNTRY].to_numpy(dtype=object, copy=True)
        countries[rows] = found.dropna().to_numpy()
        numbers = songs[PROVENANCE].to_numpy(np.int32, copy=True)
        numbers[rows] = self._provenances.changed(numbers[rows], COUNTRY, self._source())
        typed = pd.Series(countries, index=songs.index, dtype="str")
        return songs.assign(**{COUNTRY: typed, PROVENANCE: numbers})

    def _source(self) -> int:
        if ISRC_PREFIX not in self._sources:
            self._sources.append(ISRC_PREFIX)
        return self._sources.index(ISRC_PREFIX)


def without_weak_countries(
    songs: pd.DataFrame, sources: Sequence[Source], provenances: Sequence[Mapping[str, int]]
) -> pd.DataFrame:
    """Forget countries that come from ISRCs.

    Args:
        songs: With ``PROVENANCE``, which counts in ``provenances``.
        sources: As in a manifest.
        provenances: As in a manifest.
    """
    if ISRC_PREFIX not in sources:
        return songs
    number = sources.index(ISRC_PREFIX)
    weak = np.array([each.get(COUNTRY) == number for each in provenances], dtype=bool)
    is_weak = weak[songs[PROVENANCE].to_numpy(np.intp)]
    return songs.assign(**{COUNTRY: songs[COUNTRY].mask(is_weak)})


def _countries(songs: pd.DataFrame) -> pd.Series:
    """Return the country that an ISRC of each song tells; missing where none does."""
    own = [
        track_id if track_id.startswith(_ISRC) else _isrc_among(links)
        for track_id, links in zip(songs[TRACK_ID].tolist(), songs[LINKS].tolist(), strict=True)
    ]
    prefixes = [isrc[_PREFIX] for isrc in own]
    by_prefix = {prefix: country_of_prefix(prefix) for prefix in set(prefixes)}
    return pd.Series([by_prefix[prefix] for prefix in prefixes], dtype=object)


def _isrc_among(links: Sequence[str]) -> str:
    return next((one for one in links if one.startswith(_ISRC)), "")
