"""A short path through points: nearest neighbour, then 2-opt. Deterministic."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Floats = NDArray[np.float64]

_MOST_POINTS: Final = 2_500
"""Beyond, only neighbours are followed: the table of distances would take over 50 MB."""
_MOST_ROUNDS: Final = 12
_GAIN: Final = 1e-9


def smooth_path(points: Floats) -> list[int]:
    """Order points so that each is near the one before; the first stays first.

    Args:
        points: Shape ``(n_points, n_axes)``.

    Returns:
        Every row once. A tie goes to the lower row.
    """
    if len(points) <= 1:
        return list(range(len(points)))
    if len(points) > _MOST_POINTS:
        return _by_neighbours(points).tolist()
    path = _by_neighbours(points)
    distances = cdist(points, points)
    for _ in range(_MOST_ROUNDS):
        if not _improved(path, distances):
            break
    return path.tolist()


def length(points: Floats, path: list[int]) -> float:
    """Return the sum of all steps of a path."""
    return float(np.sqrt((np.diff(points[path], axis=0) ** 2).sum(axis=1)).sum())


def _by_neighbours(points: Floats) -> NDArray[np.intp]:
    left = np.ones(len(points), dtype=np.bool_)
    path = np.zeros(len(points), dtype=np.intp)
    left[0] = False
    for step in range(1, len(points)):
        far = ((points - points[path[step - 1]]) ** 2).sum(axis=1)
        path[step] = int(np.argmin(np.where(left, far, np.inf)))
        left[path[step]] = False
    return path


def _improved(path: NDArray[np.intp], distances: Floats) -> bool:
    """Turn around every stretch whose two ends are better the other way, in place; once through.

    The path is open: behind its last point there is no step to save.
    """
    found = False
    n = len(path)
    for start in range(n - 2):
        ends = np.arange(start + 2, n)
        here, after = path[start], path[start + 1]
        onward = np.zeros(len(ends))
        onward[:-1] = distances[path[ends[:-1]], path[ends[1:]]]
        reached = np.zeros(len(ends))
        reached[:-1] = distances[after, path[ends[1:]]]
        gains = distances[here, after] + onward - distances[here, path[ends]] - reached
        best = int(np.argmax(gains))
        if gains[best] > _GAIN:
            end = int(ends[best])
            path[start + 1 : end + 1] = path[start + 1 : end + 1][::-1].copy()
            found = True
    return found
