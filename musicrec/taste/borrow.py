"""The first minutes: lean on listeners who agree, and let go as labels come.

Two beliefs compete for the listener's labels. In one, the log odds of a song are a weighted sum of
what the neighbours' models say, plus the listener's own bent, which varies smoothly over songs that
sound alike and share a genre; in the other there is the bent alone. Each counts as much as it
foretold the labels. The weights start equal and are learned as well; nobody's counts negatively.
Nothing is kept: whoever stops sharing is out of the next prediction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from musicrec.taste.encode import Floats, Labels, Rows
from musicrec.taste.gaussian_process import Posterior, fit_posterior

LET_GO: Final = 80
"""From so many labels on, a listener's own model speaks alone."""

_FADES_FROM: Final = 40
"""From so many labels on, the own model is mixed in, ever more."""

_TRUST: Final = 0.8
"""Sum of the neighbours' weights before any label."""

_SPREAD: Final = 0.08
"""Prior variance of each weight."""

_BENT: Final = 1.5
"""Prior variance of the own bent beside neighbours, in squared log odds."""

_BENT_ALONE: Final = 2.0
_BIAS: Final = 0.5
"""Prior variance of liking more or fewer songs than others."""

_REACH: Final = 1.0
"""Squared length scale of the bent; two random songs are some 2.5 apart, squared."""

_SUREST: Final = 0.98
"""No neighbour is surer than this about somebody else."""

_AT_ONCE: Final = 20_000
"""Songs a piece, so that memory does not grow with the catalogue."""


@dataclass(frozen=True, eq=False, slots=True)
class Borrowed:
    """Probabilities and where they come from.

    Attributes:
        p_like: Shape ``(n_songs,)``, in (0, 1).
        own_weight: How much of the differences between songs is due to the listener's own labels,
            in [0, 1]: 0 without labels, 1 where nothing is borrowed.
    """

    p_like: Floats
    own_weight: float


@dataclass(frozen=True, eq=False, slots=True)
class _Belief:
    """The songs' log odds before any label, and how they vary together."""

    points: Floats
    voices: Floats
    weights: Floats
    bent: float

    @property
    def prior(self) -> Floats:
        return self.voices @ self.weights

    @property
    def variance(self) -> Floats:
        return _SPREAD * (self.voices**2).sum(axis=1) + self.bent + _BIAS

    def rows(self, rows: Rows | slice) -> "_Belief":
        return _Belief(self.points[rows], self.voices[rows], self.weights, self.bent)

    def covariance(self, other: "_Belief") -> Floats:
        apart = (
            (self.points**2).sum(axis=1)[:, None]
            + (other.points**2).sum(axis=1)
            - 2 * self.points @ other.points.T
        )
        alike = np.exp(-np.maximum(apart, 0) / (2 * _REACH))
        return _SPREAD * self.voices @ other.voices.T + self.bent * alike + _BIAS

    def without(self, voices: NDArray[np.bool_]) -> "_Belief":
        keep = ~voices
        weights: Floats = self.weights[keep]
        return _Belief(self.points, self.voices[:, keep], weights, self.bent)


def borrow(
    points: Floats, voices: NDArray[np.floating], rated: Rows, liked: Labels, own: Floats | None
) -> Borrowed:
    """Predict every song from the neighbours' probabilities and the listener's own labels.

    Args:
        points: Songs as points that are near where they sound alike, shape ``(n_songs, n_axes)``;
            two random ones are some 2.5 apart, squared; NaN where unknown.
        voices: What each neighbour's model says, shape ``(n_songs, n_neighbours)``, in [0, 1].
        rated: Rows of the songs with a label, shape ``(n_labels,)``; may be empty.
        liked: The labels, shape ``(n_labels,)``; one kind is enough.
        own: What the listener's own model says, shape ``(n_songs,)``; None where there is none.

    Returns:
        Exactly ``own`` where there is nobody to borrow from, and from ``LET_GO`` labels on.
    """
    alone = 0.0 if own is None else own_share(len(rated))
    if own is not None and (alone == 1 or not voices.shape[1]):
        return Borrowed(own, 1.0)
    bound = logit(_SUREST)
    with np.errstate(divide="ignore"):
        said = np.clip(logit(voices.astype(np.float64)), -bound, bound)
    leant = _lean(np.nan_to_num(points), said, rated, liked)
    if own is None or not alone:
        return leant
    mixed = alone * _log_odds(own) + (1 - alone) * _log_odds(leant.p_like)
    return Borrowed(expit(mixed), alone + (1 - alone) * leant.own_weight)


def own_share(n_labels: int) -> float:
    """Return how far a listener's own model has taken over, from 0 to 1."""
    return float(np.clip((n_labels - _FADES_FROM) / (LET_GO - _FADES_FROM), 0, 1))


def _lean(points: Floats, voices: Floats, rated: Rows, liked: Labels) -> Borrowed:
    by_itself = _Belief(points, voices[:, :0], np.empty(0), _BENT_ALONE)
    n_voices: int = voices.shape[1]
    equal: Floats = np.full(n_voices, _TRUST / max(n_voices, 1))
    together = _Belief(points, voices, equal, _BENT)
    fitted = [_fit(belief, rated, liked) for belief in (by_itself, together)]
    trust = _shares([posterior.evidence for _, posterior in fitted])
    p_like = np.zeros(len(points))
    own = np.zeros(len(points))
    others = np.zeros(len(points))
    for (belief, posterior), weight in zip(fitted, trust, strict=True):
        labelled = belief.rows(rated)
        for start in range(0, len(points), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            part = belief.rows(rows)
            covariance = part.covariance(labelled)
            shift = covariance @ posterior.pull
            likely = posterior.p_like(part.prior + shift, covariance, part.variance)
            p_like[rows] += weight * likely
            own[rows] += weight * shift
            others[rows] += weight * part.prior
    return Borrowed(p_like, _share_of(own, others))


def _fit(belief: _Belief, rated: Rows, liked: Labels) -> tuple[_Belief, Posterior]:
    """Fit, and leave out whoever would count negatively, until nobody does."""
    while True:
        labelled = belief.rows(rated)
        covariance = labelled.covariance(labelled)
        posterior = fit_posterior(covariance, labelled.prior, liked)
        weights: Floats = belief.weights + _SPREAD * labelled.voices.T @ posterior.pull
        if (weights >= 0).all():
            return belief, posterior
        belief = belief.without(weights < 0)


def _shares(evidence: list[float]) -> Floats:
    odds = np.exp(np.array(evidence) - max(evidence))
    return odds / odds.sum()


def _share_of(own: Floats, others: Floats) -> float:
    ours, theirs = (float(part.std()) if len(part) else 0.0 for part in (own, others))
    return ours / (ours + theirs) if ours else 0.0


def _log_odds(p_like: Floats) -> Floats:
    return logit(np.clip(p_like, 1e-6, 1 - 1e-6))
