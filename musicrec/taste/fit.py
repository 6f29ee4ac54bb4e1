"""Fit one algorithm on encoded songs so that it gives sensible probabilities."""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import expit, logit
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from musicrec.taste.algorithms import Algorithm
from musicrec.taste.encode import Floats, Labels
from musicrec.taste.hints import Weights, bounded, inner_folds, verdict_rows, weights_of
from musicrec.taste.one_thread import one_thread
from musicrec.taste.sampling import Sampling, log_odds_moved, rarer_count, resampled, sample_rows

CALIBRATION_FOLDS: Final = 5
MAX_LOG_ODDS: Final = 30.0
"""Far beyond what any number of labels supports; keeps differences of log odds finite."""

_FEWEST_TO_LEARN: Final = 2
_PRIOR_LABELS: Final = 2


@dataclass(frozen=True, slots=True)
class Link:
    """From a pipeline's score to log odds: ``slope * score + intercept``."""

    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted pipeline with its link.

    Attributes:
        pipeline: scikit-learn only, so that it can be stored.
        link: Undoes the prior of resampling, or calibrates.
        n_likes: Likes it was fitted on, hints not counted.
        n_dislikes: Dislikes it was fitted on.
    """

    pipeline: Pipeline
    link: Link
    n_likes: int
    n_dislikes: int

    @property
    def n_labels(self) -> int:
        """Labels it was fitted on."""
        return self.n_likes + self.n_dislikes

    def log_odds(self, features: Floats) -> Floats:
        """Return how surely every row is liked, shape ``(n_songs,)``, within ±``MAX_LOG_ODDS``."""
        if not len(features):
            return np.empty(0)
        with one_thread():
            scores = _scores(self.pipeline, features)
        linked = self.link.slope * scores + self.link.intercept
        return np.clip(linked, -MAX_LOG_ODDS, MAX_LOG_ODDS)

    def probabilities(self, features: Floats) -> Floats:
        """Return the ``shrunken`` probability of a like for every row, shape ``(n_songs,)``."""
        return shrunken(expit(self.log_odds(features)), self.n_likes, self.n_dislikes)


def fit(
    algorithm: Algorithm,
    sampling: Sampling,
    features: Floats,
    liked: Labels,
    *,
    seed: int,
    weights: Weights = None,
) -> Fitted:
    """Fit an algorithm with one way of handling imbalance.

    Resampled and weighted fits are moved back to the share of likes among the verdicts. Algorithms
    without probabilities of their own are calibrated by Platt's method on the verdicts of inner
    folds, where the resampling happens inside each fold. With fewer than two verdicts of a kind
    there is nothing to learn, and the share of likes is predicted.

    Args:
        algorithm: Of the registry.
        sampling: How imbalance is handled.
        features: Encoded songs, shape ``(n_songs, n_columns)``, NaN where unknown.
        liked: Shape ``(n_songs,)``.
        seed: Decides every draw.
        weights: Of the labels; who does not take them learns from the verdicts alone.
    """
    with one_thread():
        return _fit(algorithm, sampling, features, liked, seed=seed, weights=bounded(weights))


def _fit(
    algorithm: Algorithm,
    sampling: Sampling,
    features: Floats,
    liked: Labels,
    *,
    seed: int,
    weights: Weights,
) -> Fitted:
    verdicts = verdict_rows(weights, len(liked))
    n_likes = int(liked[verdicts].sum())
    counts = (n_likes, len(verdicts) - n_likes)
    rows = sample_rows(liked, algorithm.most_labels, seed=seed, weights=weights)
    if min(counts) < _FEWEST_TO_LEARN or not algorithm.takes_hints:
        rows = np.intersect1d(rows, verdicts)
    features, liked, weights = features[rows], liked[rows], weights_of(weights, rows)
    if rarer_count(liked) < _FEWEST_TO_LEARN:
        prior = Pipeline([("model", DummyClassifier())])
        return Fitted(prior.fit(features, liked), Link(), *counts)
    pipeline = _fit_pipeline(algorithm, sampling, features, liked, seed=seed, weights=weights)
    if algorithm.gives_probabilities:
        link = Link(intercept=-log_odds_moved(liked, sampling, weights))
    else:
        scores = _inner_scores(algorithm, sampling, features, liked, seed=seed, weights=weights)
        verdicts = verdict_rows(weights, len(liked))
        link = _platt(scores[verdicts], liked[verdicts])
    return Fitted(pipeline, link, *counts)


def shrunken(p_like: Floats, n_likes: int, n_dislikes: int) -> Floats:
    """Pull probabilities towards the share of likes, as if two more labels at it had been seen.

    So few labels never make anybody sure; the results lie inside (0, 1) and keep their order.

    Source:
        The m-estimate, Cestnik (1990), "Estimating probabilities", ECAI, with m = 2.
    """
    n_labels = n_likes + n_dislikes
    # One of each kind more, so that in a fold with one kind the other stays possible.
    rate = (n_likes + 1) / (n_labels + 2)
    return (n_labels * p_like + _PRIOR_LABELS * rate) / (n_labels + _PRIOR_LABELS)


@contextmanager
def convergence_is_no_concern() -> Generator[None]:
    """Silence solvers that stop at their iteration limit: stopping early is regularisation here.

    Not safe for threads (``warnings.catch_warnings`` changes the whole process).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _fit_pipeline(
    algorithm: Algorithm,
    sampling: Sampling,
    features: Floats,
    liked: Labels,
    *,
    seed: int,
    weights: Weights,
) -> Pipeline:
    rows = resampled(liked, sampling, seed=seed)
    weigh = sampling is Sampling.CLASS_WEIGHTS
    pipeline = algorithm.pipeline(len(rows), seed, weigh=weigh)
    # Columns are scaled by all songs alike: how far apart they are is no matter of belief.
    told = {} if weights is None else {"model__sample_weight": weights[rows]}
    with convergence_is_no_concern():
        return pipeline.fit(features[rows], liked[rows], **told)


