"""How far one tap moves the log odds of songs, by its kind.

The formulas and their constants are ours. Each is one smooth step or hill, never beyond ``EACH``;
what a song or the corrected song does not have moves nothing. ``benchmarks/bench_corrections.py``
measures what they are worth.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from musicrec.catalogue.recording_keys import main_artists
from musicrec.catalogue.store.writer import artist_hashes
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.domain.features import ARTISTS, GENRE
from musicrec.domain.identity import fold

Floats: TypeAlias = NDArray[np.float64]
Usual: TypeAlias = Mapping[str, tuple[float, float]]
"""Mean and standard deviation of every feature over the catalogue."""

MAIN_ARTIST: Final = "main_artist_key"
"""A column that song tables may have in place of the artists' names: hashes of the first one."""

_FAST, _SLOW = CorrectionKind.TOO_FAST, CorrectionKind.TOO_SLOW
_LOUD, _CALM = CorrectionKind.TOO_LOUD, CorrectionKind.TOO_CALM
_GENRE, _MORE = CorrectionKind.NOT_THIS_GENRE, CorrectionKind.MORE_LIKE_THIS

EACH: Final[Mapping[CorrectionKind, float]] = MappingProxyType(
    {_FAST: 0.5, _SLOW: 0.5, _LOUD: 0.5, _CALM: 0.5, _GENRE: 0.7, _MORE: 0.5}
)
"""Log odds that one tap moves at most; 0.5 are 12 points of a song at 50 %."""

MOST_OF_A_KIND: Final[Mapping[CorrectionKind, float]] = MappingProxyType(
    {_FAST: 1.0, _SLOW: 1.0, _LOUD: 1.0, _CALM: 1.0, _GENRE: 1.5, _MORE: 1.0}
)
"""Log odds that all taps of one kind together move at most."""

_PACE: Final = ("tempo_bpm",)
_FORCE: Final = ("loudness_db", "energy")
_SCALES: Final[Mapping[CorrectionKind, tuple[tuple[str, ...], float]]] = MappingProxyType(
    {_FAST: (_PACE, 1.0), _SLOW: (_PACE, -1.0), _LOUD: (_FORCE, 1.0), _CALM: (_FORCE, -1.0)}
)
"""Features on whose mean a kind says "too much" (1) or "too little" (-1)."""

_SOUND: Final = (
    *("danceability", "energy", "loudness_db", "speechiness", "acousticness"),
    *("instrumentalness", "liveness", "valence", "tempo_bpm"),
)

COLUMNS: Final[Mapping[CorrectionKind, tuple[str, ...]]] = MappingProxyType(
    {
        **{kind: names for kind, (names, _) in _SCALES.items()},
        _GENRE: (GENRE,),
        _MORE: (GENRE, *_SOUND),
    }
)
"""Columns of a song table that a kind asks, but for the artist."""

_STEEPNESS: Final = 4.0
_MARGIN: Final = 0.5
"""The step lies half a standard deviation before the corrected song, which so loses 88 % of it."""
_WIDTH: Final = 0.5
"""Of the hill around a song, in standard deviations a feature: two random songs gain 2 %."""
_FEWEST: Final = 4
"""Features that both songs must have to sound alike."""
_SAME_GENRE, _SAME_ARTIST = 0.3, 0.6
"""Likeness of songs that share nothing else."""
_LIKES: Final = 5
"""So many likes in a genre halve what a tap against it does."""


def pulls(
    kind: CorrectionKind,
    taps: Sequence[Correction],
    songs: pd.DataFrame,
    usual: Usual,
    likes: Mapping[str, int],
) -> Floats:
    """Return how far each tap moves the log odds of each song, shape ``(n_taps, n_songs)``.

    Args:
        kind: Of all the taps.
        taps: What was said.
        songs: Song table.
        usual: Means and spreads.
        likes: The listener's likes by folded genre.
    """
    if kind in _SCALES:
        names, sign = _SCALES[kind]
        beyond = sign * (
            _height(songs, names, usual) - _height(_table(taps), names, usual)[:, None]
        )
        # Many taps share the bound, so that the loudest songs still lose more than loud ones.
        each = min(EACH[kind], MOST_OF_A_KIND[kind] / len(taps))
        return -each * np.nan_to_num(expit(_STEEPNESS * (beyond + _MARGIN)))
    if kind is _GENRE:
        liked = [likes.get(fold(tap.genre), 0) if tap.genre else 0 for tap in taps]
        weight = _LIKES / (_LIKES + np.array(liked, dtype=np.float64))
        return -EACH[kind] * weight[:, None] * _same_genre(taps, songs)
    return EACH[kind] * _likeness(taps, songs, usual)


