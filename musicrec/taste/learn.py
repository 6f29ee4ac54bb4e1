"""One door to every way of learning: the algorithms of the registry, and the blend."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.blend import Blend, fit_blend
from musicrec.taste.encode import Encoded, Floats, Labels
from musicrec.taste.fit import Fitted, fit
from musicrec.taste.hints import Weights, verdict_rows
from musicrec.taste.one_thread import one_thread
from musicrec.taste.sampling import Sampling, rarer_count

BLEND: Final = "blend"
TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {BLEND: "blend", **{key: algorithm.title for key, algorithm in ALGORITHMS.items()}}
)
"""Everything that can be learned with, by key; the default first."""

_FEWEST_TO_BLEND: Final = 2

Learned = Fitted | Blend


def learn(
    key: str,
    sampling: Sampling,
    songs: Encoded,
    liked: Labels,
    *,
    seed: int,
    weights: Weights = None,
) -> Learned:
    """Fit the blend or an algorithm; the blend takes songs as they come, ``sampling`` or not.

    With fewer than two verdicts of a kind there is nothing to learn, and the share of likes is
    predicted.
    """
    verdicts = verdict_rows(weights, len(liked))
    if key == BLEND and rarer_count(liked[verdicts]) >= _FEWEST_TO_BLEND:
        with one_thread():
            return fit_blend(songs, liked, seed=seed, weights=weights)[0]
    algorithm = next(iter(ALGORITHMS.values())) if key == BLEND else ALGORITHMS[key]
    return fit(algorithm, sampling, songs.features, liked, seed=seed, weights=weights)


def log_odds_of(learned: Learned, songs: Encoded) -> Floats:
    """Return log odds of a like for every song."""
    if isinstance(learned, Blend):
        return learned.log_odds(songs)
    return learned.log_odds(songs.features)


def probabilities_of(learned: Learned, songs: Encoded) -> Floats:
    """Return the probability of a like for every song, inside (0, 1)."""
    if isinstance(learned, Blend):
        return learned.probabilities(songs)
    return learned.probabilities(songs.features)
