"""How far a probability may be from the truth.

Fitted on simulated listeners whose true probabilities are known (docs/benchmarks.md): the distance
grows with ``p * (1 - p)`` and shrinks slowly with labels. How much the blend's members disagree
about a song was tried and says nothing beyond that.
"""

from typing import Final

import numpy as np

from musicrec.taste.encode import Floats

_WIDTH: Final = 2.5
_DECLINE: Final = 0.09


def interval_around(p_like: Floats, n_likes: int, n_dislikes: int) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of an interval that holds four of five true probabilities.

    Args:
        p_like: Predicted, shape ``(n_songs,)``.
        n_likes: Likes learned from.
        n_dislikes: Dislikes learned from; the rarer kind decides.
    """
    # Balanced labels count in full; in general it is twice the harmonic mean of both numbers.
    balanced = 4 * n_likes * n_dislikes / (n_likes + n_dislikes)
    width = _WIDTH * max(balanced, 1.0) ** -_DECLINE * p_like * (1 - p_like)
    return np.clip(p_like - width, 0, 1), np.clip(p_like + width, 0, 1)
