"""Compare the blend and the algorithms by repeated stratified cross-validation.

All play all folds plainly. Where likes and dislikes are far from balanced, the best
``N_FINALISTS`` algorithms try class weights, undersampling and oversampling on the folds of the
first repeat; a remedy replaces the plain way only where its AUC there is higher by more than one
standard error of the differences between folds, and then plays the other repeats.

Whatever is fitted or chosen (encoding, scaling, resampling, calibration, the blend's mixture, the
variance of artists) is fitted on each training fold alone. So is the choice of the one to keep
(``taste.choose``) in the report's ``auto``: its figures are the whole procedure's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np

from musicrec.domain.errors import BadInputError
from musicrec.domain.report import LearningCurve, Report
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.choose import auto_trial, best_first, chosen_first
from musicrec.taste.curves import learning_curve
from musicrec.taste.encode import Floats
from musicrec.taste.folds import Fold, GroupBy, Plan, plan_folds
from musicrec.taste.learn import BLEND
from musicrec.taste.reporting import Findings, mean_out_of_fold, report_of
from musicrec.taste.sampling import Sampling, rarer_count, remedies_for
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Arena, Contender, Progress, Trial

N_FINALISTS: Final = 2
NEARLY_BALANCED: Final = 0.45
"""From this share of the rarer label on, balancing would change next to nothing."""

CURVE_SHARES: Final = (1 / 8, 1 / 4, 1 / 2)
FEWEST_FOR_CURVE: Final = 10


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
    thorough: bool,
) -> Comparison:
    """Compare as the module says; see ``evaluate`` for the arguments and errors.

    A ``thorough`` comparison also measures new artists and draws the learning curve.
    """
    plan = plan_folds(training, folds=folds, repeats=repeats, group_by=group_by, seed=seed)
    imbalanced = rarer_count(training.liked) < NEARLY_BALANCED * len(training.liked)
    grouped = _grouped_folds(training, folds, group_by, seed) if thorough else ()
    curve = _curve_folds(plan, training, seed) if thorough else []
    total = _most_fits(plan, remedies=imbalanced) + len(grouped)
    total += sum(map(len, curve))
    arena = Arena(training.liked, seed=seed, jobs=jobs, total=total, progress=progress)
    n_labels = len(training.liked)
    trials = arena.play([Contender(key) for key in (BLEND, *ALGORITHMS)], plan.folds)
    if imbalanced:
        trials = _with_remedies(arena, trials, plan)
    trials = chosen_first(trials, plan.n_folds, n_labels=n_labels)
    winner = trials[0].contender
    findings = Findings(
        trials=trials,
        auto=auto_trial(trials, plan.n_folds, n_labels=n_labels),
        new_artists=arena.play([winner], grouped)[0] if grouped else None,
        learning_curve=_curve(arena, trials[0], plan, curve, seed),
        imbalanced=imbalanced,
    )
    arena.finish()
    report = report_of(training, plan, findings, group_by=group_by)
    return Comparison(report, winner, mean_out_of_fold(trials[0], plan, n_labels))


def _with_remedies(arena: Arena, trials: Sequence[Trial], plan: Plan) -> list[Trial]:
    simple = [trial for trial in best_first(trials) if trial.contender.algorithm != BLEND]
    finalists = simple[:N_FINALISTS]
    others = [trial for trial in trials if trial not in finalists]
    return [*_try_remedies(arena, finalists, plan), *others]


def _try_remedies(arena: Arena, finalists: Sequence[Trial], plan: Plan) -> list[Trial]:
    """Return each finalist's trial with the way of handling imbalance that suits it best."""
    first = [fold for fold in plan.folds if fold.repeat == 0]
    others = plan.folds[len(first) :]
    remedies = [
        Contender(trial.contender.algorithm, remedy)
        for trial in finalists
        for remedy in remedies_for(ALGORITHMS[trial.contender.algorithm])
    ]
    tried = arena.play(remedies, first)
    chosen = [_clearly_better(trial, tried, len(first)) for trial in finalists]
    rest = iter(arena.play([trial.contender for trial in chosen if trial in tried], others))
    return [trial.joined(next(rest)) if trial in tried else trial for trial in chosen]


def _clearly_better(plain: Trial, tried: Sequence[Trial], n_folds: int) -> Trial:
    """Return the best remedy of the same algorithm, or ``plain`` where none stands out."""
    own = [trial for trial in tried if trial.contender.algorithm == plain.contender.algorithm]
    best = best_first(own)[0]
    gains = best.aucs - plain.aucs[:n_folds]
    standard_error = float(gains.std(ddof=1)) / np.sqrt(n_folds)
    return best if gains.mean() > standard_error else plain


def _grouped_folds(
    training: TrainingSet, folds: int, group_by: GroupBy, seed: int
) -> tuple[Fold, ...]:
    """Divide by artist once, where that is possible and not what the comparison does anyway."""
    if group_by == "artist":
        return ()
    try:
        plan = plan_folds(training, folds=folds, repeats=1, group_by="artist", seed=seed)
    except BadInputError:
        return ()
    return plan.folds


def _curve_folds(plan: Plan, training: TrainingSet, seed: int) -> list[list[Fold]]:
    """Return the folds of the first repeat with fewer songs to learn from, for every size."""
    first = [fold for fold in plan.folds if fold.repeat == 0]
    sizes = [
        [fold.with_share(share, training.liked, seed) for fold in first] for share in CURVE_SHARES
    ]
    enough = [all(len(fold.train) >= FEWEST_FOR_CURVE for fold in folds) for folds in sizes]
    return list(compress(sizes, enough))


def _curve(
    arena: Arena, winner: Trial, plan: Plan, sizes: Sequence[Sequence[Fold]], seed: int
) -> LearningCurve | None:
    if not sizes:
        return None
    n_first = sum(fold.repeat == 0 for fold in plan.folds)
    aucs = [arena.play([winner.contender], folds)[0].aucs for folds in sizes]
    n_labels = [round(np.mean([len(fold.train) for fold in folds])) for folds in sizes]
    n_full = round(np.mean([len(fold.train) for fold in plan.folds]))
    n_now = len(plan.folds[0].train) + len(plan.folds[0].test)
    return learning_curve([*n_labels, n_full], [*aucs, winner.aucs[:n_first]], n_now, seed=seed)


def _most_fits(plan: Plan, *, remedies: bool) -> int:
    plain = (len(ALGORITHMS) + 1) * len(plan.folds)
    n_remedies = len(Sampling) - 1
    tried = N_FINALISTS * (n_remedies * plan.n_folds + len(plan.folds) - plan.n_folds)
    return plain + tried * remedies
