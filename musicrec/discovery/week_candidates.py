"""The songs that a weekly list may be made of, without reading any text."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

from musicrec.catalogue import Catalogue
from musicrec.discovery.sounds import AXES, points
from musicrec.discovery.week_heard import Heard, as_hashes, hashes_of_artists
from musicrec.discovery.week_request import WeekRequest
from musicrec.discovery.week_words import Words, turns
from musicrec.domain.features import COUNTRY, GENRE
from musicrec.domain.genres import genre_key

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Hashes = NDArray[np.uint32]
Rows = NDArray[np.intp]

_MOST: Final = 10_000
"""Songs looked at, the best ones; drawing among more takes longer and finds the same."""
_MOST_COMPARED: Final = 300
"""Rated songs that stand for all, where a sound is compared with theirs."""
_SOUND: Final = [*AXES, "key", "mode"]
_SUREST: Final = 0.005
"""Probabilities nearer to 0 or 1 are not believed to differ."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Songs that were neither rated nor shown lately, by artists who are not blocked; best first.

    Attributes:
        rows: Of the catalogue.
        p_like: Of each; NaN in a starter week.
        features: As models see the songs, but for their artists.
        is_new: Which are by artists none of whom was rated.
        is_familiar: Which are by an artist who is liked, and by none who was rated and is not.
        artists: Hashes of the first two of each, 0 where there is none.
        heard: What the listener has rated.
    """

    rows: Rows
    p_like: Floats
    features: pd.DataFrame
    is_new: Bools
    is_familiar: Bools
    artists: Hashes
    heard: Heard

    @classmethod
    def of(cls, catalogue: Catalogue, request: WeekRequest, heard: Heard, known: Rows) -> Self:
        """Choose the best songs of a request that may be picked.

        Args:
            catalogue: Where.
            request: Ranks.
            heard: What the listener has rated.
            known: Rows that were rated or shown lately.
        """
        rows = request.rows.astype(np.intp)
        p_like = (
            request.p_like.astype(np.float64) if len(request.p_like) else np.full(len(rows), np.nan)
        )
        artists = catalogue.credits(rows[: _MOST + len(known)])
        rows, p_like = rows[: len(artists)], p_like[: len(artists)]
        blocked = _any_in(artists, as_hashes(hashes_of_artists(request.blocked)))
        free = np.flatnonzero(~blocked & ~np.isin(rows, known))[:_MOST]
        rows, p_like, artists = rows[free], p_like[free], artists[free]
        liked = _any_in(artists, as_hashes(heard.liked_artists))
        others = _any_in(artists, as_hashes(heard.artists.keys() - heard.liked_artists))
        return cls(
            rows=rows,
            p_like=p_like,
            features=catalogue.features(rows),
            is_new=~liked & ~others,
            is_familiar=liked & ~others,
            artists=artists,
            heard=heard,
        )

    def __len__(self) -> int:
        """Number of songs."""
        return len(self.rows)

    @property
    def log_odds(self) -> Floats:
        """Of a like."""
        return logit(np.clip(self.p_like, _SUREST, 1 - _SUREST))

    @cached_property
    def genres(self) -> Words:
        """By their keys: names of the same genre are one."""
        return Words.of(self.features[GENRE], genre_key)

    @cached_property
    def countries(self) -> Words:
        """Case-folded."""
        return Words.of(self.features[COUNTRY])

    def points(self, places: Rows) -> tuple[Floats, Floats]:
        """Return how some of the songs, and how the rated ones, sound, in one space."""
        own = {name: self.features[name].to_numpy()[places] for name in _SOUND}
        both = {name: np.concatenate([own[name], self._heard[name]]) for name in _SOUND}
        every = points(pd.DataFrame(both))
        return every[: len(places)], every[len(places) :]

    @cached_property
    def _heard(self) -> dict[str, Floats]:
        songs = self.heard.songs.iloc[:: -(-len(self.heard.songs) // _MOST_COMPARED) or 1]
        unknown = np.full(len(songs), np.nan)
        return {
            name: songs[name].to_numpy(dtype=np.float64, na_value=np.nan)
            if name in songs
            else unknown
            for name in _SOUND
        }

    def less_of_artists(self, scores: Floats, most: int) -> Rows:
        """Return places, highest score first, at most so many of any main artist."""
        order = np.argsort(-scores, kind="stable")
        artists = self.artists[order, 0]
        return order[(turns(artists) < most) | (artists == 0)]


def _any_in(artists: Hashes, some: Hashes) -> Bools:
    """Say which songs have one of some artists."""
    return np.asarray(np.isin(artists, some).any(axis=1), dtype=np.bool_)
