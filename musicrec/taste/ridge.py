"""Ridge-penalised logistic regression by Newton's method, with log odds for songs left out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, logit

from musicrec.taste.encode import Floats, Labels
from musicrec.taste.hints import Weights, amounts, log_odds_by_hints

_MOST_STEPS: Final = 25
_LARGEST_STEP: Final = 4.0
_SMALLEST_CURVATURE: Final = 1e-6
_CONVERGED: Final = 1e-3
_MOST_LEVERAGE: Final = 0.95


@dataclass(frozen=True, eq=False, slots=True)
class Ridge:
    """A fitted regression.

    Attributes:
        weights: Shape ``(n_columns,)``.
        intercept: Not penalised; at the verdicts' share of likes.
        left_out: What every training song would get from a fit without it, as log odds.
    """

    weights: Floats
    intercept: float
    left_out: Floats

    def log_odds(self, features: Floats) -> Floats:
        """Return log odds, shape ``(n_songs,)``."""
        return features @ self.weights + self.intercept


def fit_ridge(
    features: Floats,
    liked: Labels,
    *,
    penalty: float,
    start: float = 0.0,
    weights: Weights = None,
) -> Ridge:
    """Minimise the log loss plus ``penalty / 2`` times the squared weights' distance from start.

    Args:
        features: Shape ``(n_songs, n_columns)``, finite.
        liked: Both kinds at least once, shape ``(n_songs,)``.
        penalty: Positive.
        start: What every column's weight is pulled towards.
        weights: Of the labels.

    Source:
        ``left_out`` is the approximate leave-one-out of Rad & Maleki (2020), "A scalable estimate
        of the out-of-sample prediction error via approximate leave-one-out", JRSS B 82.
    """
    design = np.column_stack([features, np.ones(len(liked))])
    penalties = np.append(np.full(features.shape[1], penalty), _SMALLEST_CURVATURE)
    target = np.append(np.full(features.shape[1], start), 0.0)
    counts = amounts(weights, len(liked))
    rate = float(np.average(liked, weights=counts))
    solution = np.append(np.full(features.shape[1], start), 0.0)
    solution[-1] = logit(rate) - start * float(features.mean(axis=0).sum())
    for _ in range(_MOST_STEPS):
        residual, curvature, hessian = _local(design, solution, liked, counts, penalties)
        gradient = design.T @ residual - penalties * (solution - target)
        step = np.linalg.solve(hessian, gradient)
        moved = float(np.abs(design @ step).max())
        solution += step * min(1.0, _LARGEST_STEP / max(moved, _CONVERGED))
        if moved < _CONVERGED:
            break
    residual, curvature, hessian = _local(design, solution, liked, counts, penalties)
    leverage = np.einsum("ij,ji->i", design, np.linalg.solve(hessian, design.T))
    own_share = np.minimum(leverage * curvature, _MOST_LEVERAGE)
    left_out = design @ solution - leverage * residual / (1 - own_share)
    raised = log_odds_by_hints(liked, weights)
    return Ridge(solution[:-1], float(solution[-1]) - raised, left_out - raised)


def _local(
    design: Floats, solution: Floats, liked: Labels, counts: Floats, penalties: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return residuals, curvatures and the Hessian at a solution."""
    p_like = expit(design @ solution)
    curvature = counts * np.maximum(p_like * (1 - p_like), _SMALLEST_CURVATURE)
    hessian = design.T @ (design * curvature[:, None])
    hessian[np.diag_indices_from(hessian)] += penalties
    return counts * (liked - p_like), curvature, hessian
