"""Logistic regression on a wide and a narrow radial kernel: what is near liked songs is liked.

The exact kernel machine would compare every song with all labelled ones. Here a song is compared
with at most ``MOST_LANDMARKS`` of them, and normalisation and regression are folded into one
weight a landmark and kernel. ``taste.kernel_fit`` finds them.

Source:
    Williams & Seeger (2001), "Using the Nyström method to speed up kernel machines", NIPS 13.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from musicrec.taste.encode import Floats, Rows

MOST_LANDMARKS: Final = 300
N_KERNELS: Final = 2
WIDTH: Final = 0.4
"""The usual coefficient of the wide kernel times the number of columns.

The narrow kernel is the fourth power of the wide one, so that both cost one exponential.
"""

_OLD_PENALTIES: Final = (1 / 3, 1 / 2)
"""Of models that do not say theirs."""

_FARTHEST: Final = 4.0
"""In standard deviations; what lies farther out is no different taste."""

_CHUNK: Final = 4096
Singles = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Scaling:
    """Puts columns on one scale; an unknown value becomes the median.

    Attributes:
        median: Shape ``(n_columns,)``, as the others.
        mean: Of the training songs.
        spread: Their standard deviation, 1 for constant columns.
    """

    median: Floats
    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, features: Floats) -> Self:
        """Measure training songs, shape ``(n_songs, n_columns)``, NaN where unknown."""
        known = ~np.isnan(features)
        median = np.array(
            [
                np.median(column[is_known]) if is_known.any() else 0.0
                for column, is_known in zip(features.T, known.T, strict=True)
            ]
        )
        filled = np.where(known, features, median)
        spread = filled.std(axis=0)
        return cls(median, filled.mean(axis=0), np.where(spread > 0, spread, 1.0))

    def apply(self, features: Floats) -> Singles:
        """Return columns of mean 0 and deviation 1, within ±4."""
        filled = np.where(np.isnan(features), self.median, features)
        scaled = np.clip((filled - self.mean) / self.spread, -_FARTHEST, _FARTHEST)
        return scaled.astype(np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class KernelModel:
    """Two fitted kernel regressions.

    Attributes:
        columns: Which of a song's columns distances are made of, shape ``(n_columns,)``.
        scaling: Of these columns.
        landmarks: Scaled songs, shape ``(n_landmarks, n_columns)``.
        weights: Shape ``(n_landmarks, 2)``.
        intercepts: Log odds far away from every landmark, shape ``(2,)``.
        width: The wide kernel's coefficient times the number of columns; larger is narrower.
        penalties: That the regressions were fitted with.
    """

    columns: Rows
    scaling: Scaling
    landmarks: Singles
    weights: Singles
    intercepts: Floats
    width: float = WIDTH
    penalties: tuple[float, float] = _OLD_PENALTIES

    def log_odds(self, features: Floats) -> Floats:
        """Return the log odds by either kernel, shape ``(n_songs, 2)``."""
        found = np.empty((len(features), N_KERNELS))
        for first in range(0, len(features), _CHUNK):
            rows = slice(first, first + _CHUNK)
            scaled = self.scaling.apply(features[rows, self.columns])
            near = nearness(scaled, self.landmarks, self.width)
            for kernel, kernel_near in enumerate(both_kernels(near)):
                found[rows, kernel] = kernel_near @ self.weights[:, kernel]
        found += self.intercepts
        return found

    def to_json(self) -> dict[str, Any]:
        """Return plain lists; ``from_json`` reverses it."""
        return {
            "columns": self.columns.tolist(),
            "median": self.scaling.median.tolist(),
            "mean": self.scaling.mean.tolist(),
            "spread": self.scaling.spread.tolist(),
            "landmarks": self.landmarks.tolist(),
            "weights": self.weights.tolist(),
            "intercepts": self.intercepts.tolist(),
            "width": self.width,
            "penalties": list(self.penalties),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a model from ``to_json``.

        Raises:
            KeyError, TypeError, ValueError: The data is not a kernel model.
        """
        scaling = Scaling(*(np.array(data[key], float) for key in ("median", "mean", "spread")))
        landmarks = np.array(data["landmarks"], np.float32)
        weights = np.array(data["weights"], np.float32)
        intercepts = np.array(data["intercepts"], float)
        n_columns, n_landmarks = len(scaling.median), len(landmarks)
        shapes = [part.shape for part in (landmarks, weights, intercepts, scaling.spread)]
        if shapes != [
            (n_landmarks, n_columns),
            (n_landmarks, N_KERNELS),
            (N_KERNELS,),
            (n_columns,),
        ]:
            msg = "The parts of the kernel model do not fit together."
            raise ValueError(msg)
        # Up to format 3 all columns counted, and the width was fixed.
        columns = np.array(data.get("columns", range(n_columns)), np.intp)
        width = float(data.get("width", WIDTH))
        wide, narrow = map(float, data.get("penalties", _OLD_PENALTIES))
        if len(columns) != n_columns or (columns < 0).any() or not 0 < width < np.inf:
            msg = "The kernel model makes no sense."
            raise ValueError(msg)
        return cls(columns, scaling, landmarks, weights, intercepts, width, (wide, narrow))


def both_kernels(near: Singles) -> tuple[Singles, Singles]:
    """Return the wide kernel as it is, and the narrow one."""
    # Squaring twice is several times as fast as numpy's general power.
    return near, np.square(np.square(near))


def nearness(songs: Singles, landmarks: Singles, width: float) -> Singles:
    """Return 1 for a song on a landmark down to 0 far away, shape ``(n_songs, n_landmarks)``."""
    own = np.einsum("ij,ij->i", songs, songs)[:, None]
    theirs = np.einsum("ij,ij->i", landmarks, landmarks)
    squared = np.maximum(own + theirs - 2 * (songs @ landmarks.T), 0)
    squared *= np.float32(-width / landmarks.shape[1])
    return np.exp(squared, out=squared)
