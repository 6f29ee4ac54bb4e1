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
from musicrec.taste.encode import Floats, Labels, Rows


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


def sample_rows(liked: Labels, most: int, *, seed: int) -> Rows:
    """Draw at most ``most`` rows, the same share of likes and dislikes, in their order."""
    if len(liked) <= most:
        return np.arange(len(liked))
    rng = np.random.default_rng(seed)
    kinds = [np.flatnonzero(liked == kind) for kind in (False, True)]
    share = most / len(liked)
    drawn = [rng.permutation(rows)[: max(1, int(share * len(rows)))] for rows in kinds]
    return np.sort(np.concatenate(drawn))


def resample(
    features: Floats, liked: Labels, sampling: Sampling, *, seed: int
) -> tuple[Floats, Labels]:
    """Draw as many likes as dislikes where ``sampling`` says so, else return both unchanged."""
    sampler = _SAMPLERS.get(sampling)
    if sampler is None:
        return features, liked
    drawn: Any = sampler(random_state=seed).fit_resample(features, liked)
    return drawn


def log_odds_moved(liked: Labels, sampling: Sampling) -> float:
    """Return how far balancing the labels moves a model's log odds; subtract it to undo that.

    Zero for ``NONE``. Training on balanced labels replaces the prior odds by 1, and Bayes' rule
    multiplies every predicted odds by the same factor.

    Source:
        Elkan (2001), "The foundations of cost-sensitive learning", IJCAI, theorem 2.
    """
    if sampling is Sampling.NONE:
        return 0.0
    n_likes = int(liked.sum())
    return float(-np.log(n_likes / (len(liked) - n_likes)))
