"""One row a recording: entries that a listener would call the same song become one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from musicrec.catalogue.cleaning import main_artists
from musicrec.domain.features import ARTISTS, FEATURE_NAMES, SONG_COLUMNS, TITLE, TRACK_ID
from musicrec.domain.identity import recording_key

SOURCE: Final = "source"
"""Column beside the song table's: where a row's values came from."""

COLUMNS: Final = (*SONG_COLUMNS, SOURCE)


@dataclass(frozen=True, slots=True)
class Recordings:
    """Distinct songs, most popular first, and the other ids that mean them.

    Attributes:
        songs: Columns ``COLUMNS``; index 0, 1, ….
        aliases: The song's id by every other id of it.
    """

    songs: pd.DataFrame
    aliases: Mapping[str, str]


def with_all_columns(songs: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """Bring a song table to ``COLUMNS``: unknown columns go, absent ones are missing."""
    complete = songs.reindex(columns=list(SONG_COLUMNS)).reset_index(drop=True)
    texts = [column for column in SONG_COLUMNS if column not in FEATURE_NAMES]
    types = dict.fromkeys(texts, "str") | dict.fromkeys(FEATURE_NAMES, "float64")
    return complete.astype(types).assign(**{SOURCE: source}).astype({SOURCE: "str"})


def merge(
    entries: pd.DataFrame, *, n_settled: int = 0, aliases: Mapping[str, str] = MappingProxyType({})
) -> Recordings:
    """Merge entries of one recording: same id, or same title and main artist.

    The most popular entry lends its id and values; what it does not know comes from the next
    one that does; popularity is the highest.

    Args:
        entries: Columns ``COLUMNS``, index 0, 1, …; every row has a title and an id.
        n_settled: That many first rows keep their ids whatever the popularity of the others.
        aliases: Other ids of settled rows.
    """
    ids = pd.Series([aliases.get(track_id, track_id) for track_id in entries[TRACK_ID]])
    settled = entries.index < n_settled
    ranked = entries.assign(_key=_keys(entries, ids), _settled=settled).sort_values(
        ["_settled", "popularity"], ascending=False, kind="stable", na_position="last"
    )
    groups = ranked.groupby("_key", sort=False)
    songs = groups[list(COLUMNS)].first().assign(popularity=groups["popularity"].max())
    id_of_key = songs[TRACK_ID]
    other_ids = {
        track_id: id_of_key[key]
        for track_id, key in zip(ranked[TRACK_ID], ranked["_key"], strict=True)
        if track_id != id_of_key[key]
    }
    ordered = songs.sort_values("popularity", ascending=False, kind="stable", na_position="last")
    return Recordings(ordered.reset_index(drop=True), {**aliases, **other_ids})


def recording_keys(songs: pd.DataFrame) -> pd.Series:
    """Equal for entries of the same title and main artist; a nameless artist is nobody's."""
    mains = main_artists(songs[ARTISTS])
    keys = [
        recording_key(title, main) if main else f"|{track_id}"
        for title, main, track_id in zip(songs[TITLE], mains, songs[TRACK_ID], strict=True)
    ]
    return pd.Series(keys, index=songs.index, dtype="str")


def _keys(entries: pd.DataFrame, ids: pd.Series) -> pd.Series:
    """Recording keys, where entries with one id share the first one's."""
    return recording_keys(entries).groupby(ids).transform("first")
