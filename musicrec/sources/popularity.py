"""How known a song is, from 0 to 100, out of what services count."""

import math
from typing import Final

_MOST_LISTENERS: Final = 1_000_000
"""Where 100 is reached: a convention, the next power of ten above the best known recordings."""
_HIGHEST_RANK: Final = 1_000_000
"""Of Deezer's ``rank``. Source: developers.deezer.com/api/track."""


def popularity_of_listeners(n_listeners: float | None) -> float | None:
    """Turn a number of listeners into a popularity.

    ``100 · log10(1 + n) / log10(1 + 1,000,000)``, at most 100. Listeners of songs spread over many
    orders of magnitude, a few songs having most of them; the logarithm makes every tenfold the
    same 16.7 points, so that it also tells the little known apart.

    Args:
        n_listeners: None or negative where unknown.
    """
    if n_listeners is None or n_listeners < 0:
        return None
    return min(100.0, 100 * math.log1p(n_listeners) / math.log1p(_MOST_LISTENERS))


def popularity_of_rank(rank: float | None) -> float | None:
    """Turn Deezer's rank, 1 to 1,000,000 with more being better known; 0 means unknown to it."""
    return None if rank is None or rank <= 0 else min(100.0, 100 * rank / _HIGHEST_RANK)
