"""The two things to do with a training set: evaluate on it, and train a model from it."""

from musicrec.domain.report import Report
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.compare import compare
from musicrec.taste.encode import Encoding
from musicrec.taste.fit import fit
from musicrec.taste.folds import GroupBy
from musicrec.taste.model import TasteModel
from musicrec.taste.reasons import Typical
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Progress


def evaluate(
    training: TrainingSet,
    *,
    folds: int = 5,
    repeats: int = 3,
    group_by: GroupBy = None,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Compare all algorithms by repeated stratified cross-validation.

    The figures of the best one are slightly optimistic: it was chosen on the folds that they
    come from. ``taste.compare`` says how the comparison works.

    Args:
        training: Labelled songs.
        folds: Wanted folds; fewer are used, with a notice, where the rarer label is rarer.
        repeats: Shuffles.
        group_by: ``"artist"`` keeps every main artist's songs in one fold, so that the figures
            are about artists never rated.
        seed: Equal seeds give equal figures (except for the times), whatever ``jobs`` is.
        jobs: Processes; 1 inside a pool worker.
        progress: Told about every fit.

    Raises:
        BadInputError: Less than 2 folds or 1 repeat, or artists are asked for but not known.
    """
    return compare(
        training,
        folds=folds,
        repeats=repeats,
        group_by=group_by,
        seed=seed,
        jobs=jobs,
        progress=progress,
    ).report


def train(
    training: TrainingSet,
    *,
    folds: int = 5,
    repeats: int = 1,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
) -> TasteModel:
    """Compare all algorithms as ``evaluate`` does and refit the best one on every label.

    Raises:
        BadInputError: Less than 2 folds or 1 repeat.
    """
    comparison = compare(
        training,
        folds=folds,
        repeats=repeats,
        group_by=None,
        seed=seed,
        jobs=jobs,
        progress=progress,
    )
    encoding = Encoding.of(training.songs)
    winner = comparison.winner
    features = encoding.matrix(training.songs)
    return TasteModel(
        report=comparison.report,
        algorithm=winner.algorithm,
        encoding=encoding,
        fitted=fit(
            ALGORITHMS[winner.algorithm], winner.sampling, features, training.liked, seed=seed
        ),
        typical=Typical.of(training.songs, encoding.feature_names),
        out_of_fold=comparison.out_of_fold,
        liked=training.liked,
        fingerprints=training.fingerprints,
    )
