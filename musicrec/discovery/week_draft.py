"""Fill the places of a weekly list: familiar songs, exploring ones, and those by new artists."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery.paths import smooth_path
from musicrec.discovery.week_candidates import Candidates
from musicrec.discovery.week_choice import ListInMaking, Pool
from musicrec.discovery.week_exploring import Unexplored
from musicrec.discovery.week_mix import Mix
from musicrec.discovery.week_request import Because, WeekPick
from musicrec.domain.features import ARTISTS
from musicrec.domain.identity import fold, track_id_of
from musicrec.domain.track import Track
from musicrec.domain.week import PickKind

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_CHOICES: Final = (8, 60)
"""Songs to choose each one from, and the same where that was not enough."""
_MOST_OF_ARTIST: Final = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is to consist of.

    Attributes:
        n: Songs.
        n_familiar: Of these, by artists whom the listener likes.
        n_exploring: Of these, exploring; what is missing of both is made up by new artists.
        genres: Wanted shares by genre.
        blocked: Artists never to be played, folded.
    """

    n: int
    n_familiar: int
    n_exploring: int
    genres: dict[str, float]
    blocked: frozenset[str]


@dataclass(frozen=True, eq=False)
class Draft:
    """Everything that a list is drafted from.

    Attributes:
        catalogue: Of the candidates.
        songs: Candidates.
        scores: Of each; higher is better.
        strange: Those to explore.
        known: Rows that were rated or shown lately.
    """

    catalogue: Catalogue
    songs: Candidates
    scores: Floats
    strange: Unexplored
    known: Rows

    def picks(self, wish: Wish) -> list[WeekPick]:
        """Fill a list, and order it to listen through, a familiar song first."""
        filled = _Filled(self, wish, _CHOICES[0])
        if len(filled.kinds) < wish.n:
            filled = _Filled(self, wish, _CHOICES[1])
        return filled.in_order()

    def read(self, wish: Wish, choice: int) -> "_Read":
        """Read the texts of the most promising candidates of every kind."""
        familiar = self._best(self.songs.is_familiar)[: choice * max(wish.n_familiar, 1)]
        strange = self.strange.places[: choice * wish.n_exploring]
        new = self._best(self.songs.is_new)
        genres = self.songs.genres
        by_genre = [
            new[genres.among([genre])[new]][: choice * round(wish.n * share)]
            for genre, share in wish.genres.items()
            if round(wish.n * share)
        ]
        places = np.unique(np.concatenate([familiar, strange, new[: choice * wish.n], *by_genre]))
        return _Read(places, self.catalogue.tracks(self.songs.rows[places]))

    def _best(self, wanted: NDArray[np.bool_]) -> Rows:
        places = self.songs.less_of_artists(self.scores, _MOST_OF_ARTIST)
        return places[wanted[places]]


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """Places of candidates, ascending, with their songs."""

    places: Rows
    tracks: list[Track]

    def where(self, places: Rows) -> Rows:
        """Return where places are among those that were read; others are left out."""
        found = np.minimum(np.searchsorted(self.places, places), len(self.places) - 1)
        return found[self.places[found] == places] if len(self.places) else places[:0]


class _Filled:
    """A list that was filled from the candidates whose texts were read."""

    def __init__(self, draft: Draft, wish: Wish, choice: int) -> None:
        self._draft = draft
        self._read = draft.read(wish, choice)
        self._credits = [frozenset(map(fold, track.artists)) for track in self._read.tracks]
        self._blocked = wish.blocked
        self._known = frozenset(draft.known.tolist())
        self.kinds: dict[int, PickKind] = {}
        self._making = ListInMaking(self._pool(), Mix(wish.genres, wish.n), self._recording)
        self._fill(wish)

    def in_order(self) -> list[WeekPick]:
        if not self.kinds:
            return []
        places = list(self.kinds)
        return [self._pick(places[step]) for step in smooth_path(self._making.points)]

    def _fill(self, wish: Wish) -> None:
        songs, strange = self._draft.songs, self._draft.strange
        rated = songs.heard.tallies.artists.keys()
        is_new = np.array([rated.isdisjoint(credit) for credit in self._credits], dtype=np.bool_)
        is_new &= songs.is_new[self._read.places]
        familiar = np.flatnonzero(songs.is_familiar[self._read.places])
        scores = self._draft.scores[self._read.places]
        hoped = np.full(len(scores), -np.inf)
        is_read = np.isin(strange.places, self._read.places)
        hoped[self._read.where(strange.places)] = strange.scores[is_read]
        exploring = np.flatnonzero(is_new & (hoped > -np.inf))
        self._take(PickKind.FAMILIAR, familiar, scores, wish.n_familiar)
        self._take(PickKind.EXPLORING, exploring, hoped, wish.n_exploring)
        self._take(PickKind.NEW, np.flatnonzero(is_new), scores, wish.n - len(self.kinds))
        self._take(PickKind.FAMILIAR, familiar, scores, wish.n - len(self.kinds))

    def _take(self, kind: PickKind, places: Rows, scores: Floats, most: int) -> None:
        in_mix = kind is not PickKind.EXPLORING
        taken = self._making.take(places, scores[places], most, in_mix=in_mix)
        self.kinds.update(dict.fromkeys(taken, kind))

    def _pool(self) -> Pool:
        songs, places = self._draft.songs, self._read.places
        return Pool(
            points=songs.points(places)[0],
            genres=[songs.genres[place] for place in places.tolist()],
            artists=self._credits,
        )

    def _recording(self, place: int) -> str | None:
        """Name a song's recording; None where somebody is blocked, or it is known by another id."""
        track = self._read.tracks[place]
        made = track_id_of(track.title, track.main_artist)
        same = self._draft.catalogue.all_rows_of([made]).tolist()
        is_free = (
            self._blocked.isdisjoint(self._credits[place])
            and made not in self._draft.songs.heard.ids
            and self._known.isdisjoint(same)
        )
        return made if is_free else None

    def _pick(self, place: int) -> WeekPick:
        songs, at = self._draft.songs, int(self._read.places[place])
        p_like, kind = float(songs.p_like[at]), self.kinds[place]
        because: Because | None = None
        if kind is PickKind.FAMILIAR:
            because = self._liked_artist(place)
        elif kind is PickKind.EXPLORING:
            because = self._draft.strange.because(songs, at)
        known = None if np.isnan(p_like) else p_like
        return WeekPick(int(songs.rows[at]), known, kind, because)

    def _liked_artist(self, place: int) -> Because:
        heard = self._draft.songs.heard
        names = [name for name in self._read.tracks[place].artists if heard.is_liked(fold(name))]
        tallies = heard.tallies.artists
        best = max(names, key=lambda name: tallies[fold(name)].likes)
        tally = tallies[fold(best)]
        return Because(ARTISTS, best, tally.likes, tally.songs)
