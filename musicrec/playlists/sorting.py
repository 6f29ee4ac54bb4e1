"""Orders of a playlist: near a song, as a smooth path, along a curve, by tempo or probability."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery.paths import smooth_path
from musicrec.discovery.sounds import apart, points
from musicrec.domain.playlist import PlaylistChange, PlaylistItem
from musicrec.playlists.songs import ListedSongs

Floats = NDArray[np.float64]


class Order(StrEnum):
    """What a playlist can be sorted by without being told more."""

    SMOOTH = "smooth"
    """Every song follows one that sounds alike."""
    RISE = "rise"
    """Energy goes up."""
    FALL = "fall"
    """Energy goes down."""
    ARC = "arc"
    """Energy goes up to the middle and down again."""
    TEMPO = "tempo"
    """Slow songs first."""


@dataclass(frozen=True)
class Sorted:
    """A playlist in another order.

    Attributes:
        change: Moves every item, removes none.
        unplaced: Songs about which too little is known; at the end, in their old order.
    """

    change: PlaylistChange
    unplaced: tuple[PlaylistItem, ...]


def sort_by(songs: ListedSongs, order: Order) -> Sorted:
    """Sort by what is known about the songs."""
    if order is Order.SMOOTH:
        return _along_path(songs)
    column = "tempo_bpm" if order is Order.TEMPO else "energy"
    values = songs.table[column].to_numpy(dtype=np.float64, na_value=np.nan)
    places = _ascending(values)
    if order is Order.FALL:
        places.reverse()
    elif order is Order.ARC:
        places = [*places[::2], *places[1::2][::-1]]
    return _sorted(songs, places)


def sort_near(songs: ListedSongs, position: int) -> Sorted:
    """Sort by likeness to the song at a position, which comes first."""
    places: list[int] = np.flatnonzero(songs.heard).tolist()
    chosen = position - 1
    if chosen not in places:
        return _sorted(songs, [])
    at = points(songs.table.iloc[places])
    far = apart(at[places.index(chosen)], at)
    order = sorted(range(len(places)), key=lambda row: (places[row] != chosen, far[row], row))
    return _sorted(songs, [places[row] for row in order])


def sort_by_probability(songs: ListedSongs, p_like: Floats) -> Sorted:
    """Sort by the probability of a like, the highest first.

    Args:
        songs: The playlist.
        p_like: Of every item, shape ``(n_items,)``; that of songs nobody heard is not believed.
    """
    return _sorted(songs, _ascending(np.where(songs.heard, -p_like, np.nan)))


def _along_path(songs: ListedSongs) -> Sorted:
    places: list[int] = np.flatnonzero(songs.heard).tolist()
    path = smooth_path(points(songs.table.iloc[places])) if places else []
    return _sorted(songs, [places[row] for row in path])


def _ascending(values: Floats) -> list[int]:
    order: list[int] = np.argsort(values, kind="stable").tolist()
    return order[: int(np.isfinite(values).sum())]


def _sorted(songs: ListedSongs, places: Sequence[int]) -> Sorted:
    placed = set(places)
    rest = [item for item in songs.playlist.items if item.position - 1 not in placed]
    order = (*(place + 1 for place in places), *(item.position for item in rest))
    return Sorted(PlaylistChange(songs.playlist, order), tuple(rest))
