"""Which probability means "would definitely dislike"?"""

from typing import Final

import numpy as np

from musicrec.domain.errors import BadInputError
from musicrec.taste.encode import Floats, Labels

MIN_SONGS_BELOW: Final = 10
"""Fewer out-of-fold songs below a threshold prove nothing."""

_Z: Final = 1.6449
"""95 % one-sided quantile of the standard normal distribution.

The largest threshold that qualifies is the luckiest of many: of calibrated models of strong tastes,
5 % of the thresholds found break their promise, and 11 % with the quantile of 90 %
(docs/benchmarks.md).
"""

_EVEN: Final = 0.5


def definite_dislike_threshold(p_like: Floats, liked: Labels, precision: float) -> float | None:
    """Return the largest probability below which songs are disliked with ``precision``.

    It is one of ``p_like`` and below 0.5. It qualifies where at least ``MIN_SONGS_BELOW`` songs
    have that probability or a lower one, the lower end of the one-sided 95 % Wilson interval of
    their share of dislikes reaches ``precision``, and so does the share that the probabilities
    themselves expect; so a few lucky songs are not enough.

    Args:
        p_like: Out-of-fold probabilities, shape ``(n_songs,)``.
        liked: The labels, same shape.
        precision: Wanted share of dislikes, in (0, 1].

    Returns:
        None where the labels cannot support it. A precision of 1 never can be supported.

    Raises:
        BadInputError: ``precision`` is out of range.

    Source:
        Wilson (1927), "Probable inference", JASA 22, doi:10.1080/01621459.1927.10502953.
    """
    if not 0 < precision <= 1:
        msg = f"The precision must be above 0 and at most 1, not {precision}."
        raise BadInputError(msg)
    order = np.argsort(p_like, kind="stable")
    ranked = p_like[order]
    below = np.arange(1, len(ranked) + 1)
    share = np.cumsum(~liked[order]) / below
    expected = np.cumsum(1 - ranked) / below
    last_of_its_value = np.append(ranked[1:] > ranked[:-1], True)
    qualifies = (
        last_of_its_value
        & (ranked < _EVEN)
        & (below >= MIN_SONGS_BELOW)
        & (wilson_lower(share, below) >= precision)
        & (expected >= precision)
    )
    return float(ranked[qualifies][-1]) if qualifies.any() else None


def wilson_lower(share: Floats, n: np.ndarray[tuple[int], np.dtype[np.int_]]) -> Floats:
    """Return the lower ends of one-sided 95 % intervals around shares of ``n`` each."""
    spread = _Z * np.sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    return (share + _Z**2 / (2 * n) - spread) / (1 + _Z**2 / n)
