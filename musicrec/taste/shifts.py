"""What a list took over from the answers to the list before it, in words."""

from typing import Final

import numpy as np
import pandas as pd

from musicrec.domain.features import FEATURE_NAMES, LIKED
from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Floats
from musicrec.taste.profile import MIN_EFFECT, NO_SCALE
from musicrec.taste.words import WORDINGS

FEWEST_ANSWERS: Final = 3
"""Likes, and as many dislikes, below which answers lean to no side."""
MIN_STEP: Final = 0.2
"""Between the means of the two lists; Cohen's "small"."""
_MOST_WORDS: Final = 2


def shifts(
    answered: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame, catalogue: pd.DataFrame
) -> tuple[str, ...]:
    """Return what a list is more than the one before, where the answers to that one ask for it.

    A feature is named where likes and dislikes differ by at least ``MIN_EFFECT`` and the second
    list lies at least ``MIN_STEP`` from the first one on the side of the likes, both in standard
    deviations of the catalogue. The largest step comes first.

    Args:
        answered: Song table of the first list's rated songs, with the column ``liked``.
        before: Song table of the first list.
        now: Song table of the second list.
        catalogue: Song table of everything, or of a fair sample.
    """
    liked = answered[LIKED].to_numpy(dtype=np.bool_)
    said = clean_features(answered)
    lists, whole = (clean_features(before), clean_features(now)), clean_features(catalogue)
    steps: list[tuple[float, str]] = []
    for name in FEATURE_NAMES:
        if name not in WORDINGS.keys() - NO_SCALE:
            continue
        values = _values(said, name)
        step = _step(
            (_known(values[liked]), _known(values[~liked])),
            (_known(_values(lists[0], name)), _known(_values(lists[1], name))),
            spread=_spread(_known(_values(whole, name))),
        )
        if step:
            steps.append((step, WORDINGS[name].more if step > 0 else WORDINGS[name].less))
    steps.sort(key=lambda one: -abs(one[0]))
    return tuple(word for _, word in steps[:_MOST_WORDS])


def _step(answers: tuple[Floats, Floats], lists: tuple[Floats, Floats], *, spread: float) -> float:
    """Return how far a list followed the answers, in standard deviations; 0 where it did not."""
    (likes, dislikes), (before, now) = answers, lists
    if min(len(likes), len(dislikes)) < FEWEST_ANSWERS or not (len(before) and len(now) and spread):
        return 0.0
    wanted = float(likes.mean() - dislikes.mean()) / spread
    step = float(now.mean() - before.mean()) / spread
    follows = abs(wanted) >= MIN_EFFECT and abs(step) >= MIN_STEP and wanted * step > 0
    return step if follows else 0.0


def _values(songs: pd.DataFrame, name: str) -> Floats:
    """Return a column; of songs without it, nothing but unknown values."""
    return songs[name].to_numpy(dtype=np.float64) if name in songs else np.full(len(songs), np.nan)


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _spread(values: Floats) -> float:
    return float(values.std()) if len(values) else 0.0
