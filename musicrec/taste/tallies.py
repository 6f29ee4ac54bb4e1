"""How many songs of an artist or a genre a listener rated, and how many of them they liked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd

from musicrec.domain.features import GENRE
from musicrec.taste.columns import text_of
from musicrec.taste.credits import credits_of
from musicrec.taste.encode import Labels


@dataclass(frozen=True, slots=True)
class Tally:
    """Rated songs of one kind; there is at least one."""

    likes: int
    songs: int

    def agrees(self, push: float) -> bool:
        """Tell whether most of the songs were judged as the push goes."""
        return (2 * self.likes - self.songs) * push > 0


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts over the songs that a model learned from.

    Attributes:
        artists: By artist key; a song counts for everybody credited on it.
        genres: By cleaned genre.
    """

    artists: Mapping[str, Tally]
    genres: Mapping[str, Tally]

    @classmethod
    def of(cls, songs: pd.DataFrame, liked: Labels) -> Self:
        """Count cleaned training songs and their labels, shape ``(n_songs,)``."""
        verdicts = liked.tolist()
        artists = (
            (key, like)
            for keys, like in zip(credits_of(songs), verdicts, strict=True)
            for key in keys
        )
        genres = zip(text_of(songs, GENRE), verdicts, strict=True)
        return cls(_count(artists), _count((genre, like) for genre, like in genres if genre))

    def genre_words(self, genre: str, push: float) -> str:
        """Say what a genre speaks for: with its count, where that says the same."""
        tally = self.genres.get(genre)
        if tally is None or not tally.agrees(push):
            return f"it is {genre}"
        return f"it is {genre}, of which you liked {tally.likes} of {tally.songs}"

    def artist_words(self, key: str, whose: str, push: float) -> str:
        """Say what an artist speaks for: by the count, where that says the same.

        Where it does not, the model still found that the songs are liked more or less than
        similar ones, which is what its offsets mean.

        Args:
            key: Of the artist.
            whose: ``"by this artist"`` or ``"with Somebody"``.
            push: Towards a like where positive.
        """
        tally = self.artists.get(key)
        if tally is None or not tally.agrees(push):
            return f"you like songs {whose} {'more' if push > 0 else 'less'} than similar ones"
        return f"you liked {tally.likes} of {tally.songs} {whose}"

    def to_json(self) -> dict[str, dict[str, list[int]]]:
        """Return plain dicts; ``from_json`` reverses it."""
        return {"artists": _plain(self.artists), "genres": _plain(self.genres)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild from ``to_json``; without data nothing was counted.

        Raises:
            TypeError, ValueError, AttributeError: The data is something else.
        """
        return cls(_read(data.get("artists", {})), _read(data.get("genres", {})))


def _count(verdicts: Iterable[tuple[str, bool]]) -> dict[str, Tally]:
    counted = Counter(verdicts)
    names = sorted({name for name, _ in counted})
    return {
        name: Tally(counted[name, True], counted[name, True] + counted[name, False])
        for name in names
    }


def _plain(tallies: Mapping[str, Tally]) -> dict[str, list[int]]:
    return {name: [tally.likes, tally.songs] for name, tally in tallies.items()}


def _read(data: Mapping[str, Any]) -> dict[str, Tally]:
    tallies = {str(name): Tally(int(likes), int(songs)) for name, (likes, songs) in data.items()}
    if not all(0 <= tally.likes <= tally.songs > 0 for tally in tallies.values()):
        msg = "impossible count"
        raise ValueError(msg)
    return tallies
