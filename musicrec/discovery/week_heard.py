"""What a listener has rated, as far as a weekly list asks about it; no text is read for it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.catalogue.store.ids import hashes_of
from musicrec.discovery.week_request import WeekRequest
from musicrec.domain.features import ARTISTS, COUNTRY, GENRE, LIKED, TITLE, TRACK_ID
from musicrec.domain.genres import genre_key
from musicrec.domain.identity import fold, track_id_of
from musicrec.domain.ids import TrackId
from musicrec.taste.columns import ARTIST_SEPARATOR, main_artists, text_of
from musicrec.taste.tallies import Tally

K = TypeVar("K", bound=Hashable)

_SHARE_HARDLY: Final = 0.02
_MOST_HARDLY: Final = 2
_NONE: Final = Tally(0, 0)


@dataclass(frozen=True, eq=False)
class Heard:
    """Labelled songs, and how often which artists, genres and countries are among them.

    Attributes:
        songs: Their features.
        ids: Every id of them that is known.
        artists: By hash (``Catalogue.artist_hashes``); a song counts for everybody on it.
        genres: By ``genre_key``.
        countries: By case-folded country.
    """

    songs: pd.DataFrame
    ids: frozenset[TrackId]
    artists: Mapping[int, Tally]
    genres: Mapping[str, Tally]
    countries: Mapping[str, Tally]

    @classmethod
    def of(cls, catalogue: Catalogue, request: WeekRequest) -> Self:
        """Look up what is known about the labelled songs."""
        ids = frozenset(request.history)
        if request.heard is not None:
            table = request.heard
            liked = table[LIKED].to_numpy(dtype=np.bool_)
            credited = [hashes_of_artists(names) for names in _credits(table)]
            return cls._counted(table, ids | _ids_of(table), credited, liked.tolist())
        rows = {catalogue.row_of(track_id): liked for track_id, liked in request.history.items()}
        known = {row: liked for row, liked in rows.items() if row is not None}
        keys = catalogue.artist_keys([*known])
        return cls._counted(catalogue.features([*known]), ids, keys, [*known.values()])

    @classmethod
    def _counted(
        cls,
        songs: pd.DataFrame,
        ids: frozenset[TrackId],
        artists: Sequence[Iterable[int]],
        liked: Sequence[bool],
    ) -> Self:
        genres = ([genre_key(genre)] if genre else [] for genre in text_of(songs, GENRE))
        countries = ([name.casefold()] if name else [] for name in text_of(songs, COUNTRY))
        return cls(
            songs,
            ids,
            _tallies(artists, liked),
            _tallies(genres, liked),
            _tallies(countries, liked),
        )

    @property
    def hardly(self) -> int:
        """Rated songs up to which a genre or country is hardly rated."""
        return max(_MOST_HARDLY, int(_SHARE_HARDLY * len(self.songs)))

    def by(self, artist: str) -> Tally:
        """Return the rated songs by an artist."""
        return self.artists.get(hashes_of_artists([artist])[0], _NONE)

    @property
    def liked_artists(self) -> frozenset[int]:
        """Hashes of artists of whose rated songs most are liked."""
        return frozenset(key for key, tally in self.artists.items() if is_liked(tally))


def is_liked(tally: Tally) -> bool:
    """Say whether most of the songs are liked."""
    return 2 * tally.likes > tally.songs


def hashes_of_artists(names: Iterable[str]) -> list[int]:
    """Return hashes of artists as a catalogue has them (``Catalogue.artist_hashes``)."""
    hashes: list[int] = (hashes_of(map(fold, names)) & np.uint64(0xFFFFFFFF)).tolist()
    return hashes


def as_hashes(keys: Iterable[int]) -> NDArray[np.uint32]:
    """Return hashes as an array."""
    return np.array(sorted(keys), dtype=np.uint32)


def _tallies(names: Iterable[Iterable[K]], liked: Sequence[bool]) -> dict[K, Tally]:
    counts: defaultdict[K, list[int]] = defaultdict(lambda: [0, 0])
    for own, like in zip(names, liked, strict=True):
        for name in dict.fromkeys(own):
            counts[name][0] += like
            counts[name][1] += 1
    return {name: Tally(likes, songs) for name, (likes, songs) in counts.items()}


def _credits(songs: pd.DataFrame) -> list[list[str]]:
    every = (names.split(ARTIST_SEPARATOR) for names in text_of(songs, ARTISTS))
    return [[name for name in names if name.strip()] for names in every]


def _ids_of(songs: pd.DataFrame) -> frozenset[TrackId]:
    named = zip(text_of(songs, TITLE), main_artists(songs), strict=True)
    made = (track_id_of(title, artist) for title, artist in named if title)
    own = (TrackId(track_id) for track_id in text_of(songs, TRACK_ID) if track_id)
    return frozenset((*made, *own))
