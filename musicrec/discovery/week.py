"""A listener's list of one week: drawn from the best of a ranking, by rules.

Two songs of thirty are by artists whom the listener likes, some explore, the others are new to the
listener, rather by artists who are new, too. Equal catalogues, requests and seeds give equal lists,
in any process.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery.week_candidates import Candidates
from musicrec.discovery.week_draft import Draft, Wish
from musicrec.discovery.week_exploring import Unexplored, unexplored
from musicrec.discovery.week_heard import Heard
from musicrec.discovery.week_mix import shares_of_likes
from musicrec.discovery.week_request import Because, WeekPick, WeekRequest
from musicrec.discovery.week_words import Words, turns
from musicrec.domain.week import PickKind
from musicrec.domain.week_kinds import songs_of_kinds
from musicrec.domain.weekly_plan import USUAL_ADVENTURE

__all__ = ["WEEKS_APART", "Because", "WeekPick", "WeekRequest", "compose", "starter"]

Rows = NDArray[np.intp]

WEEKS_APART: Final = 26
"""Weeks before a song may be shown again."""

_TEMPERATURE: Final = 0.06
"""Spread of the chance that is added to log odds: songs are drawn by the odds of a like to the
power of its inverse. Source: Kool et al. (2019), "Stochastic Beams and Where to Find Them"."""
_NEW_ARTIST: Final = 0.15
"""Log odds by which a song of artists none of whom was rated comes before others, as usual."""
_WELL_KNOWN: Final = 5_000
"""Most popular songs that a starter week is made of."""
_MOST_GENRES: Final = 12
"""Genres of a starter week, those with most well-known songs."""


def compose(catalogue: Catalogue, request: WeekRequest) -> list[WeekPick]:
    """Compose a list from a listener's ranking.

    Args:
        catalogue: Of the ranking's rows.
        request: What is known and wanted.

    Returns:
        Up to ``request.n`` songs in the order to listen; fewer where not so many fit the rules.
    """
    heard = Heard.of(catalogue, request)
    known = _known(catalogue, request, heard)
    songs = Candidates.of(catalogue, request, heard, known)
    rng = np.random.default_rng(request.seed)
    chance = _TEMPERATURE * rng.gumbel(size=len(songs))
    daring = request.adventure / USUAL_ADVENTURE
    scores = songs.log_odds + daring * _NEW_ARTIST * songs.is_new + chance
    wish = _wish(request, shares_of_likes(heard.genres), request.adventure, variety=daring)
    return Draft(catalogue, songs, scores, unexplored(songs, scores), known).picks(wish)


def starter(catalogue: Catalogue, request: WeekRequest) -> list[WeekPick]:
    """Compose a list of well-known songs of many genres, for a listener without a model.

    Genres of which something is liked count double.

    Args:
        catalogue: Where.
        request: What is known and wanted; its ranking is not looked at.

    Returns:
        As ``compose``, but probabilities are None, and nothing explores.
    """
    heard = Heard.of(catalogue, request)
    known = _known(catalogue, request, heard)
    well_known = WeekRequest(rows=catalogue.well_known[:_WELL_KNOWN], blocked=request.blocked)
    songs = Candidates.of(catalogue, well_known, heard, known)
    rng = np.random.default_rng(request.seed)
    scores = rng.gumbel(size=len(songs)) - 2 * np.log1p(turns(songs.genres.codes))
    wish = _wish(request, _many_genres(songs.genres, heard), 0.0, variety=1.0)
    return Draft(catalogue, songs, scores, Unexplored.nothing(), known).picks(wish)


def _known(catalogue: Catalogue, request: WeekRequest, heard: Heard) -> Rows:
    """Return the rows of songs that were rated, or shown lately."""
    return np.unique(catalogue.all_rows_of(heard.ids | frozenset(request.shown)))


def _wish(
    request: WeekRequest, genres: dict[str, float], adventure: float, *, variety: float
) -> Wish:
    kinds = songs_of_kinds(request.n, adventure)
    return Wish(
        n=request.n,
        n_familiar=kinds[PickKind.FAMILIAR],
        n_exploring=kinds[PickKind.EXPLORING],
        genres=genres,
        blocked=frozenset(request.blocked),
        variety=variety,
    )


def _many_genres(genres: Words, heard: Heard) -> dict[str, float]:
    liked = shares_of_likes(heard.genres)
    counts = np.bincount(genres.codes, minlength=len(genres.names))[:-1]
    most: list[int] = np.argsort(-counts, kind="stable")[:_MOST_GENRES].tolist()
    weights = {genres.names[place]: 1.0 + (genres.names[place] in liked) for place in most}
    return {genre: weight / sum(weights.values()) for genre, weight in weights.items()}
