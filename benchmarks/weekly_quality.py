"""Twenty weeks of lists for listeners with known tastes, each recipe fed with its own answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from measuring import Row
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform
from weekly_listeners import Subject
from weekly_recipes import RECIPES, Moment

from musicrec.catalogue import Catalogue
from musicrec.discovery.sounds import points
from musicrec.domain.features import ARTISTS
from musicrec.domain.identity import fold
from musicrec.taste.columns import ARTIST_SEPARATOR, clean_features, text_of
from musicrec.taste.encode import Encoding
from musicrec.taste.learn import BLEND, learn, probabilities_of
from musicrec.taste.sampling import Sampling

WEEKS: Final = 20
BEFORE: Final = 40
"""Songs that a listener rated before the first week."""
_QUARTER: Final = WEEKS // 4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Listened:
    """One list and what became of it.

    Attributes:
        hits: Share that was liked.
        worth: Mean true chance of a like.
        possible: Mean true chance of the best list that was left to be made.
        by_chance: Mean true chance of all songs that were left.
        repeats: Songs that had been rated or listed before.
        artists: Distinct credited artists.
        distance: Mean distance of two songs, in standard deviations of how songs sound.
        nearest: Mean distance of a song to the one that sounds most like it.
        new_artists: Share by main artists of whom nothing had been rated.
        found: Songs of these that were liked.
    """

    hits: float
    worth: float
    possible: float
    by_chance: float
    repeats: int
    artists: int
    distance: float
    nearest: float
    new_artists: float
    found: int


class Simulation:
    """A catalogue in which listeners get lists and answer."""

    def __init__(self, catalogue: Catalogue, *, n: int, model: str = BLEND) -> None:
        """Begin with lists of ``n`` songs and a way of learning (``taste.learn``)."""
        self._catalogue = catalogue
        self._n = n
        self.songs = catalogue.table(range(len(catalogue)))
        self._model = model
        credited = text_of(self.songs, ARTISTS)
        self._artists = [tuple(map(fold, names.split(ARTIST_SEPARATOR))) for names in credited]
        self._points = points(self.songs)
        clean = clean_features(self.songs).assign(**{ARTISTS: credited})
        self._encoding = Encoding.of(clean)
        self._encoded = self._encoding.encode(clean)

    def weeks(self, subject: Subject, recipe: str, *, seed: int) -> Iterator[Listened]:
        """Make a list a week; every song of it is rated before the next one."""
        make, needs_model = RECIPES[recipe]
        labels = {int(row): bool(subject.liked[row]) for row in subject.rated[:BEFORE]}
        for week in range(WEEKS):
            p_like = self._scores(labels, seed) if needs_model else np.empty(0)
            moment = Moment(
                catalogue=self._catalogue,
                songs=self.songs,
                artists=self._artists,
                labels=labels,
                p_like=p_like,
                n=self._n,
                seed=1_000 * seed + week,
                truth=subject,
            )
            rows = make(moment)
            yield self._listened(rows, subject, labels)
            labels |= {int(row): bool(subject.liked[row]) for row in rows}

    def _scores(self, labels: Mapping[int, bool], seed: int) -> Floats:
        rows = np.array([*labels], dtype=np.intp)
        liked = np.array([*labels.values()], dtype=np.bool_)
        fitted = learn(self._model, Sampling.NONE, self._encoded.rows(rows), liked, seed=seed)
        return probabilities_of(fitted, self._encoded)

    def _listened(
        self, rows: NDArray[np.intp], who: Subject, labels: Mapping[int, bool]
    ) -> Listened:
        listed: list[int] = rows.tolist()
        rated = {self._artists[row][0] for row in labels}
        is_new = np.array([self._artists[row][0] not in rated for row in listed], dtype=np.bool_)
        left = np.sort(np.delete(who.p_like, [*labels]))
        apart = pdist(self._points[rows])
        return Listened(
            hits=float(who.liked[rows].mean()),
            worth=float(who.p_like[rows].mean()),
            possible=float(left[-len(rows) :].mean()),
            by_chance=float(left.mean()),
            repeats=len(rows) - len({*listed} - labels.keys()),
            artists=len({name for row in listed for name in self._artists[row]}),
            distance=float(apart.mean()),
            nearest=float(np.sort(squareform(apart), axis=1)[:, 1].mean()),
            new_artists=float(is_new.mean()),
            found=int((who.liked[rows] & is_new).sum()),
        )


def quality(simulation: Simulation, listeners: Sequence[Subject]) -> list[Row]:
    """Return a row for every recipe, over all listeners."""
    return [_row(simulation, listeners, recipe) for recipe in RECIPES]


def _row(simulation: Simulation, listeners: Sequence[Subject], recipe: str) -> Row:
    lists = [[*simulation.weeks(who, recipe, seed=number)] for number, who in enumerate(listeners)]
    every = [week for weeks in lists for week in weeks]
    quarters = {
        f"weeks_{first + 1}_{first + _QUARTER}": [
            week for weeks in lists for week in weeks[first : first + _QUARTER]
        ]
        for first in range(0, WEEKS, _QUARTER)
    }
    return {
        "recipe": recipe,
        "hits": float(np.mean([week.hits for week in every])),
        **{name: float(np.mean([week.hits for week in some])) for name, some in quarters.items()},
        **{f"way_{name}": _way(some) for name, some in quarters.items()},
        "repeats": sum(week.repeats for week in every),
        "artists_a_list": float(np.mean([week.artists for week in every])),
        "distance": float(np.mean([week.distance for week in every])),
        "nearest": float(np.mean([week.nearest for week in every])),
        "new_artists": float(np.mean([week.new_artists for week in every])),
        "found_a_list": float(np.mean([week.found for week in every])),
    }


def _way(lists: Sequence[Listened]) -> float:
    """Return how far lists got from chance, 0, to the best that was left for their listeners, 1.

    Hits alone do not tell learning: the better a recipe was before, the fewer good songs are left.
    """
    gained = sum(week.worth - week.by_chance for week in lists)
    return gained / sum(week.possible - week.by_chance for week in lists)
