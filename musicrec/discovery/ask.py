"""Which song to ask about next.

Before a model exists: well-known songs, from the genre asked about least. With a model: half the
time a song whose answer would teach the most (the model is unsure), half the time one that will
probably be liked, so that rating stays fun.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import GENRE

_SAMPLE = 200
"""How many random candidates the model's opinion chooses among, so that sessions differ."""

_WELL_KNOWN = 0.2
"""Share of a genre's most popular songs that a first question is drawn from."""

_FEWEST_WELL_KNOWN = 20


def choose_to_rate(
    songs: pd.DataFrame,
    candidates: NDArray[np.intp],
    asked_genres: Iterable[str],
    p_like: NDArray[np.floating] | None,
    rng: np.random.Generator,
) -> int:
    """Choose one of ``candidates``.

    Args:
        songs: The catalogue's song table, most popular first.
        candidates: Row numbers that may be asked, ascending, at least one.
        asked_genres: The genre of every song asked so far, with repetitions.
        p_like: Probability of a like for every row of ``songs``; None without a model.
        rng: Source of chance.

    Returns:
        A row number of ``songs``.
    """
    if p_like is None:
        return _well_known(songs, candidates, Counter(asked_genres), rng)
    sample = rng.choice(candidates, size=min(_SAMPLE, len(candidates)), replace=False)
    chances = p_like[sample]
    wish = -np.abs(chances - 0.5) if rng.random() < 0.5 else chances  # noqa: PLR2004 - an even coin; 0.5 is where the model is least sure
    return int(sample[np.argmax(wish)])


def _well_known(
    songs: pd.DataFrame,
    candidates: NDArray[np.intp],
    asked: Counter[str],
    rng: np.random.Generator,
) -> int:
    genres = songs[GENRE].to_numpy()[candidates]
    known = sorted({genre for genre in genres if isinstance(genre, str)})
    if known:
        fewest = min(asked[genre] for genre in known)
        genre = rng.choice([genre for genre in known if asked[genre] == fewest])
        candidates = candidates[genres == genre]
    head = max(_FEWEST_WELL_KNOWN, int(len(candidates) * _WELL_KNOWN))
    return int(rng.choice(candidates[:head]))
