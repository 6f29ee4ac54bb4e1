"""Why a model gives a song its probability, in words a listener understands.

Computed on log odds: near 0 and 1 probabilities hardly move, whatever the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from musicrec.domain.features import ARTISTS, GENRE
from musicrec.domain.reasons import Reason, Reasons
from musicrec.taste.columns import ARTIST_SEPARATOR, artist_key, text_of
from musicrec.taste.credits import Credits, credits_of
from musicrec.taste.encode import Floats, Rows
from musicrec.taste.tallies import Tallies
from musicrec.taste.typical import Typical

MIN_PUSH: Final = 0.05
"""What moves the log odds by less (1 % of probability around 0.5) is no reason."""

MOST_CREDITS: Final = 20
"""Further guests of a song are passed over; some compilations credit hundreds."""

_CHUNK: Final = 1000
_STRANGER: Final = ""
"""An artist key that nobody has."""

LogOdds = Callable[[pd.DataFrame, Credits], Floats]
"""From cleaned songs and their artists to log odds, shape ``(n_songs,)``."""


@dataclass(frozen=True, slots=True)
class _Removal:
    """One thing to be taken away from one song.

    Attributes:
        row: Of the song.
        about: Column of the song table.
        instead: What takes the thing's place: a number, no genre, or other credits.
        words: What to call it, from the push that it turns out to give.
        artist: Whose credit it is.
    """

    row: int
    about: str
    instead: Any
    words: Callable[[float], str]
    artist: str = ""


def explain(
    songs: pd.DataFrame, log_odds: LogOdds, typical: Typical, tallies: Tallies, *, most: int
) -> list[Reasons]:
    """Say for every song what pushes its probability up and what pushes it down.

    A push is the log odds of the song minus those without one thing: with the typical value in a
    feature's place, with no genre, or with a stranger in an artist's place. Unknown values are no
    reasons.

    Args:
        songs: From ``clean_features``, and beside it the artists' names where they are known.
        log_odds: The model; called once every 1,000 songs, with about 15 rows a song.
        typical: Of the songs that the model learned from.
        tallies: Of the same songs.
        most: Reasons a song and side at most.
    """
    explained: list[Reasons] = []
    for first in range(0, len(songs), _CHUNK):
        part = songs.iloc[first : first + _CHUNK]
        explained += _explain(part, log_odds, typical, tallies, most)
    return explained


def _explain(
    songs: pd.DataFrame, log_odds: LogOdds, typical: Typical, tallies: Tallies, most: int
) -> list[Reasons]:
    credits_ = credits_of(songs)
    removals = [
        *_features(songs, typical),
        *_genres(songs, tallies),
        *_artists(text_of(songs, ARTISTS), credits_, tallies),
    ]
    rows = np.array([*range(len(songs)), *(removal.row for removal in removals)], dtype=np.intp)
    found = log_odds(*_stacked(songs, credits_, rows, removals))
    pushes = found[rows[len(songs) :]] - found[len(songs) :]
    reasons: list[list[Reason]] = [[] for _ in range(len(songs))]
    for push, removal in zip(pushes.tolist(), removals, strict=True):
        if abs(push) >= MIN_PUSH:
            words = removal.words(push)
            reasons[removal.row].append(Reason(removal.about, words, push, removal.artist))
    return [_strongest(of_the_song, most) for of_the_song in reasons]


def _strongest(reasons: list[Reason], most: int) -> Reasons:
    ranked = sorted(reasons, key=lambda reason: -abs(reason.push))
    return Reasons(
        for_=tuple([reason for reason in ranked if reason.push > 0][:most]),
        against=tuple([reason for reason in ranked if reason.push < 0][:most]),
    )


def _features(songs: pd.DataFrame, typical: Typical) -> Iterator[_Removal]:
    for name, usual in typical.middle.items():
        values = songs[name].to_numpy() if name in songs else np.empty(0)
        for row in np.flatnonzero(~np.isnan(values) & (values != usual)).tolist():
            word = typical.word(name, float(values[row]))
            yield _Removal(row, name, usual, lambda _, word=word: word)


def _genres(songs: pd.DataFrame, tallies: Tallies) -> Iterator[_Removal]:
    for row, genre in enumerate(songs[GENRE].tolist() if GENRE in songs else []):
        if genre:
            yield _Removal(row, GENRE, "", partial(tallies.genre_words, genre))


def _artists(names: list[str], credits_: Credits, tallies: Tallies) -> Iterator[_Removal]:
    for row, keys in enumerate(credits_):
        spelt = _spellings(names[row])
        for place, key in enumerate(keys[:MOST_CREDITS]):
            others = (*keys[:place], _STRANGER, *keys[place + 1 :])
            whose = f"{'with' if place else 'by'} {spelt[key]}" if len(keys) > 1 else ""
            words = partial(tallies.artist_words, key, whose or "by this artist")
            yield _Removal(row, ARTISTS, others, words, spelt[key])


def _spellings(names: str) -> dict[str, str]:
    """Return every artist's name by key, as it is written first."""
    spelt = [name.strip() for name in names.split(ARTIST_SEPARATOR)]
    return {artist_key(name): name for name in reversed(spelt)}


def _stacked(
    songs: pd.DataFrame, credits_: Credits, rows: Rows, removals: Sequence[_Removal]
) -> tuple[pd.DataFrame, Credits]:
    """Return all songs, and below them the song of every removal without its thing."""
    columns: dict[str, Any] = {str(name): songs[name].to_numpy()[rows] for name in songs}
    columns[ARTISTS] = credits_[rows]
    for at, removal in enumerate(removals, start=len(songs)):
        columns[removal.about][at] = removal.instead
    credited = columns.pop(ARTISTS)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows))), credited
