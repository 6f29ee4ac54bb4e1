"""How good a song or a place may turn out to be for a listener, seen with hope.

A guess about a song far from everything that its listener rated is worth less than one about a
familiar sound, for better and for worse. An upper end that grows with that doubt prefers what may
turn out well (upper confidence bounds); the adventure dial says by how much.

Source:
    Auer, Cesa-Bianchi & Fischer (2002), "Finite-time analysis of the multiarmed bandit problem".
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_WORTH: Final = 8.0
"""Rated songs that a guess is worth about a song that sounds like a rated one."""
_REACH: Final = 2.0
"""Standard deviations that the boldest hope lies above the expectation."""
_APART: Final = 2.5
"""Mean squared distance of two songs."""
_MOST_RATED: Final = 1_000


def hopes(
    p_like: Floats,
    far: Floats,
    *,
    adventure: float,
    rated: Floats | float = 0.0,
    liked: Floats | float = 0.0,
) -> Floats:
    """Return upper ends of what chances may turn out to be, each in [0, 1].

    Args:
        p_like: Predicted, shape ``(n,)``.
        far: Squared distances to the nearest rated song, as ``SongMap`` places songs.
        adventure: In [0, 1]; 0 returns the expectation.
        rated: Songs that were rated there already.
        liked: Of these.
    """
    worth = _WORTH / (1.0 + far)
    mean = (worth * p_like + liked) / (worth + rated)
    doubt = np.sqrt(mean * (1.0 - mean) / (worth + rated + 1.0))
    return np.clip(mean + adventure * _REACH * doubt, 0.0, 1.0)


def far_from(points: Floats, rated: Floats) -> Floats:
    """Return each point's squared distance to the nearest of the rated ones.

    Args:
        points: Shape ``(n, n_axes)``; NaN counts as the middle.
        rated: Shape ``(n_rated, n_axes)``; of very many the last ones count.
    """
    if not len(rated):
        return np.full(len(points), _APART)
    return _squared(points, rated[-_MOST_RATED:]).min(axis=1)


def nearest_to(points: Floats, liked: Floats, *, most: int) -> Rows:
    """Return the places of the nearest liked songs of each point, nearest first.

    Args:
        points: Shape ``(n, n_axes)``; NaN counts as the middle.
        liked: Shape ``(n_liked, n_axes)``.
        most: How many are wanted.

    Returns:
        Shape ``(n, min(most, n_liked))``.
    """
    return np.argsort(_squared(points, liked), axis=1, kind="stable")[:, :most]


def _squared(points: Floats, others: Floats) -> Floats:
    return cdist(np.nan_to_num(points), np.nan_to_num(others), "sqeuclidean")
