"""What is odd about a playlist: duplicates, songs out of character, favourites that sleep."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery.sounds import Measured, measured
from musicrec.domain.playlist import PlaylistChange, PlaylistItem
from musicrec.playlists.duplicates import Duplicate, duplicates
from musicrec.playlists.songs import ListedSongs
from musicrec.taste import TasteModel

FEWEST_TO_COMPARE: Final = 15
"""Heard songs below which a list has no character yet."""
FEWEST_TO_SLEEP: Final = 30
"""Items below which a list is no long one."""

_FAR: Final = 3.5
"""Robust standard deviations beyond the usual distance (Iglewicz & Hoaglin 1993)."""
_FEWEST_AXES: Final = 4
_TELLING: Final = 2.0
"""Robust standard deviations from which an axis is named as a reason."""
_MOST_NAMED: Final = 3
_FARTHEST: Final = 5.0
"""No single axis counts for more: one odd number does not make a song a stranger."""
_DEEP: Final = 2 / 3
_SURE: Final = 0.8
_MOST_SLEEPING: Final = 10


@dataclass(frozen=True, slots=True)
class Oddity:
    """A way in which a song is unlike its list.

    Attributes:
        feature: Name in ``domain.features``.
        distance: From the list's median, in robust standard deviations; negative below.
    """

    feature: str
    distance: float


@dataclass(frozen=True, slots=True)
class Stranger:
    """A song out of character.

    Attributes:
        item: The song.
        oddities: The strongest first, at least one.
    """

    item: PlaylistItem
    oddities: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True)
class Sleeper:
    """A favourite deep in the list.

    Attributes:
        item: The song.
        p_like: None where the listener said to like it.
    """

    item: PlaylistItem
    p_like: float | None


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor found; nothing is changed by it.

    Attributes:
        duplicates: Recordings that stand in the list more than once.
        strangers: Songs out of character, the strangest first; None where too few songs are heard.
        sleepers: Favourites in the last third of a long list; None without a model, or where the
            list is short.
        n_heard: Songs whose sound is known.
        change: The removal of all duplicates but the kept ones.
    """

    duplicates: tuple[Duplicate, ...]
    strangers: tuple[Stranger, ...] | None
    sleepers: tuple[Sleeper, ...] | None
    n_heard: int
    change: PlaylistChange


def diagnose(songs: ListedSongs, model: TasteModel | None = None) -> Diagnosis:
    """Look a playlist through.

    Args:
        songs: The playlist.
        model: Of its listener; without one nobody's favourites are known.
    """
    found = duplicates(songs)
    spare = [item.position for one in found for item in one.others]
    return Diagnosis(
        duplicates=tuple(found),
        strangers=_strangers(songs),
        sleepers=None if model is None else _sleepers(songs, model),
        n_heard=int(songs.heard.sum()),
        change=PlaylistChange.removing(songs.playlist, spare),
    )


def _strangers(songs: ListedSongs) -> tuple[Stranger, ...] | None:
    """Find songs whose distance from the list's medians is far beyond the usual one."""
    heard = songs.heard
    if heard.sum() < FEWEST_TO_COMPARE:
        return None
    found = measured(songs.table, heard)
    known = np.isfinite(found.distances)
    judged = heard & (known.sum(axis=1) >= _FEWEST_AXES)
    if not judged.any():
        return None
    squares = np.clip(np.nan_to_num(found.distances), -_FARTHEST, _FARTHEST) ** 2
    far = np.sqrt(squares.sum(axis=1) / np.maximum(known.sum(axis=1), 1))
    strange = judged & (far > _limit(far[judged]))
    places = sorted(np.flatnonzero(strange).tolist(), key=lambda place: -far[place])
    strangers = (Stranger(songs.playlist.items[place], _oddities(found, place)) for place in places)
    return tuple(one for one in strangers if one.oddities)


def _limit(far: NDArray[np.float64]) -> float:
    middle = float(np.median(far))
    return middle + _FAR * 1.4826 * float(np.median(np.abs(far - middle)))


def _oddities(found: Measured, place: int) -> tuple[Oddity, ...]:
    named = zip(found.names, found.distances[place].tolist(), strict=True)
    telling = [Oddity(name, distance) for name, distance in named if abs(distance) >= _TELLING]
    return tuple(sorted(telling, key=lambda one: -abs(one.distance))[:_MOST_NAMED])


def _sleepers(songs: ListedSongs, model: TasteModel) -> tuple[Sleeper, ...] | None:
    """Find favourites in the last third: liked ones, then those most likely liked."""
    items = songs.playlist.items
    if len(items) < FEWEST_TO_SLEEP:
        return None
    p_like, liked = model.predict(songs.table), model.likes(songs.table)
    deep = np.arange(len(items)) >= _DEEP * len(items)
    likely = deep & songs.heard & ~liked & (p_like >= _SURE)
    ranked: list[int] = np.flatnonzero(deep & liked).tolist()
    ranked += sorted(np.flatnonzero(likely).tolist(), key=lambda place: -p_like[place])
    return tuple(
        Sleeper(items[place], None if liked[place] else float(p_like[place]))
        for place in ranked[:_MOST_SLEEPING]
    )
