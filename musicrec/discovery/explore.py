"""Where a listener may go next, and which songs of a place to show first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue.filtering import is_any
from musicrec.catalogue.store.columns import COUNTRY_CODE, GENRE_CODE
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.discovery.hopes import Floats, Rows, far_from, hopes, nearest_to
from musicrec.discovery.likeness import SongMap
from musicrec.discovery.scorer import Scorer, Taste
from musicrec.domain.places import Place, PlaceKind, Visit

_SAMPLED: Final = 150
"""Songs of a place that are looked at, the best known ones."""
_SPEAKERS: Final = 10
"""Of these, the best speak for the place: nobody is shown the others."""
_LOOKED_THROUGH: Final = 2_000_000
"""The most popular songs of a catalogue, among which a place's are found in milliseconds."""
_NEAREST: Final = 2


@dataclass(frozen=True, eq=False, slots=True)
class Explorer:
    """What is known of a listener who looks for somewhere to go.

    Attributes:
        rated: Features of the songs that they rated, at least one.
        liked: Which of these they like.
        adventure: In [0, 1]: how much hope counts against expectation.
    """

    rated: pd.DataFrame
    liked: NDArray[np.bool_]
    adventure: float


@dataclass(frozen=True, slots=True)
class Prospect:
    """A place to go.

    Attributes:
        place: Where.
        p_like: Mean probability of a like of its best songs, in [0, 1].
        hope: The upper end by which places are ranked, in [0, 1].
        best: Row of its best song.
    """

    place: Place
    p_like: float
    hope: float
    best: int


@dataclass(frozen=True, eq=False, slots=True)
class Weighed:
    """Songs that may be shown, in the order that they were given.

    Attributes:
        hope: The upper end by which songs are ranked, in [0, 1], shape ``(n,)``.
        nearest: Numbers of the liked songs that each sounds like most, nearest first; they count
            among the liked ones alone. Shape ``(n, k)``, ``k`` at most 2.
    """

    hope: Floats
    nearest: Rows


def prospects(
    snapshot: Snapshot,
    taste: Taste,
    explorer: Explorer,
    places: Sequence[tuple[Place, Visit]],
    known: NDArray[np.integer[Any]],
) -> list[Prospect]:
    """Rank places by what their best songs may turn out to be.

    Args:
        snapshot: Where.
        taste: Whose.
        explorer: Who goes.
        places: Where to, with what was rated there already; those without unknown songs are
            left out.
        known: Rows of songs that the listener knows.
    """
    songs = _songs_of([place for place, _ in places], snapshot, known)
    there = [asked for asked, rows in zip(places, songs, strict=True) if len(rows)]
    if not there:
        return []
    spoken = _speakers(snapshot, taste, [rows for rows in songs if len(rows)])
    every = np.concatenate([rows for rows, _ in spoken])
    points, rated = _placed(snapshot.sample, snapshot.features(every), explorer.rated)
    starts = np.cumsum([0, *(len(rows) for rows, _ in spoken)])[:-1]
    n_speakers = np.diff(np.append(starts, len(every)))
    far = np.add.reduceat(far_from(points, rated), starts) / n_speakers
    p_like = np.array([chances.mean() for _, chances in spoken])
    hope = hopes(
        p_like,
        far,
        adventure=explorer.adventure,
        rated=np.array([visit.rated for _, visit in there], dtype=np.float64),
        liked=np.array([visit.liked for _, visit in there], dtype=np.float64),
    )
    found = zip(there, p_like.tolist(), hope.tolist(), spoken, strict=True)
    ranked = [Prospect(at, p, upper, int(rows[0])) for (at, _), p, upper, (rows, _) in found]
    return sorted(ranked, key=lambda each: -each.hope)


def mixed(found: Sequence[Prospect], *, most: int) -> list[Prospect]:
    """Return the best places, best first; some of both kinds where there are."""
    taken: dict[PlaceKind, int] = dict.fromkeys(PlaceKind, 0)
    chosen: list[Prospect] = []
    spare: list[Prospect] = []
    for each in found:
        taken[each.place.kind] += 1
        (chosen if taken[each.place.kind] <= most - 2 else spare).append(each)
    best = [*chosen, *spare][:most]
    return sorted(best, key=lambda each: -each.hope)


def weigh(sample: pd.DataFrame, songs: pd.DataFrame, p_like: Floats, explorer: Explorer) -> Weighed:
    """Say what songs may turn out to be, and which liked songs they sound like.

    Args:
        sample: Features of songs that stand for the whole catalogue.
        songs: Features of those that may be shown.
        p_like: Of these.
        explorer: Whose likes.
    """
    points, rated = _placed(sample, songs, explorer.rated)
    hope = hopes(p_like, far_from(points, rated), adventure=explorer.adventure)
    return Weighed(hope, nearest_to(points, rated[explorer.liked], most=_NEAREST))


def _speakers(snapshot: Snapshot, taste: Taste, songs: Sequence[Rows]) -> list[tuple[Rows, Floats]]:
    """Return the best songs of every place, best first, and their chances."""
    p_like = Scorer(snapshot, taste).p_like(np.concatenate(songs))
    chances = np.split(p_like, np.cumsum([len(rows) for rows in songs])[:-1])
    orders = [np.argsort(-each, kind="stable")[:_SPEAKERS] for each in chances]
    return [
        (rows[order], each[order]) for rows, each, order in zip(songs, chances, orders, strict=True)
    ]


def _songs_of(
    places: Sequence[Place], snapshot: Snapshot, known: NDArray[np.integer[Any]]
) -> list[Rows]:
    """Return the best known songs of every place, without those that the listener knows."""
    head = slice(0, _LOOKED_THROUGH)
    codes = {
        PlaceKind.GENRE: snapshot.columns[GENRE_CODE][head],
        PlaceKind.COUNTRY: snapshot.columns[COUNTRY_CODE][head],
    }
    is_fresh = np.ones(len(codes[PlaceKind.GENRE]), dtype=bool)
    is_fresh[known[known < len(is_fresh)]] = False
    return [
        np.flatnonzero(is_any(codes[place.kind], _codes(snapshot, place)) & is_fresh)[:_SAMPLED]
        for place in places
    ]


def _codes(snapshot: Snapshot, place: Place) -> Sequence[int]:
    if place.kind is PlaceKind.GENRE:
        return snapshot.genre_codes(place.name)
    return snapshot.country_codes(place.name)


def _placed(sample: pd.DataFrame, *tables: pd.DataFrame) -> list[Floats]:
    """Place songs of several tables, every axis spreading as in the sample."""
    return [
        SongMap.of(table, among=sample).points(np.arange(len(table), dtype=np.intp))
        for table in tables
    ]
