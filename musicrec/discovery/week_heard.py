"""What a listener has rated, as far as a weekly list asks about it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.catalogue.store.writer import artist_hashes
from musicrec.discovery.week_request import WeekRequest
from musicrec.domain.features import ARTISTS, COUNTRY, LIKED, SONG_COLUMNS, TITLE, TRACK_ID
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import TrackId
from musicrec.taste.columns import clean_features, main_artists, text_of
from musicrec.taste.tallies import Tallies

_SHARE_HARDLY: Final = 0.02
_MOST_HARDLY: Final = 2


@dataclass(frozen=True, eq=False)
class Heard:
    """Labelled songs, and how often which artists, genres and countries are among them.

    Attributes:
        songs: Song table.
        liked: Shape ``(n_songs,)``.
        ids: Every id of these songs, those made of title and artist included.
        tallies: By artist and genre.
        countries: Songs by case-folded country.
    """

    songs: pd.DataFrame
    liked: NDArray[np.bool_]
    ids: frozenset[TrackId]
    tallies: Tallies
    countries: Mapping[str, int]

    @classmethod
    def of(cls, catalogue: Catalogue, request: WeekRequest) -> Self:
        """Look up what is known about the labelled songs."""
        songs = request.heard
        if songs is None:
            songs = _labelled(catalogue, request.history)
        liked = songs[LIKED].to_numpy(dtype=np.bool_)
        clean = clean_features(songs)
        clean[ARTISTS] = text_of(songs, ARTISTS)
        return cls(
            songs=songs,
            liked=liked,
            ids=frozenset(request.history) | _ids_of(songs),
            tallies=Tallies.of(clean, liked),
            countries=Counter(country.casefold() for country in text_of(songs, COUNTRY) if country),
        )

    @property
    def hardly(self) -> int:
        """Rated songs up to which a genre or country is hardly rated."""
        return max(_MOST_HARDLY, int(_SHARE_HARDLY * len(self.songs)))

    def is_liked(self, artist: str) -> bool:
        """Say whether most rated songs of an artist, by its folded name, are liked."""
        tally = self.tallies.artists.get(artist)
        return tally is not None and 2 * tally.likes > tally.songs

    @property
    def hashes(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Hashes of the artists who are liked, and of all others who were rated."""
        liked = [name for name in self.tallies.artists if self.is_liked(name)]
        others = [name for name in self.tallies.artists if not self.is_liked(name)]
        return hashes_of(liked), hashes_of(others)


def hashes_of(names: list[str]) -> NDArray[np.uint32]:
    """Return hashes of artists as a catalogue has them (``Catalogue.artist_hashes``)."""
    return artist_hashes(pd.Series(names, dtype="str"))


def _labelled(catalogue: Catalogue, history: Mapping[TrackId, bool]) -> pd.DataFrame:
    rows = {track_id: catalogue.row_of(track_id) for track_id in history}
    known = {row: history[track_id] for track_id, row in rows.items() if row is not None}
    table = catalogue.table(list(known)) if known else pd.DataFrame(columns=list(SONG_COLUMNS))
    return table.assign(**{LIKED: np.array([*known.values()], dtype=np.bool_)})


def _ids_of(songs: pd.DataFrame) -> frozenset[TrackId]:
    named = zip(text_of(songs, TITLE), main_artists(songs), strict=True)
    made = (track_id_of(title, artist) for title, artist in named if title)
    own = (TrackId(track_id) for track_id in text_of(songs, TRACK_ID) if track_id)
    return frozenset((*made, *own))
