"""Songs that a listener's ratings say little about, and that may be liked all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from musicrec.discovery.week_candidates import Candidates
from musicrec.discovery.week_request import Because
from musicrec.discovery.week_words import Words, turns
from musicrec.domain.features import COUNTRY, GENRE
from musicrec.taste.tallies import Tally

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_OF_ALL: Final = 0.5
"""The better part of what was ranked, in which one may hope."""
_MOST_COMPARED: Final = 1_000
_NEW_PLACE: Final = 1.5
"""Log odds by which a song of a hardly rated genre or country comes before others."""
_MOST_OF_PLACE: Final = 2
"""Songs of one of them."""
_FAR: Final = 0.25
"""Share of the songs compared that sound least like any rated one."""
_FEWEST_COUNTRIES: Final = 10
"""Rated songs of known country, below which nobody can say which country would be new."""


@dataclass(frozen=True, eq=False, slots=True)
class Unexplored:
    """Candidates to explore.

    Attributes:
        places: Of the candidates, the most promising first.
        scores: Of these, shape of ``places``.
        genres: Keys of genres that are hardly rated.
        countries: Countries that are.
    """

    places: Rows
    scores: Floats
    genres: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    @classmethod
    def nothing(cls) -> Self:
        """Return no candidates."""
        return cls(np.empty(0, dtype=np.intp), np.empty(0))

    def because(self, songs: Candidates, place: int) -> Because:
        """Say what is new about a song: its genre, else its country, else how it sounds."""
        genre, country = songs.genres[place], songs.countries[place]
        if genre in self.genres:
            return _place(songs, place, GENRE, songs.heard.genres.get(genre))
        if country in self.countries:
            return _place(songs, place, COUNTRY, songs.heard.countries.get(country))
        return Because("")


def unexplored(songs: Candidates, scores: Floats) -> Unexplored:
    """Find songs of hardly rated genres or countries, and some that sound like none rated.

    Args:
        songs: To choose among.
        scores: In log odds, drawn by chance around the model's, shape ``(n_songs,)``.
    """
    genres, countries = _new_genres(songs), _new_countries(songs)
    new_genre, new_country = songs.genres.among(genres), songs.countries.among(countries)
    hoped = songs.is_new & (np.arange(len(songs)) < np.ceil(_OF_ALL * len(songs)))
    wish = np.where(hoped, scores + _NEW_PLACE * (new_genre | new_country), -np.inf)
    order = songs.less_of_artists(wish, 1)
    where = np.where(new_genre, songs.genres.codes, -1 - songs.countries.codes)[order]
    is_place = (new_genre | new_country)[order]
    few = ~is_place | (turns(where) < _MOST_OF_PLACE)
    order = order[few & (wish[order] > -np.inf)][:_MOST_COMPARED]
    places = order[new_genre[order] | new_country[order] | _far(songs, order)]
    return Unexplored(places, wish[places], genres, countries)


def _new_genres(songs: Candidates) -> frozenset[str]:
    return _hardly(songs, songs.genres, songs.heard.genres)


def _new_countries(songs: Candidates) -> frozenset[str]:
    rated = songs.heard.countries
    known = sum(tally.songs for tally in rated.values()) >= _FEWEST_COUNTRIES
    return _hardly(songs, songs.countries, rated) if known else frozenset()


def _hardly(songs: Candidates, words: Words, rated: Mapping[str, Tally]) -> frozenset[str]:
    """Return the names that are known and hardly rated."""
    often = {name for name, tally in rated.items() if tally.songs > songs.heard.hardly}
    return frozenset(words.names) - often - {""}


def _place(songs: Candidates, place: int, about: str, tally: Tally | None) -> Because:
    name = str(songs.features[about].iloc[place])
    return Because(about, name, tally.likes, tally.songs) if tally else Because(about, name)


def _far(songs: Candidates, places: Rows) -> Bools:
    own, heard = songs.points(places)
    if not len(own) or not len(heard):
        return np.zeros(len(places), dtype=np.bool_)
    nearest = cdist(own, heard).min(axis=1)
    return nearest >= np.quantile(nearest, 1 - _FAR)
