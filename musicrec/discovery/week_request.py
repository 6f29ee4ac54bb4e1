"""What a weekly list is made from, and what it is made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind
from musicrec.domain.weekly_plan import USUAL_ADVENTURE, USUAL_SIZE


def _no_rows() -> NDArray[np.intp]:
    return np.empty(0, dtype=np.intp)


def _no_chances() -> NDArray[np.float64]:
    return np.empty(0)


@dataclass(frozen=True, eq=False, slots=True)
class WeekRequest:
    """Everything that a list follows from, with the catalogue.

    Attributes:
        rows: Of the catalogue, best first by the listener's model; empty for a starter week.
        p_like: Of ``rows``, calibrated, shape of ``rows``.
        history: Every labelled song and whether it is liked.
        shown: Songs of the last ``WEEKS_APART`` weekly lists.
        blocked: Artists never to be played, folded (``domain.identity.fold``).
        n: Songs wanted.
        adventure: In [0, 1]: 0 explores next to nothing, 1 in a third of the songs; new artists and
            variety count for nothing at 0, as usual at 0.5, and twice that at 1.
        seed: Not negative; another one draws another list.
        heard: The labelled songs as a song table with the column ``liked``, where somebody knows
            more about them than the catalogue; None to take what that has.
    """

    rows: NDArray[np.integer[Any]] = field(default_factory=_no_rows)
    p_like: NDArray[np.floating[Any]] = field(default_factory=_no_chances)
    history: Mapping[TrackId, bool] = field(default_factory=dict[TrackId, bool])
    shown: Collection[TrackId] = ()
    blocked: Collection[str] = ()
    n: int = USUAL_SIZE
    adventure: float = USUAL_ADVENTURE
    seed: int = 0
    heard: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """What in the listener's ratings speaks for a song, or makes it something to explore.

    Attributes:
        about: Column of the song table: artists, genre or country; empty for how it sounds.
        name: Of the artist, genre or country, as the catalogue writes it; untrusted text.
        likes: Rated songs of it that are liked.
        songs: Rated songs of it.
    """

    about: str
    name: str = ""
    likes: int = 0
    songs: int = 0


@dataclass(frozen=True, slots=True)
class WeekPick:
    """One song of a weekly list.

    Attributes:
        row: Of the catalogue.
        p_like: As it was requested; None in a starter week.
        kind: Why it was picked.
        because: Whom of its artists the listener likes, or what is explored; None where neither
            can be said.
    """

    row: int
    p_like: float | None
    kind: PickKind
    because: Because | None = None
