"""What a model makes of each feature: how its answers move when one feature alone is changed."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from musicrec.domain.effects import FeatureEffect, FeatureEffects, GenreEffect
from musicrec.domain.features import ARTISTS, GENRE
from musicrec.domain.report import AlgorithmResult
from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Encoding, Floats
from musicrec.taste.learn import learn, probabilities_of
from musicrec.taste.model import TasteModel
from musicrec.taste.sampling import Sampling
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.words import WORDINGS

MOST_FEATURES: Final = 6
MOST_SONGS: Final = 300
N_POINTS: Final = 9
_OUTER_SHARE: Final = 0.05
"""Left out at both ends: models know little about the rarest values."""


_Predict = Callable[[pd.DataFrame], Floats]


def feature_effects(
    model: TasteModel, songs: pd.DataFrame, *, most: int = MOST_FEATURES, seed: int = 0
) -> FeatureEffects:
    """Measure the partial dependence of p_like on every feature and on the genre.

    Each song is scored once for every point of a feature's range with that value in place of its
    own, whether known or not, and all else unchanged; the mean over the songs is the effect. All
    songs count as new artists', because a well known artist leaves little to the sound. The
    points are nine quantiles from 5 % to 95 % of the songs' values, in the feature's own unit, or
    all values where they are fewer. It says what the model does, not what causes a like: of two
    features that go together, either may carry the effect of both.

    Args:
        model: Whose answers.
        songs: Song table; a sample of at most 300 rows is used. With none, nothing has an effect.
        most: How many features to keep; those with the largest effect.
        seed: Decides the sample.

    Source:
        Friedman (2001), "Greedy function approximation", Annals of Statistics 29, section 8.2;
        each song's own curve is Goldstein et al. (2015), "Peeking inside the black box", JCGS 24.
    """
    return _effects(model.predict, model.encoding, songs, most, seed)


def effects_of_labels(
    training: TrainingSet, result: AlgorithmResult, *, most: int = MOST_FEATURES, seed: int = 0
) -> FeatureEffects:
    """Fit one way of learning on all labels and measure its effects on the labelled songs.

    Args:
        training: Labelled songs.
        result: Of a report on them: which algorithm, and what is done about imbalance.
        most: As in ``feature_effects``.
        seed: Decides the fit and the sample.
    """
    encoding = Encoding.of(training.songs)
    encoded = encoding.encode(training.songs)
    sampling = Sampling(result.sampling)
    learned = learn(
        result.algorithm, sampling, encoded, training.liked, seed=seed, weights=training.weights
    )

    def predict(songs: pd.DataFrame) -> Floats:
        return probabilities_of(learned, encoding.encode(clean_features(songs)))

    return _effects(predict, encoding, training.songs, most, seed)


def _effects(
    predict: _Predict, encoding: Encoding, songs: pd.DataFrame, most: int, seed: int
) -> FeatureEffects:
    anonymous = songs.drop(columns=ARTISTS, errors="ignore").reset_index(drop=True)
    sample = anonymous.sample(min(MOST_SONGS, len(songs)), random_state=seed)
    if sample.empty:
        return FeatureEffects((), (), 0.5, 0)
    clean = clean_features(sample)
    names = [name for name in encoding.numbers if name in clean and name in WORDINGS]
    effects = [_effect_of(predict, sample, name, _points(clean[name])) for name in names]
    ranked = sorted((each for each in effects if each), key=lambda each: -each.size)
    return FeatureEffects(
        features=tuple(ranked[:most]),
        genres=_genre_effects(predict, sample, encoding.genres),
        p_like=float(predict(sample).mean()),
        n_songs=len(sample),
    )


def _effect_of(
    predict: _Predict, songs: pd.DataFrame, name: str, points: Floats
) -> FeatureEffect | None:
    if len(points) < 2:  # noqa: PLR2004 -- nothing moves at a single point
        return None
    means = _means(predict, songs, name, points.tolist())
    return FeatureEffect(name, tuple(points.tolist()), means)


def _points(column: "pd.Series[float]") -> Floats:
    known = column.dropna().to_numpy(dtype=np.float64)
    distinct = np.unique(known)
    if len(distinct) <= N_POINTS:
        return distinct.astype(np.float64)
    shares = np.linspace(_OUTER_SHARE, 1 - _OUTER_SHARE, N_POINTS)
    return np.unique(np.quantile(known, shares)).astype(np.float64)


def _genre_effects(
    predict: _Predict, songs: pd.DataFrame, genres: tuple[str, ...]
) -> tuple[GenreEffect, ...]:
    if len(genres) < 2:  # noqa: PLR2004 -- nothing to tell it from
        return ()
    effects = map(GenreEffect, genres, _means(predict, songs, GENRE, genres))
    return tuple(sorted(effects, key=lambda effect: (-effect.p_like, effect.genre)))


def _means(
    predict: _Predict, songs: pd.DataFrame, name: str, values: "list[float] | tuple[str, ...]"
) -> tuple[float, ...]:
    stacked = pd.concat([songs] * len(values), ignore_index=True)
    changed = stacked.assign(**{name: np.repeat(np.array(values), len(songs))})
    return tuple(predict(changed).reshape(len(values), -1).mean(axis=1).tolist())
