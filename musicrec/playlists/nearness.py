"""How far songs of a catalogue are from what a new playlist is to sound like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from musicrec.discovery.sounds import AXES
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import FEATURE_RANGES, GENRE
from musicrec.domain.playlist import PlaylistItem
from musicrec.playlists.songs import ListedSongs

Floats = NDArray[np.float64]

_NEIGHBOURS: Final = 3
_FEWEST_KNOWN: Final = 3
_MOST_LISTED: Final = 300
"""Songs of the list that are compared with; tens of thousands of candidates meet each of them."""
_OTHER_GENRE: Final = 0.5
"""Added to the distance, in standard deviations, of a song whose genre the playlist has not."""


@dataclass(frozen=True)
class Nearness:
    """How far songs are from what is wanted.

    Attributes:
        far: Shape ``(n_songs,)``; infinite where too little is known.
        nearest: The song of a list that each is most like; None where features are wanted.
    """

    far: Floats
    nearest: Sequence[PlaylistItem | None]


def near_wishes(table: pd.DataFrame, wanted: Mapping[str, float]) -> Nearness:
    """Measure root mean square distances from wanted features, in standard deviations.

    Raises:
        BadInputError: A feature is none that can be wanted, or out of its range.
    """
    _require_wishes(wanted)
    squares: list[Floats] = []
    for name, value in wanted.items():
        values = _axis(table, name)
        known = values[np.isfinite(values)]
        spread = float(known.std()) if len(known) else 0.0
        wish = float(AXES[name](np.array([value]))[0])
        squares.append(((values - wish) / (spread or 1.0)) ** 2)
    mean = np.mean(squares, axis=0)
    far = np.sqrt(np.where(np.isfinite(mean), mean, np.inf))
    return Nearness(far, [None] * len(table))


def near_songs(table: pd.DataFrame, songs: ListedSongs) -> Nearness:
    """Measure by the nearest songs of a list, so that a list of two kinds gets both."""
    places = _spread(np.flatnonzero(songs.heard).tolist())
    listed = songs.table.iloc[places]
    theirs, ours = _standardised(table, listed)
    far = cdist(theirs, ours)
    k = min(_NEIGHBOURS, far.shape[1])
    genres = {str(genre).casefold() for genre in listed[GENRE].dropna()}
    other = ~table[GENRE].astype("str").str.casefold().isin(genres).to_numpy() if genres else False
    known = table[list(AXES)].notna().sum(axis="columns").to_numpy() >= _FEWEST_KNOWN
    distance = np.sort(far, axis=1)[:, :k].mean(axis=1) + _OTHER_GENRE * np.asarray(other)
    closest: list[int] = far.argmin(axis=1).tolist()
    nearest = [songs.playlist.items[places[one]] for one in closest]
    return Nearness(np.where(known, distance, np.inf), nearest)


def _spread(places: list[int]) -> list[int]:
    """Return the places, or some of all parts of the list where there are very many."""
    return places[:: -(-len(places) // _MOST_LISTED)] if places else places


def _standardised(table: pd.DataFrame, listed: pd.DataFrame) -> tuple[Floats, Floats]:
    """Place candidates and listed songs; the spread is that of the candidates."""
    theirs: list[Floats] = []
    ours: list[Floats] = []
    for name in AXES:
        values = _axis(table, name)
        known = values[np.isfinite(values)]
        if not len(known) or not known.std():
            continue
        middle, spread = known.mean(), known.std()
        theirs.append(np.nan_to_num((values - middle) / spread, nan=0.0))
        ours.append(np.nan_to_num((_axis(listed, name) - middle) / spread, nan=0.0))
    if not theirs:
        return np.zeros((len(table), 1)), np.zeros((len(listed), 1))
    return np.column_stack(theirs), np.column_stack(ours)


def _axis(table: pd.DataFrame, name: str) -> Floats:
    return AXES[name](table[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _require_wishes(wanted: Mapping[str, float]) -> None:
    unknown = [name for name in wanted if name not in AXES]
    if unknown or not wanted:
        msg = f"A playlist can be made for these features: {', '.join(AXES)}."
        raise BadInputError(msg)
    for name, value in wanted.items():
        low, high = FEATURE_RANGES[name]
        if not low <= value <= high:
            msg = f"{name} lies between {low:g} and {high:g}, not at {value:g}."
            raise BadInputError(msg)
