"""Fill the places of a weekly list: familiar songs, exploring ones, and others that are new."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery.paths import smooth_path
from musicrec.discovery.week_candidates import Candidates
from musicrec.discovery.week_choice import ListInMaking, Pool, Song
from musicrec.discovery.week_exploring import Unexplored
from musicrec.discovery.week_heard import hashes_of_artists, is_liked
from musicrec.discovery.week_mix import Mix
from musicrec.discovery.week_request import Because, WeekPick
from musicrec.domain.features import ARTISTS
from musicrec.domain.identity import fold, track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_CHOICES: Final = (8, 60)
"""Songs to choose each one from, and the same where that was not enough."""
_FEWEST_CHOICES: Final = 240
"""Best songs that even a short list is chosen from: among fewer there is little variety."""
_MOST_OF_ARTIST: Final = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is to consist of.

    Attributes:
        n: Songs.
        n_familiar: Of these, by artists whom the listener likes.
        n_exploring: Of these, exploring; what is missing of both is made up by other new songs.
        genres: Wanted shares by genre.
        blocked: Artists never to be played, folded.
        variety: How much it counts that songs sound different; 1 is usual.
    """

    n: int
    n_familiar: int
    n_exploring: int
    genres: dict[str, float]
    blocked: frozenset[str]
    variety: float


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

    def promising(self, wish: Wish, choice: int) -> Rows:
        """Return places of the best candidates of every kind and wanted genre, ascending."""
        familiar = self._familiar[: choice * max(wish.n_familiar, 1)]
        strange = self.strange.places[: choice * wish.n_exploring]
        best, n_best = self._ranked, max(choice * wish.n, _FEWEST_CHOICES)
        by_genre = [
            best[self.songs.genres.among([genre])[best]][: choice * round(wish.n * share)]
            for genre, share in wish.genres.items()
            if round(wish.n * share)
        ]
        return np.unique(np.concatenate([familiar, strange, best[:n_best], *by_genre]))

    @property
    def _familiar(self) -> Rows:
        return self._ranked[self.songs.is_familiar[self._ranked]]

    @cached_property
    def _ranked(self) -> Rows:
        return self.songs.less_of_artists(self.scores, _MOST_OF_ARTIST)


class _Filled:
    """A list that was filled from the most promising candidates."""

    def __init__(self, draft: Draft, wish: Wish, choice: int) -> None:
        self._draft = draft
        self._blocked = wish.blocked
        self._known = frozenset(draft.known.tolist())
        self._artists: dict[int, tuple[str, ...]] = {}
        self._at = draft.promising(wish, choice)
        mix = Mix(wish.genres, wish.n)
        self._making = ListInMaking(self._pool(), mix, variety=wish.variety)
        self.kinds: dict[int, PickKind] = {}
        self._fill(wish)

    def in_order(self) -> list[WeekPick]:
        if not self.kinds:
            return []
        places = list(self.kinds)
        return [self._pick(places[step]) for step in smooth_path(self._making.points)]

    def _fill(self, wish: Wish) -> None:
        songs, strange = self._draft.songs, self._draft.strange
        scores = self._draft.scores[self._at]
        familiar = np.flatnonzero(songs.is_familiar[self._at])
        hoped = np.full(len(songs), -np.inf)
        hoped[strange.places] = strange.scores
        exploring = np.flatnonzero(hoped[self._at] > -np.inf)
        self._take(PickKind.FAMILIAR, familiar, scores, wish.n_familiar)
        self._take(PickKind.EXPLORING, exploring, hoped[self._at], wish.n_exploring)
        self._take(PickKind.NEW, np.arange(len(self._at)), scores, wish.n - len(self.kinds))

    def _take(self, kind: PickKind, places: Rows, scores: Floats, most: int) -> None:
        taken = self._making.take(
            places,
            scores[places],
            most,
            partial(self._read, kind),
            in_mix=kind is not PickKind.EXPLORING,
        )
        self.kinds.update(dict.fromkeys(taken, kind))

    def _pool(self) -> Pool:
        songs = self._draft.songs
        genres = [songs.genres[place] for place in self._at.tolist()]
        return Pool(songs.points(self._at)[0], genres, songs.artists[self._at])

    def _read(self, kind: PickKind, place: int) -> Song | None:
        """Read a song; None where it is known by another id, or unfit for one of its artists."""
        title, artists = self._draft.catalogue.credit(self._row(place))
        self._artists[place] = artists
        heard = self._draft.songs.heard
        song = Song(
            track_id_of(title, artists[0] if artists else ""), frozenset(map(fold, artists))
        )
        same = self._draft.catalogue.all_rows_of([TrackId(song.recording)]).tolist()
        is_known = song.recording in heard.ids or not self._known.isdisjoint(same)
        fits = kind is not PickKind.EXPLORING or heard.artists.keys().isdisjoint(
            hashes_of_artists(song.artists)
        )
        return song if fits and not is_known and self._blocked.isdisjoint(song.artists) else None

    def _row(self, place: int) -> int:
        return int(self._draft.songs.rows[self._at[place]])

    def _pick(self, place: int) -> WeekPick:
        songs, at = self._draft.songs, int(self._at[place])
        p_like, kind = float(songs.p_like[at]), self.kinds[place]
        because: Because | None = None
        if kind is PickKind.EXPLORING:
            because = self._draft.strange.because(songs, at)
        elif songs.is_familiar[at]:
            because = self._liked_artist(place)
        known = None if np.isnan(p_like) else p_like
        return WeekPick(self._row(place), known, kind, because)

    def _liked_artist(self, place: int) -> Because:
        by = self._draft.songs.heard.by
        best = max(self._artists[place], key=lambda name: (is_liked(by(name)), by(name).likes))
        return Because(ARTISTS, best, by(best).likes, by(best).songs)
