"""A listener's likes and dislikes as a radar and as a map, before any model."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import LIKED
from musicrec.domain.taste_profile import ServerMean, TasteAxis, TasteMap, TasteRadar
from musicrec.taste.columns import clean_features, clean_number
from musicrec.taste.encode import Floats

RADAR_FEATURES: Final = (
    "energy",
    "tempo_bpm",
    "valence",
    "danceability",
    "popularity",
    "acousticness",
    "speechiness",
    "instrumentalness",
)
"""Clockwise."""

FEWEST_OTHERS: Final = 3
"""From the mean of fewer listeners, each could guess what the others like."""

_MIDDLE: Final = 50.0
"""Mean rank of all songs of the catalogue among themselves."""


def liked_percentiles(labelled: pd.DataFrame, catalogue: pd.DataFrame) -> dict[str, float]:
    """Return the mean rank of the liked songs among the catalogue's, in [0, 100], by feature.

    Half of the songs with the very same value count as lower. Features that no liked song or
    fewer than two different songs of the catalogue have are left out.

    Args:
        labelled: Song table with the column ``liked``.
        catalogue: Song table of everything that could have been labelled.
    """
    rows = np.flatnonzero(labelled[LIKED].to_numpy(dtype=np.bool_))
    likes = clean_features(labelled.iloc[rows])
    shared = [name for name in RADAR_FEATURES if name in likes and name in catalogue]
    ranks = {name: _ranks(likes[name].to_numpy(), clean_number(catalogue, name)) for name in shared}
    return {name: float(found.mean()) for name, found in ranks.items() if len(found)}


def mean_of_others(others: Sequence[Mapping[str, float]]) -> ServerMean | None:
    """Average ``liked_percentiles`` of other listeners; None for fewer than three of them.

    A feature that fewer than three of them have is left out.
    """
    known = {name: [each[name] for each in others if name in each] for name in RADAR_FEATURES}
    means = {name: fmean(values) for name, values in known.items() if len(values) >= FEWEST_OTHERS}
    return ServerMean(len(others), means) if means else None


def build_radar(
    labelled: pd.DataFrame, catalogue: pd.DataFrame, server: ServerMean | None = None
) -> TasteRadar:
    """Compare the liked songs with a server's mean, or with the catalogue where there is none."""
    liked = liked_percentiles(labelled, catalogue)
    other = dict.fromkeys(liked, _MIDDLE) if server is None else server.percentiles
    return TasteRadar(
        axes=tuple(
            TasteAxis(name, liked[name], other[name])
            for name in RADAR_FEATURES
            if name in liked and name in other
        ),
        n_likes=int(labelled[LIKED].sum()),
        n_others=None if server is None else server.n_listeners,
    )


def build_map(labelled: pd.DataFrame) -> TasteMap:
    """Place the labelled songs by tempo and energy."""
    liked = labelled[LIKED].to_numpy(dtype=np.bool_)
    songs = clean_features(labelled).reindex(columns=["tempo_bpm", "energy"])
    has_tempo, has_energy = (songs.notna()[name].to_numpy() for name in songs)
    return TasteMap(
        likes=_places(songs, liked & has_tempo & has_energy),
        dislikes=_places(songs, ~liked & has_tempo & has_energy),
        n_without_tempo=int((~has_tempo).sum()),
        n_without_energy=int((has_tempo & ~has_energy).sum()),
    )


def _ranks(values: Floats, among: Floats) -> Floats:
    """Return mid-ranks in [0, 100] of the known values; empty where ``among`` does not vary."""
    ordered = np.sort(among[~np.isnan(among)])
    if not len(ordered) or ordered[0] == ordered[-1]:
        return np.empty(0)
    known = values[~np.isnan(values)]
    below, upto = (np.searchsorted(ordered, known, side) for side in ("left", "right"))
    return 100 * (below + upto) / (2 * len(ordered))


def _places(songs: pd.DataFrame, rows: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    return tuple((float(tempo), float(energy)) for tempo, energy in songs[rows].to_numpy())
