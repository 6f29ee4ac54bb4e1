"""The default model: a forest, boosted trees and two kernels speak with one voice.

Each member's log odds for songs that it had not learned from (on inner folds, or left out
analytically) go into a logistic regression whose weights are pulled towards an average in which
the kernels count more than the trees, the more so the fewer labels there are: with few labels it
is that average, with many a stack. As it is fitted on held-out log odds of verdicts, it calibrates
the blend as well, also where hints (``taste.hints``) made the members expect too many likes. How
deep the boosted trees grow, and how wide and smooth the kernels are, is chosen inside
(``taste.tree_search``, ``taste.kernel_fit``). What artists add comes last (``taste.offsets``,
``taste.expert``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, logit

from musicrec.domain.report import Settings
from musicrec.taste.boosting import Trees, fit_boosting, fit_forest, p_like_of
from musicrec.taste.encode import Encoded, Floats, Labels
from musicrec.taste.expert import Expert, fit_expert
from musicrec.taste.fit import shrunken
from musicrec.taste.hints import Weights, amounts, bounded, verdict_rows
from musicrec.taste.kernel import KernelModel
from musicrec.taste.kernel_fit import fit_kernel
from musicrec.taste.offsets import Offsets, fit_offsets
from musicrec.taste.one_thread import one_thread
from musicrec.taste.ridge import fit_ridge
from musicrec.taste.tree_search import held_out_trees

N_MEMBERS: Final = 4
_PULL: Final = 60.0
"""Penalty on the weights' distance from where they start."""

_TREES_HALVED: Final = 100
"""Labels with which a tree member starts at half of a kernel's weight."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """How the members' log odds add up.

    Attributes:
        weights: Of forest, boosted trees, wide and narrow kernel.
        intercept: Moves the sum to the listener's share of likes.
    """

    weights: tuple[float, ...]
    intercept: float


@dataclass(frozen=True, eq=False, slots=True)
class Blend:
    """Fitted members and how they go together.

    Attributes:
        forest: On all labels, as the other members.
        boosting: Boosted trees.
        kernel: Both kernels.
        mixture: Of the four.
        offsets: Of artists.
        expert: On known artists; None where too few songs share an artist.
        n_likes: Likes it was fitted on, hints not counted.
        n_dislikes: Dislikes it was fitted on.
        settings: What was chosen while fitting; None where it was read from a file.
    """

    forest: Trees
    boosting: Trees
    kernel: KernelModel
    mixture: Mixture
    offsets: Offsets
    expert: Expert | None
    n_likes: int
    n_dislikes: int
    settings: Settings | None = None

    @property
    def n_labels(self) -> int:
        """Verdicts it was fitted on."""
        return self.n_likes + self.n_dislikes

    def log_odds(self, songs: Encoded) -> Floats:
        """Return how surely every song is liked, shape ``(n_songs,)``."""
        if not len(songs.features):
            return np.empty(0)
        voices = self.voices(songs.features)
        audio = voices @ np.array(self.mixture.weights) + self.mixture.intercept
        log_odds = audio + self.offsets.of(songs.credits)
        return log_odds if self.expert is None else self.expert.moved(log_odds, audio, songs)

    def probabilities(self, songs: Encoded) -> Floats:
        """Return the probability of a like for every song, as ``Fitted.probabilities`` does."""
        return shrunken(expit(self.log_odds(songs)), self.n_likes, self.n_dislikes)

    def voices(self, features: Floats) -> Floats:
        """Return every member's own log odds, shape ``(n_songs, 4)``."""
        with one_thread():
            trees = [p_like_of(trees, features) for trees in (self.forest, self.boosting)]
            kernels = self.kernel.log_odds(features)
        return np.column_stack([_bounded(np.column_stack(trees), self.n_labels), kernels])


def fit_blend(
    songs: Encoded, liked: Labels, *, seed: int, weights: Weights = None
) -> tuple[Blend, Floats]:
    """Fit the blend on at least two verdicts of each kind, and hints.

    Returns:
        The blend, and log odds of every training song by members, mixture, offsets and expert that
        had not learned it.
    """
    features, weights = songs.features, bounded(weights)
    verdicts = verdict_rows(weights, len(liked))
    trees, depth = held_out_trees(features, liked, seed=seed, weights=weights)
    kernel, voices = fit_kernel(features, liked, seed=seed, columns=songs.telling, weights=weights)
    mixture, audio = _mix(np.column_stack([_bounded(trees, len(verdicts)), voices]), liked, weights)
    offsets, left_out = fit_offsets(audio, songs.credits, liked, seed=seed, weights=weights)
    expert, left_out = fit_expert(
        audio, left_out, songs, liked, belief=offsets.belief, seed=seed, weights=weights
    )
    blend = Blend(
        forest=fit_forest(features, liked, seed=seed, weights=weights),
        boosting=fit_boosting(features, liked, seed=seed, depth=depth, weights=weights),
        kernel=kernel,
        mixture=mixture,
        offsets=offsets,
        expert=expert,
        n_likes=int(liked[verdicts].sum()),
        n_dislikes=int((~liked[verdicts]).sum()),
        settings=Settings(depth, kernel.width, kernel.penalties),
    )
    return blend, left_out


def _mix(voices: Floats, liked: Labels, weights: Weights) -> tuple[Mixture, Floats]:
    """Stack the members' held-out log odds; few labels teach the trees next to nothing.

    Returns:
        The mixture, and its log odds of every song from a mixture without it.
    """
    n_labels = float(amounts(weights, len(liked)).sum())
    trees = n_labels / (n_labels + _TREES_HALVED)
    trust = np.array([trees, trees, 1.0, 1.0])
    trust *= N_MEMBERS / trust.sum()
    verdicts = verdict_rows(weights, len(liked))
    told = voices * trust
    stack = fit_ridge(told[verdicts], liked[verdicts], penalty=_PULL, start=1 / N_MEMBERS)
    left_out = stack.log_odds(told)
    left_out[verdicts] = stack.left_out
    return Mixture(tuple((stack.weights * trust).tolist()), stack.intercept), left_out


def _bounded(p_like: Floats, n_labels: int) -> Floats:
    """Return log odds that are no surer than half a label of the other kind would leave them."""
    least = 0.5 / (n_labels + 2)
    return logit(np.clip(p_like, least, 1 - least))
