"""Ways of handling that a listener likes far more, or far fewer, songs than they dislike."""

# imbalanced-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler

from musicrec.taste.algorithms import Algorithm
from musicrec.taste.encode import Labels, Rows
from musicrec.taste.hints import Weights, log_odds_by_hints, verdict_rows


class Sampling(StrEnum):
    """What is done about the imbalance; the value is its name in reports."""

    NONE = "none"
    CLASS_WEIGHTS = "class weights"
    UNDERSAMPLING = "undersampling"
    OVERSAMPLING = "oversampling"


_SAMPLERS: Final = MappingProxyType(
    {
        Sampling.UNDERSAMPLING: RandomUnderSampler,
        Sampling.OVERSAMPLING: RandomOverSampler,
    }
)


def remedies_for(algorithm: Algorithm) -> tuple[Sampling, ...]:
    """List what can be tried with an algorithm besides ``NONE``."""
    resampling = (Sampling.UNDERSAMPLING, Sampling.OVERSAMPLING)
    return (Sampling.CLASS_WEIGHTS, *resampling) if algorithm.weighable else resampling


def rarer_count(liked: Labels) -> int:
    """Count the labels of the rarer kind."""
    n_likes = int(liked.sum())
    return min(n_likes, len(liked) - n_likes)


def sample_rows(liked: Labels, most: int, *, seed: int, weights: Weights = None) -> Rows:
    """Draw at most ``most`` rows in their order: verdicts first, then hints.

    Of the verdicts the same share of likes and dislikes is drawn.
    """
    if len(liked) <= most:
        return np.arange(len(liked))
    rng = np.random.default_rng(seed)
    verdicts = verdict_rows(weights, len(liked))
    share = min(most / len(verdicts), 1.0)
    kinds = [verdicts[liked[verdicts] == kind] for kind in (False, True)]
    drawn = [rng.permutation(rows)[: max(1, int(share * len(rows)))] for rows in kinds]
    hints = rng.permutation(np.setdiff1d(np.arange(len(liked)), verdicts))
    return np.sort(np.concatenate([*drawn, hints[: max(most - len(verdicts), 0)]]))


def resampled(liked: Labels, sampling: Sampling, *, seed: int) -> Rows:
    """Draw rows with as many likes as dislikes where ``sampling`` says so, else return all."""
    rows = np.arange(len(liked))
    sampler = _SAMPLERS.get(sampling)
    if sampler is None:
        return rows
    drawn: Any = sampler(random_state=seed).fit_resample(rows.reshape(-1, 1), liked)[0]
    return drawn.ravel()


def log_odds_moved(liked: Labels, sampling: Sampling, weights: Weights = None) -> float:
    """Return how far balancing and hints move a model's log odds; subtract it to undo that.

    Zero for ``NONE`` without hints. Training on balanced labels replaces the prior odds by 1, and
    Bayes' rule multiplies every predicted odds by the same factor. Balancing counts the labels and
    not their weights.

    Source:
        Elkan (2001), "The foundations of cost-sensitive learning", IJCAI, theorem 2.
    """
    raised = log_odds_by_hints(liked, weights)
    if sampling is Sampling.NONE:
        return raised
    n_likes = int(liked.sum())
    return raised - float(np.log(n_likes / (len(liked) - n_likes)))
