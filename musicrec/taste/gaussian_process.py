"""Classification by a Gaussian process with a mean of its own, by Laplace's approximation.

Source: Rasmussen & Williams (2006), "Gaussian Processes for Machine Learning", algorithms 3.1 and
3.2; the mean over the posterior is MacKay's (1992), "The evidence framework applied to
classification networks", Neural Computation 4.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.special import expit

from musicrec.taste.encode import Floats, Labels

_MOST_STEPS: Final = 50
_LARGEST_STEP: Final = 4.0
_CONVERGED: Final = 1e-4
_SMALLEST_CURVATURE: Final = 1e-6
_JITTER: Final = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Posterior:
    """What is believed about the log odds after some labels.

    Attributes:
        pull: How each label moves the log odds of songs that vary with it, shape ``(n_labels,)``.
        evidence: Log of the probability of the labels before they were seen.
    """

    pull: Floats
    evidence: float
    _root: Floats
    _slope: Floats

    def p_like(self, log_odds: Floats, covariance: Floats, variance: Floats) -> Floats:
        """Return probabilities averaged over what is believed.

        Args:
            log_odds: The songs' posterior mean, shape ``(n_songs,)``.
            covariance: Of songs and labels before any label, shape ``(n_songs, n_labels)``.
            variance: Of the songs before any label, shape ``(n_songs,)``.
        """
        known = solve_triangular(self._root, (covariance * self._slope).T, lower=True)
        left: Floats = np.maximum(variance - (known**2).sum(axis=0), 0.0)
        return expit(log_odds / np.sqrt(1 + np.pi / 8 * left))


def fit_posterior(covariance: Floats, prior: Floats, liked: Labels) -> Posterior:
    """Find the most probable log odds of the labelled songs by Newton's method.

    Args:
        covariance: Before any label, shape ``(n_labels, n_labels)``; there may be no labels.
        prior: Log odds before any label, shape ``(n_labels,)``.
        liked: Shape ``(n_labels,)``; one kind is enough.
    """
    covariance = covariance + _JITTER * np.eye(len(liked))
    pull = np.zeros(len(liked))
    for _ in range(_MOST_STEPS):
        residual, slope, root = _local(covariance, prior + covariance @ pull, liked)
        target = slope**2 * (covariance @ pull) + residual
        inner = solve_triangular(root, slope * (covariance @ target), lower=True)
        step = target - slope * solve_triangular(root.T, inner) - pull
        moved = float(np.abs(covariance @ step).max(initial=0.0))
        pull = pull + step * min(1.0, _LARGEST_STEP / max(moved, _CONVERGED))
        if moved < _CONVERGED:
            break
    log_odds = prior + covariance @ pull
    _, slope, root = _local(covariance, log_odds, liked)
    fits = liked @ log_odds - np.logaddexp(0, log_odds).sum()
    evidence = fits - pull @ (covariance @ pull) / 2 - np.log(np.diag(root)).sum()
    return Posterior(pull, float(evidence), root, slope)


def _local(covariance: Floats, log_odds: Floats, liked: Labels) -> tuple[Floats, Floats, Floats]:
    """Return residuals, roots of the curvatures, and the Cholesky factor of ``I + W½ K W½``."""
    p_like = expit(log_odds)
    slope = np.sqrt(np.maximum(p_like * (1 - p_like), _SMALLEST_CURVATURE))
    root = cholesky(np.eye(len(liked)) + slope[:, None] * covariance * slope, lower=True)
    return liked - p_like, slope, root
