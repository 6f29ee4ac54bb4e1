"""Rules of thumb that a model has to beat, on the same folds; they know the verdicts alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from scipy.special import expit

from musicrec.taste.columns import clean_number
from musicrec.taste.credits import Credits
from musicrec.taste.encode import Floats, Labels
from musicrec.taste.folds import Fold
from musicrec.taste.ridge import fit_ridge
from musicrec.taste.sampling import rarer_count
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Contender, Trial, trial_of

ARTIST_MEAN: Final = "artist_mean"
POPULARITY: Final = "popularity"
BASELINE_TITLES: Final = MappingProxyType(
    {ARTIST_MEAN: "the artist's share of likes", POPULARITY: "popularity alone"}
)
_PRIOR_SONGS: Final = 2.0
_PENALTY: Final = 1.0


def play_baselines(training: TrainingSet, folds: Sequence[Fold]) -> list[Trial]:
    """Measure the baselines for which the songs say enough."""
    played: list[Trial] = []
    if any(any(fold.train_songs.credits) for fold in folds):
        played.append(_play(ARTIST_MEAN, _artist_mean, training, folds))
    if POPULARITY in training.songs and training.songs[POPULARITY].nunique() > 1:
        played.append(_play(POPULARITY, _popularity, training, folds))
    return played


def _play(
    key: str,
    rule: Callable[[TrainingSet, Fold], Floats],
    training: TrainingSet,
    folds: Sequence[Fold],
) -> Trial:
    p_like = [rule(training, fold) for fold in folds]
    return trial_of(Contender(key), folds, p_like, training.liked)


def _artist_mean(training: TrainingSet, fold: Fold) -> Floats:
    """Return the main artist's share of likes, with two more songs at the usual share."""
    liked = training.liked[fold.train[fold.verdicts]]
    credits_ = fold.train_songs.credits[fold.verdicts]
    songs = Counter(_main(credits_))
    likes = Counter(_main(credits_[liked]))
    rate = _rate(liked)
    return np.array(
        [
            (likes[artist] + _PRIOR_SONGS * rate) / (songs[artist] + _PRIOR_SONGS)
            if artist
            else rate
            for artist in _main(fold.test_songs.credits)
        ]
    )


def _main(credits_: Credits) -> list[str]:
    return [keys[0] if keys else "" for keys in credits_]


def _popularity(training: TrainingSet, fold: Fold) -> Floats:
    """Return a logistic regression on popularity alone."""
    said = fold.train[fold.verdicts]
    liked = training.liked[said]
    values = clean_number(training.songs, POPULARITY) / 100
    known = values[said][~np.isnan(values[said])]
    if not len(known) or not rarer_count(liked):
        return np.full(len(fold.test), _rate(liked))
    filled = np.where(np.isnan(values), np.median(known), values)[:, None]
    ridge = fit_ridge(filled[said], liked, penalty=_PENALTY)
    return expit(ridge.log_odds(filled[fold.test]))


def _rate(liked: Labels) -> float:
    return (float(liked.sum()) + 1) / (len(liked) + 2)
