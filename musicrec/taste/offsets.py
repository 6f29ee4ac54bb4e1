"""What a listener thinks of an artist, beyond how the music sounds.

Every artist shifts the log odds of their songs by an offset that is pulled towards zero. Offsets
are fitted on log odds that the audio models gave to songs they had not learned from: otherwise
models that know the songs by heart would leave nothing to explain. A new artist has the offset
zero, so that their songs keep the prediction from audio exactly.
"""

# scipy leaves sparse products open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from musicrec.taste.credits import GUEST_WEIGHT, Credits, Incidence, for_each, incidence
from musicrec.taste.encode import Floats, Labels, Rows
from musicrec.taste.hints import Weights, amounts, inner_folds, log_odds_by_hints, verdict_rows
from musicrec.taste.sampling import rarer_count

VARIANCES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
"""Of the offsets among artists; the labels say which to believe in."""

_USUAL_VARIANCE: Final = 2.0
_DOUBT: Final = 2.0
"""Variance of the logarithm around the usual one; below some 300 labels it matters."""

_FOLDS: Final = 8
_FEWEST_OF_A_KIND: Final = 2
_MOST_STEPS: Final = 40
_CONVERGED: Final = 3e-3
_LARGEST_STEP: Final = 2.0


@dataclass(frozen=True, slots=True)
class Offsets:
    """What artists add.

    Attributes:
        by_artist: Log odds by artist key; empty where artists say nothing.
        belief: How sure it is that artists matter, in [0, 1]; of use while fitting alone.
    """

    by_artist: Mapping[str, float]
    belief: float = 0.0

    def of(self, credits_: Credits) -> Floats:
        """Return every song's shift: its main artist's, and half of each guest's."""
        if not self.by_artist:
            return np.zeros(len(credits_))
        known = self.by_artist
        return np.array(for_each(lambda keys: _shift(keys, known), credits_), dtype=np.float64)


def fit_offsets(
    audio: Floats, credits_: Credits, liked: Labels, *, seed: int, weights: Weights = None
) -> tuple[Offsets, Floats]:
    """Fit the offsets for every variance and average them.

    A variance weighs what its cross-validated likelihood of the verdicts and its prior say, and
    "artists do not matter" is one of the candidates.

    Args:
        audio: Log odds from models that had not learned the song, shape ``(n_songs,)``.
        credits_: Of the songs.
        liked: Labels.
        seed: Decides the folds.
        weights: Of the labels.

    Returns:
        The offsets, none where no artist is there twice; and the log odds of every song with
        offsets that had not learned it.
    """
    artists = {key: row for row, key in enumerate(sorted({k for keys in credits_ for k in keys}))}
    verdicts = verdict_rows(weights, len(liked))
    if len(artists) >= sum(map(len, credits_)) or rarer_count(liked[verdicts]) < _FEWEST_OF_A_KIND:
        return Offsets({}), audio
    songs = incidence(credits_, artists)
    counts = amounts(weights, len(liked))
    tests = [test for _, test in inner_folds(liked, _FOLDS, seed=seed, weights=weights)]
    # Hints are likes more often than audio expects of verdicts, whoever their artists are.
    raised = log_odds_by_hints(liked, weights)
    expected = audio + raised
    held_out = _cross_validated(songs, expected, liked, counts, tests) - raised
    belief = _belief(held_out[verdicts], audio[verdicts], liked[verdicts])
    everyone = np.tile(counts[:, None], len(VARIANCES))
    fitted = _solve(songs, expected, liked, everyone, np.array(VARIANCES)) @ belief
    left_out = audio + (held_out - audio[:, None]) @ belief
    by_artist = dict(zip(artists, fitted.tolist(), strict=True))
    return Offsets(by_artist, float(belief.sum())), left_out


def _belief(held_out: Floats, audio: Floats, liked: Labels) -> Floats:
    """Return every variance's weight; what they lack to 1 is the belief in no offsets at all."""
    losses = np.array([_log_loss(audio, liked), *(_log_loss(each, liked) for each in held_out.T)])
    losses[1:] += np.log(np.array(VARIANCES) / _USUAL_VARIANCE) ** 2 / (2 * _DOUBT)
    weights = np.exp(losses.min() - losses)
    return weights[1:] / weights.sum()


def _cross_validated(
    songs: Incidence, audio: Floats, liked: Labels, counts: Floats, tests: Sequence[Rows]
) -> Floats:
    """Return held-out log odds, one column a variance."""
    n_folds = len(tests)
    learned = np.tile(counts[:, None], n_folds)
    for fold, test in enumerate(tests):
        learned[test, fold] = 0.0
    # Every variance plays every fold, all in one system with a column each.
    masks = np.tile(learned, len(VARIANCES))
    offsets = _solve(songs, audio, liked, masks, np.repeat(VARIANCES, n_folds))
    shifts = (songs @ offsets).reshape(len(liked), len(VARIANCES), n_folds)
    held_out = np.empty((len(liked), len(VARIANCES)))
    for fold, test in enumerate(tests):
        held_out[test] = audio[test, None] + shifts[test, :, fold]
    return held_out


def _solve(
    songs: Incidence, audio: Floats, liked: Labels, masks: Floats, variances: Floats
) -> Floats:
    """Return the most probable offsets, artists by columns of ``masks``: how much songs count.

    Newton's steps for each artist alone, damped where songs are shared, which keeps every step an
    improvement without ever solving a linear system.

    Source:
        De Pierro (1995), "A modified EM algorithm for penalized likelihood estimation", IEEE TMI
        14: the separable bound on the curvature.
    """
    offsets = np.zeros((songs.shape[1], masks.shape[1]))
    shared = songs.multiply(np.asarray(songs.sum(axis=1)).reshape(-1, 1)).T.tocsr()
    turned = songs.T.tocsr()
    for _ in range(_MOST_STEPS):
        p_like = expit(audio[:, None] + songs @ offsets)
        gradient = turned @ (masks * (liked[:, None] - p_like)) - offsets / variances
        curvature = shared @ (masks * p_like * (1 - p_like)) + 1 / variances
        step = np.clip(gradient / curvature, -_LARGEST_STEP, _LARGEST_STEP)
        offsets += step
        if np.abs(step).max() < _CONVERGED:
            break
    return offsets


def _shift(keys: tuple[str, ...], known: Mapping[str, float]) -> float:
    if not keys:
        return 0.0
    return known.get(keys[0], 0.0) + GUEST_WEIGHT * sum(known.get(key, 0.0) for key in keys[1:])


def _log_loss(log_odds: Floats, liked: Labels) -> float:
    return float(np.logaddexp(0, np.where(liked, -log_odds, log_odds)).sum())
