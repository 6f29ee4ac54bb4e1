"""Compare algorithms, and ways of handling imbalance, by repeated stratified cross-validation.

First every algorithm plays all folds plainly. Then, unless likes and dislikes are nearly balanced,
the best ``N_FINALISTS`` try class weights, undersampling and oversampling on the folds of the
first repeat. A remedy replaces the plain way only where its AUC there is higher by more than one
standard error of the differences between folds; it then plays the other repeats as well, so that
all figures of a report stem from the same folds.

Encoding, imputation, scaling, resampling and calibration are fitted on each training fold alone.
The ranking is by ROC AUC to three decimals, because ordering songs is what recommending needs and
no threshold enters; a tie goes to the lower log loss. The winner is chosen on the folds that its
figures come from, so they are slightly optimistic, and the report says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from musicrec.domain.report import AlgorithmResult, Confusion, Report
from musicrec.taste.algorithms import ALGORITHMS, Algorithm
from musicrec.taste.encode import Encoding, Floats
from musicrec.taste.folds import GroupBy, Plan, plan_folds
from musicrec.taste.metrics import confusion_of, majority_metrics, mean_metrics
from musicrec.taste.sampling import Sampling, remedies_for
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Arena, Contender, Progress, Trial

N_FINALISTS: Final = 2
NEARLY_BALANCED: Final = 0.45
"""From this share of the rarer label on, balancing would change next to nothing."""

OPTIMISM: Final = (
    "The best algorithm was chosen on the same folds that its figures come from, "
    "so they are slightly optimistic."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found.

    Attributes:
        report: For people.
        winner: What to refit.
        out_of_fold: The winner's probability for every labelled song from models that did not
            learn from it, averaged over repeats, shape ``(n_songs,)``.
    """

    report: Report
    winner: Contender
    out_of_fold: Floats


def compare(
    training: TrainingSet,
    *,
    folds: int,
    repeats: int,
    group_by: GroupBy,
    seed: int,
    jobs: int,
    progress: Progress | None,
) -> Comparison:
    """Compare as the module says; see ``evaluate`` for the arguments and errors."""
    plan = plan_folds(training, folds=folds, repeats=repeats, group_by=group_by, seed=seed)
    imbalanced = _minority_share(training) < NEARLY_BALANCED
    total = _most_fits(plan, imbalanced=imbalanced)
    arena = Arena(training.liked, seed=seed, jobs=jobs, total=total, progress=progress)
    contenders = [Contender(key, Sampling.NONE) for key in ALGORITHMS]
    trials = _best_first(arena.play(contenders, plan.folds))
    if imbalanced:
        remedied = _try_remedies(arena, trials[:N_FINALISTS], plan)
        trials = _best_first([*remedied, *trials[N_FINALISTS:]])
    arena.finish()
    return Comparison(
        report=_report(training, plan, trials, group_by=group_by, imbalanced=imbalanced),
        winner=trials[0].contender,
        out_of_fold=_mean_out_of_fold(trials[0], plan, len(training.liked)),
    )


def _try_remedies(arena: Arena, finalists: Sequence[Trial], plan: Plan) -> list[Trial]:
    """Return each finalist's trial with the way of handling imbalance that suits it best."""
    first = [fold for fold in plan.folds if fold.repeat == 0]
    others = plan.folds[len(first) :]
    remedies = [
        Contender(trial.contender.algorithm, remedy)
        for trial in finalists
        for remedy in remedies_for(_algorithm(trial))
    ]
    tried = arena.play(remedies, first)
    chosen = [_clearly_better(trial, tried, len(first)) for trial in finalists]
    rest = iter(arena.play([trial.contender for trial in chosen if trial in tried], others))
    return [trial.joined(next(rest)) if trial in tried else trial for trial in chosen]


def _clearly_better(plain: Trial, tried: Sequence[Trial], n_folds: int) -> Trial:
    """Return the best remedy of the same algorithm, or ``plain`` where none stands out."""
    own = [trial for trial in tried if trial.contender.algorithm == plain.contender.algorithm]
    best = _best_first(own)[0]
    gains = best.aucs - plain.aucs[:n_folds]
    standard_error = float(gains.std(ddof=1)) / np.sqrt(n_folds)
    return best if gains.mean() > standard_error else plain


def _best_first(trials: Sequence[Trial]) -> list[Trial]:
    def rank(trial: Trial) -> tuple[float, float]:
        metrics = mean_metrics(trial.metrics)
        return (-round(metrics.roc_auc, 3), metrics.log_loss)

    return sorted(trials, key=rank)


def _most_fits(plan: Plan, *, imbalanced: bool) -> int:
    plain = len(ALGORITHMS) * len(plan.folds)
    n_remedies = len(Sampling) - 1
    tried = N_FINALISTS * (n_remedies * plan.n_folds + len(plan.folds) - plan.n_folds)
    return plain + tried * imbalanced


def _minority_share(training: TrainingSet) -> float:
    rate = float(training.liked.mean())
    return min(rate, 1 - rate)


def _algorithm(trial: Trial) -> Algorithm:
    return ALGORITHMS[trial.contender.algorithm]


def _mean_out_of_fold(trial: Trial, plan: Plan, n_songs: int) -> Floats:
    total = np.zeros(n_songs)
    for fold, p_like in zip(plan.folds, trial.p_like, strict=True):
        total[fold.test] += p_like
    return total / plan.n_repeats


def _report(
    training: TrainingSet,
    plan: Plan,
    trials: Sequence[Trial],
    *,
    group_by: GroupBy,
    imbalanced: bool,
) -> Report:
    n_likes = int(training.liked.sum())
    n_dislikes = len(training.liked) - n_likes
    balance = (
        () if imbalanced else ("Likes and dislikes are nearly balanced: nothing to even out.",)
    )
    return Report(
        n_likes=n_likes,
        n_dislikes=n_dislikes,
        feature_names=Encoding.of(training.songs).feature_names,
        folds=plan.n_folds,
        repeats=plan.n_repeats,
        grouped_by=group_by,
        baseline=majority_metrics(n_likes, n_dislikes),
        results=tuple(_result(trial) for trial in trials),
        confusion=_confusion(trials[0], plan, training),
        notices=(*training.notices, *plan.notices, *balance, OPTIMISM),
    )


def _result(trial: Trial) -> AlgorithmResult:
    return AlgorithmResult(
        algorithm=trial.contender.algorithm,
        title=_algorithm(trial).title,
        sampling=trial.contender.sampling.value,
        metrics=mean_metrics(trial.metrics),
        fit_s=trial.seconds,
    )


def _confusion(trial: Trial, plan: Plan, training: TrainingSet) -> Confusion:
    tested = np.concatenate([fold.test for fold in plan.folds])
    return confusion_of(np.concatenate(trial.p_like), training.liked[tested])
