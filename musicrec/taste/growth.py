"""What more labels would bring to a model that was trained without asking."""

from collections.abc import Sequence

import numpy as np

from musicrec.domain.report import LearningCurve
from musicrec.taste.algorithms import MOST_LABELS
from musicrec.taste.compare import CURVE_SHARES, FEWEST_FOR_CURVE
from musicrec.taste.curves import learning_curve
from musicrec.taste.folds import Fold, plan_folds
from musicrec.taste.learning import FOLDS
from musicrec.taste.sampling import Sampling
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Arena, Contender

FEWEST_POINTS = 2
"""A curve cannot be drawn through less."""


def measure_growth(
    training: TrainingSet, algorithm: str, sampling: str, *, seed: int = 0
) -> LearningCurve | None:
    """Let one way of learning learn from an eighth, a quarter, half and all of each fold's songs.

    Args:
        training: Labelled songs.
        algorithm: ``AlgorithmResult.algorithm`` of the one to measure.
        sampling: ``AlgorithmResult.sampling`` of it.
        seed: Decides the folds and the songs of each size.

    Returns:
        None where half of a fold's songs are too few to learn from: below some 25 labels.
    """
    contender = Contender(algorithm, Sampling(sampling))
    training = training.at_most(MOST_LABELS, seed=seed)
    plan = plan_folds(training, folds=FOLDS, repeats=1, group_by=None, seed=seed)
    shares = [share for share in (*CURVE_SHARES, 1.0) if _is_enough(plan.folds, share)]
    if len(shares) < FEWEST_POINTS:
        return None
    n_fits = len(shares) * len(plan.folds)
    arena = Arena(training.liked, seed=seed, jobs=1, total=n_fits, progress=None)
    sizes = [
        [fold.with_share(share, training.liked, seed) for fold in plan.folds] for share in shares
    ]
    return learning_curve(
        [round(float(np.mean([len(fold.verdicts) for fold in folds]))) for folds in sizes],
        [arena.play([contender], folds)[0].aucs for folds in sizes],
        len(training.verdicts),
        seed=seed,
    )


def _is_enough(folds: Sequence[Fold], share: float) -> bool:
    return all(int(share * len(fold.verdicts)) >= FEWEST_FOR_CURVE for fold in folds)
