"""How much the answer about one song would teach about all the others.

Taste is pictured as a Gaussian process over the points of ``likeness``: songs that sound alike
are liked alike. How uncertain it is about a song after some answers depends on where they were
given, not on what they were; therefore nothing has to be fitted to the answers here.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular

Floats = NDArray[np.float64]

_REACH: Final = 2.0
"""Squared length scale of the kernel; two random songs are about 2.5 apart, squared."""

_NOISE: Final = 0.2
"""Variance of an answer to an open question, where the variance among songs is 1."""

_LEAST_DOUBT: Final = 0.05
"""However sure a model is of a song, its answer keeps this weight: the model may be wrong."""


@dataclass(frozen=True)
class Spot:
    """Songs as the choice sees them.

    Attributes:
        points: Shape ``(n_songs, n_axes)``, without NaN.
        p_like: Shape ``(n_songs,)``, in [0, 1]; None without a model.
    """

    points: Floats
    p_like: Floats | None = None

    @property
    def doubt(self) -> Floats:
        """How open the answers are, in (0, 1]: 4 p (1 - p), and 1 without a model."""
        if self.p_like is None:
            return np.ones(len(self.points))
        return np.maximum(4 * self.p_like * (1 - self.p_like), _LEAST_DOUBT)


def lessons(candidates: Spot, answered: Spot, others: Spot) -> Floats:
    """Return how much each candidate's answer would lessen the doubt about the others.

    That is the sum over the others, weighted by how open their answers are, of the variance that
    one more answer takes away. It is large for a candidate in the midst of many songs that
    nobody answered for (diverse and typical at once), small beside an answered one and for a
    song that the model is sure of, whose answer is mostly noise around a known chance.

    Args:
        candidates: Songs that may be asked, at least one.
        answered: Songs with an answer; may be empty.
        others: A sample of the songs to learn about, at least one.

    Returns:
        Shape ``(n_candidates,)``, >= 0.

    Source:
        Yu, Bi & Tresp (2006), "Active learning via transductive experimental design", ICML,
        doi:10.1145/1143844.1143980; the weights by p (1 - p) are the information of a Bernoulli
        answer about its log-odds.
    """
    return Lessons(candidates, answered, others).worth()


class Lessons:
    """What ``lessons`` returns, kept up while one candidate after the other is answered."""

    def __init__(self, candidates: Spot, answered: Spot, others: Spot) -> None:
        """Begin with the answers that there are; arguments as of ``lessons``."""
        self._candidates = candidates
        self._noise = _NOISE / candidates.doubt
        self._openness = others.doubt
        self._shared = _kernel(candidates.points, others.points)
        self._variance: Floats = np.ones(len(candidates.points))
        self._explained = np.empty((0, len(candidates.points)))
        if len(answered.points):
            gram = _kernel(answered.points, answered.points)
            gram[np.diag_indices_from(gram)] += _NOISE / answered.doubt
            root = cholesky(gram, lower=True, check_finite=False)
            self._explained = _whitened(root, answered, candidates)
            self._shared -= self._explained.T @ _whitened(root, answered, others)
            self._variance = self._variance - np.square(self._explained).sum(axis=0)

    def worth(self) -> Floats:
        """Return how much each candidate's answer would teach now; shape ``(n_candidates,)``."""
        taken_away = self._shared**2 @ self._openness
        return np.asarray(taken_away / (self._variance + self._noise), dtype=np.float64)

    def answer(self, candidate: int) -> None:
        """Take a candidate as answered: one more step of the Cholesky factorisation."""
        points = self._candidates.points
        covariance = _kernel(points, points[[candidate]])[:, 0]
        covariance -= self._explained.T @ self._explained[:, candidate]
        spread = float(np.sqrt(self._variance[candidate] + self._noise[candidate]))
        step: Floats = covariance / spread
        self._shared -= np.outer(step, self._shared[candidate] / spread)
        self._variance = self._variance - np.square(step)
        self._explained = np.vstack([self._explained, step])


def _whitened(root: Floats, answered: Spot, songs: Spot) -> Floats:
    covariance = _kernel(answered.points, songs.points)
    return np.asarray(solve_triangular(root, covariance, lower=True, check_finite=False))


def _kernel(left: Floats, right: Floats) -> Floats:
    apart = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1) - 2 * left @ right.T
    return np.exp(-np.maximum(apart, 0) / (2 * _REACH))
