"""Fit the kernels, and choose their width and penalties where there are labels enough.

Left-one-out log odds come without further fits, so that choosing by their log loss costs ten
regressions: every width with the usual penalties, then every other penalty at the best width.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from musicrec.taste.encode import Floats, Labels, Rows
from musicrec.taste.hints import Weights, verdict_rows
from musicrec.taste.kernel import (
    MOST_LANDMARKS,
    WIDTH,
    KernelModel,
    Scaling,
    Singles,
    both_kernels,
    nearness,
)
from musicrec.taste.ridge import Ridge, fit_ridge

FEWEST_TO_SEARCH: Final = 100
"""Labels; with fewer the search follows chance (docs/benchmarks.md)."""

_WIDTHS: Final = (0.2, WIDTH, 0.8)
_PENALTIES: Final = ((1 / 10, 1 / 30, 1 / 3), (1 / 2, 3 / 20, 3 / 2))
"""Of the wide and of the narrow kernel, the usual one first."""

_SMALLEST_EIGENVALUE: Final = 1e-7


@dataclass(frozen=True, eq=False, slots=True)
class _Machine:
    """Both kernels at one width.

    Attributes:
        width: As in ``KernelModel``.
        roots: Fold the normalisation into weights of landmarks.
        designs: What the regressions see.
        ridges: Of both kernels by penalty.
        liked: Labels.
        weights: Of the labels.
    """

    width: float
    roots: tuple[Floats, Floats]
    designs: tuple[Floats, Floats]
    ridges: tuple[dict[float, Ridge], dict[float, Ridge]]
    liked: Labels
    weights: Weights

    def losses(self, kernel: int) -> Mapping[float, float]:
        """Return the log loss on verdicts left out by penalty."""
        rows = verdict_rows(self.weights, len(self.liked))
        ridges = self.ridges[kernel]
        return {
            each: _log_loss(ridge.left_out[rows], self.liked[rows])
            for each, ridge in ridges.items()
        }

    def fit(self, kernel: int, penalty: float) -> None:
        """Fit one kernel's regression."""
        self.ridges[kernel][penalty] = fit_ridge(
            self.designs[kernel], self.liked, penalty=penalty, weights=self.weights
        )


def fit_kernel(
    features: Floats,
    liked: Labels,
    *,
    seed: int,
    columns: Rows | None = None,
    weights: Weights = None,
) -> tuple[KernelModel, Floats]:
    """Fit both kernels on finite labels of both kinds; what they say is at the verdicts' share.

    Args:
        features: Shape ``(n_songs, n_columns)``, NaN where unknown.
        liked: Shape ``(n_songs,)``.
        seed: Decides the landmarks.
        columns: Which columns distances are made of; None means all.
        weights: Of the labels; what counts more is rather a landmark.

    Returns:
        The model, and every training song's log odds without that song, shape ``(n_songs, 2)``.
    """
    used: Rows = np.arange(features.shape[1], dtype=np.intp) if columns is None else columns
    scaling = Scaling.of(features[:, used])
    scaled = scaling.apply(features[:, used])
    n_landmarks = min(MOST_LANDMARKS, len(scaled))
    odds = None if weights is None else weights / weights.sum()
    chosen = np.random.default_rng(seed).choice(len(scaled), n_landmarks, replace=False, p=odds)
    landmarks = scaled[np.sort(chosen)]
    machine, penalties = _best(scaled, landmarks, liked, weights)
    ridges = [machine.ridges[kernel][penalty] for kernel, penalty in enumerate(penalties)]
    pairs = zip(machine.roots, ridges, strict=True)
    model = KernelModel(
        columns=used,
        scaling=scaling,
        landmarks=landmarks,
        weights=np.column_stack([root @ ridge.weights for root, ridge in pairs]).astype(np.float32),
        intercepts=np.array([ridge.intercept for ridge in ridges]),
        width=machine.width,
        penalties=penalties,
    )
    return model, np.column_stack([ridge.left_out for ridge in ridges])


def _best(
    scaled: Singles, landmarks: Singles, liked: Labels, weights: Weights
) -> tuple[_Machine, tuple[float, float]]:
    """Return the fitted kernels and the penalties to take."""
    searches = len(verdict_rows(weights, len(liked))) >= FEWEST_TO_SEARCH
    widths = _WIDTHS if searches else (WIDTH,)
    machines = [_machine(scaled, landmarks, liked, weights, width) for width in widths]
    best = min(machines, key=lambda machine: sum(_usual_losses(machine)))
    if searches:
        for kernel, penalties in enumerate(_PENALTIES):
            for penalty in penalties[1:]:
                best.fit(kernel, penalty)
    losses = [best.losses(kernel) for kernel in range(len(_PENALTIES))]
    wide, narrow = (min(each, key=each.__getitem__) for each in losses)
    return best, (wide, narrow)


def _machine(
    scaled: Singles, landmarks: Singles, liked: Labels, weights: Weights, width: float
) -> _Machine:
    among = both_kernels(nearness(landmarks, landmarks, width))
    wide, narrow = (_inverse_root(kernel.astype(np.float64)) for kernel in among)
    near = both_kernels(nearness(scaled, landmarks, width))
    designs = (near[0] @ wide, near[1] @ narrow)
    machine = _Machine(width, (wide, narrow), designs, ({}, {}), liked, weights)
    for kernel, penalties in enumerate(_PENALTIES):
        machine.fit(kernel, penalties[0])
    return machine


def _usual_losses(machine: _Machine) -> list[float]:
    return [machine.losses(kernel)[penalties[0]] for kernel, penalties in enumerate(_PENALTIES)]


def _inverse_root(kernel: Floats) -> Floats:
    """Return a matrix whose product with its transpose is the inverse of a positive kernel."""
    values, vectors = np.linalg.eigh(kernel)
    return vectors / np.sqrt(np.maximum(values, _SMALLEST_EIGENVALUE))


def _log_loss(log_odds: Floats, liked: Labels) -> float:
    return float(np.logaddexp(0, np.where(liked, -log_odds, log_odds)).mean())
