"""Ways to make a weekly list out of what is known: ours, and those it is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from weekly_listeners import Subject

from musicrec.catalogue import Catalogue
from musicrec.discovery import arrange
from musicrec.discovery.week import WeekRequest, compose
from musicrec.domain.ids import TrackId
from musicrec.domain.weekly_plan import USUAL_ADVENTURE

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_HEAD: Final = 1_000
_MOST_OF_ARTIST: Final = 2


@dataclass(frozen=True)
class Moment:
    """What a recipe may look at.

    Attributes:
        catalogue: Of all songs, most popular first.
        songs: The same as a song table.
        artists: Folded names of everybody on each song.
        labels: Whether each rated song is liked, by row.
        p_like: By the model fitted on these; empty for recipes that need none.
        n: Songs of a list.
        seed: Of this week.
        truth: For the best that anybody could do, and nobody else.
    """

    catalogue: Catalogue
    songs: pd.DataFrame
    artists: list[tuple[str, ...]]
    labels: Mapping[int, bool]
    p_like: Floats
    n: int
    seed: int
    truth: Subject

    def best(self, scores: Floats) -> Rows:
        """Return the songs that were not rated, highest score first."""
        order = np.argsort(-scores, kind="stable")
        return order[~np.isin(order, [*self.labels])]


def ours(now: Moment, adventure: float = USUAL_ADVENTURE) -> Rows:
    order = now.best(now.p_like)
    ids = now.songs["track_id"]
    history = {TrackId(ids[row]): liked for row, liked in now.labels.items()}
    request = WeekRequest(
        order, now.p_like[order], history, n=now.n, adventure=adventure, seed=now.seed
    )
    return np.array([pick.row for pick in compose(now.catalogue, request)], dtype=np.intp)


def top(now: Moment) -> Rows:
    return now.best(now.p_like)[: now.n]


def listenbrainz(now: Moment) -> Rows:
    """Draw among the best thousand, two by an artist."""
    head = now.best(now.p_like)[:_HEAD]
    drawn = np.random.default_rng(now.seed).random(len(head))
    rows: list[int] = head.tolist()
    artists = [now.artists[row][:1] for row in rows]
    return head[arrange(drawn, artists, n=now.n, most_per_artist=_MOST_OF_ARTIST)]


def popular(now: Moment) -> Rows:
    return now.best(-np.arange(len(now.songs), dtype=np.float64))[: now.n]


def at_random(now: Moment) -> Rows:
    return now.best(np.random.default_rng(now.seed).random(len(now.songs)))[: now.n]


def ideal(now: Moment) -> Rows:
    return now.best(now.truth.p_like)[: now.n]


RECIPES: Final[Mapping[str, tuple[Callable[[Moment], Rows], bool]]] = MappingProxyType(
    {
        "musicrec week": (ours, True),
        "musicrec week, adventure 0": (partial(ours, adventure=0.0), True),
        "plain top-N": (top, True),
        "ListenBrainz's recipe": (listenbrainz, True),
        "popularity": (popular, False),
        "random": (at_random, False),
        "whoever knew the truth": (ideal, False),
    }
)
"""Every recipe, and whether it needs a model."""
