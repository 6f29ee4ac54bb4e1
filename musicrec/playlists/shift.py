"""A playlist is not like the labels: people keep what they like.

A probability is about songs like the labelled ones. Where a listener likes half of what they were
asked about but nine tenths of their playlist, a song of the playlist deserves more trust than its
probability says. How many of a list are liked can be estimated from the probabilities alone.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDS: Final = 200
_CLOSE: Final = 1e-6
_Z: Final = 1.6449
"""95 % one-sided quantile of the standard normal distribution."""
_EXTREME: Final = 0.005
"""No list is taken to be liked, or disliked, more than by all but this."""


def share_liked(p_like: Floats, usual: float) -> float:
    """Estimate how many of a list's songs are liked; in (0, 1), ``usual`` for an empty list.

    Args:
        p_like: Of the list's songs, shape ``(n_songs,)``.
        usual: Share of likes among the labels that the probabilities were learned from.

    Source:
        Saerens, Latinne & Decaestecker (2002), "Adjusting the outputs of a classifier to new a
        priori probabilities", Neural Computation 14, doi:10.1162/089976602753284446.
    """
    share = usual
    for _ in range(_ROUNDS if len(p_like) else 0):
        estimate = _inside(float(shifted(p_like, usual, share).mean()))
        if abs(estimate - share) < _CLOSE:
            return estimate
        share = estimate
    return share


def at_most_liked(share: float, n_songs: int, usual: float) -> float:
    """Return the upper end of a share's 95 % interval, and never less than ``usual``.

    So a list only ever makes the choice of what to remove stricter. The interval is that of a plain
    count: narrower than the truth, because no song's verdict is known.
    """
    spread = _Z * np.sqrt(share * (1 - share) / max(n_songs, 1))
    return _inside(max(share + float(spread), usual))


def shifted(p_like: Floats, usual: float, share: float) -> Floats:
    """Return the probabilities of songs of a list of which ``share`` is liked."""
    likes = p_like * (share / usual)
    dislikes = (1 - p_like) * ((1 - share) / (1 - usual))
    return likes / (likes + dislikes)


def _inside(share: float) -> float:
    return min(max(share, _EXTREME), 1 - _EXTREME)
