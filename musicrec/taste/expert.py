"""Boosted trees on what the labels of an artist's other songs say, for songs of known artists.

An offset moves all songs of an artist alike. The expert sees the audio, the log odds from audio,
and how the artist's other labelled songs fared beside what audio had made expect, and learns when
to believe which. Of hints (``taste.hints``) only the records know, by their weight: the trees learn
from verdicts. It only moves songs whose artists are among the labelled ones, and only as far as
the number of songs that share an artist makes it trustworthy.
"""

# scipy leaves sparse products open, and parts of xgboost are untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, logit

from musicrec.taste.boosting import Trees, fit_expert_trees, p_like_of
from musicrec.taste.credits import Credits, Incidence, for_each, incidence
from musicrec.taste.encode import Encoded, Floats, Labels
from musicrec.taste.hints import Weights, amounts, inner_folds, verdict_rows

Record = tuple[float, float, float, float, float]
"""Weighted sums over an artist's labelled songs: how many, likes, likes beyond what audio made
expect, the variance of that, and log odds from audio."""

N_STATISTICS: Final = 8
_VARIANCES: Final = (1.0, 4.0, 16.0)
_MOST: Final = 0.6
_LEAST: Final = 0.1
"""A smaller weight is not worth the time."""

_HALF: Final = 250
_FEWEST: Final = 100
_STATISTICS_FOLDS: Final = 10
_FOLDS: Final = 3
_SUREST: Final = 1e-4


@dataclass(frozen=True, eq=False, slots=True)
class Expert:
    """A fitted expert.

    Attributes:
        trees: On the log odds from audio, the audio features, and 8 statistics of the artists.
        records: By artist key.
        rate: Share of likes among the verdicts.
        weight: How much it is believed, in [0, 1].
    """

    trees: Trees
    records: Mapping[str, Record]
    rate: float
    weight: float

    def moved(self, log_odds: Floats, audio: Floats, songs: Encoded) -> Floats:
        """Return log odds of the blend, drawn towards the expert's where an artist is known.

        Args:
            log_odds: With offsets, shape ``(n_songs,)``.
            audio: Without.
            songs: The songs.
        """
        known = for_each(lambda keys: not self.records.keys().isdisjoint(keys), songs.credits)
        rows = np.flatnonzero(known)
        if not len(rows):
            return log_odds
        sums = _sums_of(self.records, songs.credits[rows])
        own = _inputs(audio[rows], songs.features[rows], sums, self.rate)
        moved = log_odds.copy()
        moved[rows] += self.weight * (_log_odds(self.trees, own) - log_odds[rows])
        return moved


def fit_expert(
    audio: Floats,
    log_odds: Floats,
    songs: Encoded,
    liked: Labels,
    *,
    belief: float,
    seed: int,
    weights: Weights = None,
) -> tuple[Expert | None, Floats]:
    """Fit the expert where enough songs share an artist.

    Args:
        audio: Held-out log odds from audio, shape ``(n_songs,)``.
        log_odds: Held-out log odds with offsets.
        songs: Labelled songs.
        liked: Their labels.
        belief: How sure it is that artists matter, in [0, 1].
        seed: Decides folds and trees.
        weights: Of the labels.

    Returns:
        The expert, or None; and ``log_odds`` drawn towards an expert that had not learned the song.
    """
    artists = {key: row for row, key in enumerate(sorted({k for c in songs.credits for k in c}))}
    by_artist = incidence(songs.credits, artists)
    shares = _shares_artist(by_artist)
    verdicts = verdict_rows(weights, len(liked))
    weight = belief * _trust(int(shares[verdicts].sum()))
    if weight < _LEAST:
        return None, log_odds
    told = _told(audio, liked) * amounts(weights, len(liked))[:, None]
    rate = float(liked[verdicts].mean())
    sums = _cross_fitted(by_artist, told, liked, seed, weights)
    inputs = _inputs(audio, songs.features, sums, rate)[verdicts]
    left_out = log_odds.copy()
    for train, test in inner_folds(liked[verdicts], _FOLDS, seed=seed):
        trees = fit_expert_trees(inputs[train], liked[verdicts[train]], seed=seed)
        rows = verdicts[test]
        left_out[rows] += weight * (_log_odds(trees, inputs[test]) - log_odds[rows])
    records = dict(zip(artists, map(record_of, (by_artist.T @ told).tolist()), strict=True))
    expert = Expert(fit_expert_trees(inputs, liked[verdicts], seed=seed), records, rate, weight)
    return expert, np.where(shares, left_out, log_odds)


def record_of(sums: Sequence[float]) -> Record:
    """Return a record from its five sums.

    Raises:
        TypeError, ValueError: They are not five numbers.
    """
    n_songs, likes, surplus, variance, expected = map(float, sums)
    return n_songs, likes, surplus, variance, expected


def _shares_artist(by_artist: Incidence) -> Labels:
    """Return which songs have another one by one of their artists beside them."""
    credited = (by_artist != 0).astype(np.intp)
    return np.asarray(credited @ (credited.sum(axis=0) - 1)) > 0


def _trust(n_sharing: int) -> float:
    """Return how far to believe the expert: not at all until a hundred songs share an artist."""
    more = max(n_sharing - _FEWEST, 0)
    return _MOST * more / (more + _HALF)


def _told(audio: Floats, liked: Labels) -> Floats:
    """Return what every labelled song adds to its artists' records, shape ``(n_songs, 5)``."""
    p_like = expit(audio)
    target = liked.astype(np.float64)
    ones = np.ones(len(liked))
    return np.column_stack([ones, target, target - p_like, p_like * (1 - p_like), audio])


def _cross_fitted(
    by_artist: Incidence, told: Floats, liked: Labels, seed: int, weights: Weights
) -> Floats:
    """Return the sums of every song's artists over the other folds' songs.

    Leaving out only the song itself would give its label away: of one artist's songs, those that
    were liked would be the ones whose other songs have one like less.
    """
    sums = np.empty_like(told)
    for train, test in inner_folds(liked, _STATISTICS_FOLDS, seed=seed, weights=weights):
        sums[test] = by_artist[test] @ (by_artist[train].T @ told[train])
    return sums


def _sums_of(records: Mapping[str, Record], credits_: Credits) -> Floats:
    artists = {key: row for row, key in enumerate(records)}
    return incidence(credits_, artists) @ np.array(list(records.values()))


def _inputs(audio: Floats, features: Floats, sums: Floats, rate: float) -> Floats:
    """Return what the trees see, shape ``(n_songs, 1 + n_columns + 8)``."""
    n_songs, likes, surplus, variance, expected = sums.T
    likes_share = (likes + rate / 2) / (n_songs - likes + (1 - rate) / 2)
    shrunken = [surplus / (1 / each + variance) for each in _VARIANCES]
    statistics = [
        *(n_songs, likes - n_songs * rate, surplus, *shrunken, np.log(likes_share)),
        expected / np.maximum(n_songs, _SUREST),
    ]
    return np.column_stack([audio, features, *statistics])


def _log_odds(trees: Trees, inputs: Floats) -> Floats:
    return logit(np.clip(p_like_of(trees, inputs), _SUREST, 1 - _SUREST))
