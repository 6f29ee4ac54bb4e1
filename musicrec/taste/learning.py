"""The two things to do with a training set: evaluate on it, and train a model from it."""

import time
from dataclasses import replace
from typing import Final

from scipy.special import expit

from musicrec.domain.report import Report
from musicrec.taste.algorithms import MOST_LABELS
from musicrec.taste.blend import Blend, fit_blend
from musicrec.taste.compare import Blended, compare
from musicrec.taste.encode import Encoded, Encoding
from musicrec.taste.fit import shrunken
from musicrec.taste.folds import GroupBy
from musicrec.taste.learn import BLEND, Learned, learn
from musicrec.taste.model import TasteModel
from musicrec.taste.one_thread import one_thread
from musicrec.taste.sampling import Sampling
from musicrec.taste.tallies import Tallies
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Contender, Progress
from musicrec.taste.typical import Typical

FOLDS: Final = 5
FOLDS_OF_MANY: Final = 3
MANY_LABELS: Final = 1000


def evaluate(
    training: TrainingSet,
    *,
    folds: int = FOLDS,
    repeats: int = 3,
    group_by: GroupBy = None,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
    most_labels: int = MOST_LABELS,
) -> Report:
    """Compare the blend and all algorithms by repeated stratified cross-validation.

    ``taste.compare`` says how the comparison works; its report's ``auto`` is what the choice of the
    best one achieves on songs that it was not made on, and its ``settings`` are those of a blend of
    all labels.

    Args:
        training: Labelled songs.
        folds: Wanted folds; fewer are used, with a notice, where the rarer label is rarer.
        repeats: Shuffles.
        group_by: ``"artist"`` keeps every main artist's songs in one fold, so that the figures
            are about artists never rated.
        seed: Equal seeds give equal figures (except for the times), whatever ``jobs`` is.
        jobs: Processes; 1 inside a pool worker.
        progress: Told about every fit.
        most_labels: Of more labels a sample is learned from, and a notice says so.

    Raises:
        BadInputError: Less than 2 folds or 1 repeat, or artists are asked for but not known.
    """
    training = training.at_most(most_labels, seed=seed)
    report = compare(
        training,
        folds=folds,
        repeats=repeats,
        group_by=group_by,
        seed=seed,
        jobs=jobs,
        progress=progress,
    ).report
    if report.best.algorithm != BLEND:
        return report
    songs = Encoding.of(training.songs).encode(training.songs)
    kept = learn(BLEND, Sampling.NONE, songs, training.liked, seed=seed, weights=training.weights)
    return replace(report, settings=kept.settings if isinstance(kept, Blend) else None)


def train(
    training: TrainingSet,
    *,
    folds: int | None = None,
    repeats: int = 1,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
    most_labels: int = MOST_LABELS,
) -> TasteModel:
    """Fit the blend, compare it lightly with the algorithms (``taste.compare``), and keep the best.

    Without ``folds``, 5 are used up to 1,000 labels and 3 above, which measure large sets well
    enough. The blend's figures and ``out_of_fold`` are those of its own held-out parts.

    Raises:
        BadInputError: Less than 2 folds or 1 repeat.
    """
    training = training.at_most(most_labels, seed=seed)
    encoding = Encoding.of(training.songs)
    songs = encoding.encode(training.songs)
    started = time.perf_counter()
    with one_thread():
        blend, left_out = fit_blend(songs, training.liked, seed=seed, weights=training.weights)
    p_like = shrunken(expit(left_out), blend.n_likes, blend.n_dislikes)
    comparison = compare(
        training,
        folds=folds or (FOLDS if len(training.verdicts) <= MANY_LABELS else FOLDS_OF_MANY),
        repeats=repeats,
        group_by=None,
        seed=seed,
        jobs=jobs,
        progress=progress,
        blended=Blended(p_like, time.perf_counter() - started),
    )
    winner = comparison.winner
    kept_blend = winner.algorithm == BLEND
    rated, liked = training.songs.iloc[training.verdicts], training.liked[training.verdicts]
    return TasteModel(
        report=replace(comparison.report, settings=blend.settings if kept_blend else None),
        algorithm=winner.algorithm,
        encoding=encoding,
        fitted=blend if kept_blend else _refitted(winner, training, songs, seed),
        typical=Typical.of(rated, encoding.feature_names),
        tallies=Tallies.of(rated, liked),
        out_of_fold=comparison.out_of_fold,
        liked=liked,
        fingerprints=training.fingerprints,
    )


def _refitted(winner: Contender, training: TrainingSet, songs: Encoded, seed: int) -> Learned:
    return learn(
        winner.algorithm,
        winner.sampling,
        songs,
        training.liked,
        seed=seed,
        weights=training.weights,
    )