def has_effect(correction: Correction, usual: Usual) -> bool:
    """Tell whether enough is known of the song for its correction to mean anything."""
    match correction.kind:
        case CorrectionKind.KNOWN_ALREADY:
            return True
        case CorrectionKind.NEVER_THIS_ARTIST:
            return bool(correction.artist)
        case CorrectionKind.NOT_THIS_GENRE:
            return bool(correction.genre)
        case CorrectionKind.MORE_LIKE_THIS:
            known = _heard(_table([correction]), usual)
            is_heard = np.isfinite(known).sum() >= _FEWEST
            return bool(is_heard or correction.genre or correction.artist)
        case _:
            names, _ = _SCALES[correction.kind]
            return bool(np.isfinite(_height(_table([correction]), names, usual)).all())


def _table(taps: Sequence[Correction]) -> pd.DataFrame:
    values = [[tap.features.get(name, np.nan) for name in _SOUND] for tap in taps]
    return pd.DataFrame(values, columns=list(_SOUND), dtype=np.float64)


def _standard(songs: pd.DataFrame, names: Sequence[str], usual: Usual) -> Floats:
    """Return features in standard deviations from the mean, shape ``(n_songs, n_names)``."""
    found = np.full((len(songs), len(names)), np.nan)
    for place, name in enumerate(names):
        mean, sd = usual.get(name, (0.0, 0.0))
        if name in songs and sd > 0:
            found[:, place] = (songs[name].to_numpy(dtype=np.float64) - mean) / sd
    return found


def _height(songs: pd.DataFrame, names: Sequence[str], usual: Usual) -> Floats:
    """Return the mean of the features that are known; NaN where none is."""
    values = _standard(songs, names, usual)
    n_known = np.isfinite(values).sum(axis=1)
    total = np.nan_to_num(values).sum(axis=1)
    return np.divide(total, n_known, out=np.full(len(songs), np.nan), where=n_known > 0)


def _heard(songs: pd.DataFrame, usual: Usual) -> Floats:
    return _standard(songs, _SOUND, usual)


def _same_genre(taps: Sequence[Correction], songs: pd.DataFrame) -> Floats:
    same = np.zeros((len(taps), len(songs)))
    if GENRE not in songs:
        return same
    codes, distinct = pd.factorize(songs[GENRE])
    folded = [fold(str(genre)) for genre in distinct]
    for place, tap in enumerate(taps):
        if tap.genre:
            wanted = fold(tap.genre)
            # Unknown genres have the code -1, which is the place of the False at the end.
            same[place] = np.array([*(genre == wanted for genre in folded), False])[codes]
    return same


def _same_artist(taps: Sequence[Correction], songs: pd.DataFrame) -> Floats:
    own = artist_hashes(pd.Series([tap.artist or "" for tap in taps], dtype="str"))
    if MAIN_ARTIST in songs:
        keys = songs[MAIN_ARTIST].to_numpy(dtype=np.uint32)
    elif ARTISTS in songs:
        keys = artist_hashes(main_artists(songs[ARTISTS]))
    else:
        return np.zeros((len(taps), len(songs)))
    return ((own[:, None] == keys) & (own[:, None] != 0)).astype(np.float64)


def _likeness(taps: Sequence[Correction], songs: pd.DataFrame, usual: Usual) -> Floats:
    """Return how alike songs are in [0, 1]: by sound, or by sharing genre or artist."""
    genre = _SAME_GENRE * _same_genre(taps, songs)
    artist = _SAME_ARTIST * _same_artist(taps, songs)
    return 1 - (1 - _sounds_alike(taps, songs, usual)) * (1 - genre) * (1 - artist)


def _sounds_alike(taps: Sequence[Correction], songs: pd.DataFrame, usual: Usual) -> Floats:
    """Return a Gaussian of the root mean squared difference over what both songs have."""
    own, others = _heard(_table(taps), usual), _heard(songs, usual)
    has, have = np.isfinite(own).astype(np.float64), np.isfinite(others).astype(np.float64)
    own, others = np.nan_to_num(own), np.nan_to_num(others)
    n_both = has @ have.T
    squares = own**2 @ have.T - 2 * own @ others.T + has @ (others**2).T
    mean = np.divide(squares, n_both, out=np.full(n_both.shape, np.inf), where=n_both >= _FEWEST)
    return np.exp(-np.maximum(mean, 0) / (2 * _WIDTH**2))