def _scores(pipeline: Any, features: Floats) -> Floats:
    """Return log odds, or decision values where the model has no probabilities."""
    if not hasattr(pipeline, "predict_proba"):
        return pipeline.decision_function(features)
    by_class = dict(zip(pipeline.classes_, pipeline.predict_proba(features).T, strict=True))
    with np.errstate(divide="ignore"):
        return logit(by_class.get(True, np.zeros(len(features))))


def _inner_scores(
    algorithm: Algorithm,
    sampling: Sampling,
    features: Floats,
    liked: Labels,
    *,
    seed: int,
    weights: Weights,
) -> Floats:
    scores = np.empty(len(liked))
    for train, test in inner_folds(liked, CALIBRATION_FOLDS, seed=seed, weights=weights):
        pipeline = _fit_pipeline(
            algorithm,
            sampling,
            features[train],
            liked[train],
            seed=seed,
            weights=weights_of(weights, train),
        )
        scores[test] = _scores(pipeline, features[test])
    return scores


def _platt(scores: Floats, liked: Labels) -> Link:
    """Fit a sigmoid to held-out scores with Platt's smoothed targets.

    Source:
        Platt (1999), "Probabilistic outputs for support vector machines", section 2.2.
    """
    n_likes = np.count_nonzero(liked)
    n_dislikes = len(liked) - n_likes
    target = np.where(liked, (n_likes + 1) / (n_likes + 2), 1 / (n_dislikes + 2))
    # A soft target is the same as both labels with the target as their weights.
    both = np.concatenate([np.ones(len(liked), bool), np.zeros(len(liked), bool)])
    sigmoid = LogisticRegression(C=np.inf, max_iter=500)
    sigmoid.fit(np.tile(scores, 2).reshape(-1, 1), both, np.concatenate([target, 1 - target]))
    slope, intercept = np.ravel(sigmoid.coef_)[0], np.ravel(sigmoid.intercept_)[0]
    return Link(slope=float(slope), intercept=float(intercept))
