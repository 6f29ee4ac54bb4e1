"""Curves of a report: ROC, calibration, and what more labels would bring."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from musicrec.domain.report import CalibrationBin, LearningCurve
from musicrec.taste.encode import Floats, Labels

N_BINS: Final = 10
_MOST_POINTS: Final = 101
_EXPONENTS: Final = (0.25, 0.5, 0.75, 1.0)
_RESAMPLES: Final = 200
_INTERVAL: Final = (10, 90)
Point = tuple[float, float]


def roc_points(p_like: Floats, liked: Labels) -> tuple[Point, ...]:
    """Return false and true positive rates from (0, 0) to (1, 1), at most 101 of them."""
    order = np.argsort(-p_like, kind="stable")
    ranked, liked = p_like[order], liked[order]
    last_of_its_value = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
    true = np.append(0, np.cumsum(liked)[last_of_its_value]) / max(int(liked.sum()), 1)
    false = np.append(0, np.cumsum(~liked)[last_of_its_value]) / max(int((~liked).sum()), 1)
    picked = np.unique(np.linspace(0, len(true) - 1, _MOST_POINTS).round().astype(int))
    return tuple(zip(false[picked].tolist(), true[picked].tolist(), strict=True))


def calibration_bins(p_like: Floats, liked: Labels) -> tuple[CalibrationBin, ...]:
    """Divide predictions into ten equally large bins, fewer where there are fewer predictions."""
    order = np.argsort(p_like, kind="stable")
    bins = np.array_split(order, min(N_BINS, len(order)))
    return tuple(
        CalibrationBin(float(p_like[rows].mean()), float(liked[rows].mean()), len(rows))
        for rows in bins
    )


def calibration_error(p_like: Floats, liked: Labels) -> float:
    """Return the mean distance between predicted and real share over the bins.

    It is never quite 0: shares of a finite number of songs scatter even if the probabilities are
    right.

    Source:
        Naeini et al. (2015), "Obtaining well calibrated probabilities", AAAI, with bins of equal
        size instead of equal width.
    """
    bins = calibration_bins(p_like, liked)
    return sum(each.n * abs(each.p_like - each.liked) for each in bins) / len(p_like)


def learning_curve(
    n_labels: Sequence[int], aucs: Sequence[Floats], n_now: int, *, seed: int
) -> LearningCurve:
    """Fit a power law through AUCs and say what twice the labels would bring.

    Args:
        n_labels: Labels learned from, ascending, at least two sizes.
        aucs: For each of them the AUC on every fold.
        n_now: Labels there are.
        seed: Of the resampled folds that the interval comes from.
    """
    table = np.array(aucs)
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, table.shape[1], (_RESAMPLES, table.shape[1]))
    sizes = np.array(n_labels, dtype=np.float64)
    gains = [_gain_of_doubling(sizes, table[:, draw].mean(axis=1), n_now) for draw in draws]
    low, high = np.percentile(gains, _INTERVAL)
    gain = _gain_of_doubling(sizes, table.mean(axis=1), n_now)
    return LearningCurve(
        n_labels=tuple(n_labels),
        roc_auc=tuple(table.mean(axis=1).tolist()),
        more_labels=n_now,
        gain=gain,
        gain_low=min(float(low), gain),
        gain_high=max(float(high), gain),
    )


def _gain_of_doubling(n_labels: Floats, aucs: Floats, n_now: int) -> float:
    """Return the rise of ``a - b * n ** -c`` from ``n_now`` to twice as many, never below 0."""
    fits = [_line(n_labels**-exponent, aucs) for exponent in _EXPONENTS]
    best = int(np.argmin([error for _, error in fits]))
    slope, exponent = fits[best][0], _EXPONENTS[best]
    rise = slope * (float(2 * n_now) ** -exponent - float(n_now) ** -exponent)
    return min(max(rise, 0.0), 0.5)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the slope and the squared error of a straight line."""
    slope, intercept = np.polyfit(x, y, 1)
    return float(slope), float(((slope * x + intercept - y) ** 2).sum())
