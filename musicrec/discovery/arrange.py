"""Cut a ranking down to a shortlist in which no artist takes over.

Pure functions on arrays: no I/O and no clock. A row is a candidate.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def arrange(
    scores: NDArray[np.floating],
    artists: Sequence[Collection[Hashable]],
    *,
    n: int,
    most_per_artist: int = 2,
    seed: int = 0,
) -> list[int]:
    """Pick up to ``n`` rows by score, at most ``most_per_artist`` of any credited artist.

    Args:
        scores: Higher is better, shape ``(n_candidates,)``; NaN is never picked.
        artists: Every credited artist of each row, by anything that tells artists apart.
        n: How many to pick; fewer where the candidates do not suffice.
        most_per_artist: Cap for each credited artist, main or featured.
        seed: Decides the order of equal scores.

    Returns:
        Row numbers, best first.
    """
    tie_breaker = np.random.default_rng(seed).random(len(scores))
    picked: list[int] = []
    taken: Counter[Hashable] = Counter()
    order: list[int] = np.lexsort((tie_breaker, -scores)).tolist()
    for row in order:
        if len(picked) == n or np.isnan(scores[row]):
            break
        names = set(artists[row])
        if all(taken[name] < most_per_artist for name in names):
            picked.append(row)
            taken.update(names)
    return picked
