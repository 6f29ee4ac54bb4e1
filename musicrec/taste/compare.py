"""Compare the blend and the algorithms by repeated stratified cross-validation.

A thorough comparison lets all play all folds plainly. Where likes and dislikes are far from
balanced, the best ``N_FINALISTS`` algorithms try class weights, undersampling and oversampling on
the folds of the first repeat; a remedy replaces the plain way only where its AUC there is higher by
more than one standard error of the differences between folds, and then plays the other repeats.
Beside hints (``taste.hints``) no remedies are tried: they have another balance than the verdicts.

A light one is a race (``taste.race``), with remedies for the best algorithm alone, and takes the
blend's predictions as given: the fitted blend has log odds of every song that its parts had not
learned, which cost nothing more and are as good as nested folds (docs/benchmarks.md).

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
from musicrec.taste.encode import Floats, Labels
from musicrec.taste.folds import Fold, GroupBy, Plan, later_fold, plan_folds
from musicrec.taste.learn import BLEND
from musicrec.taste.race import ALGORITHM_RUNGS, REMEDY_RUNGS, Rung, n_fits, race
from musicrec.taste.reporting import Findings, mean_out_of_fold, report_of
from musicrec.taste.sampling import Sampling, rarer_count, remedies_for
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Arena, Contender, Progress, Trial, trial_of

NEARLY_BALANCED: Final = 0.45
"""From this share of the rarer label on, balancing would change next to nothing."""

CURVE_SHARES: Final = (1 / 8, 1 / 4, 1 / 2)
FEWEST_FOR_CURVE: Final = 10


@dataclass(frozen=True, slots=True)
class _Budget:
    """How much is tried."""

    n_finalists: int
    rungs: tuple[Rung, ...] = ()
    remedy_rungs: tuple[Rung, ...] = ()
    plays_blend: bool = True

    def most_fits(self, plan: Plan, *, remedies: bool) -> int:
        """Count the fits there can be."""
        n_all = len(plan.folds)
        plain = self.plays_blend * n_all + n_fits(len(ALGORITHMS), n_all, self.rungs)
        n_remedies = len(Sampling) - 1
        tried = n_fits(n_remedies, plan.n_folds, self.remedy_rungs) + n_all - plan.n_folds
        return plain + self.n_finalists * tried * remedies


_THOROUGH: Final = _Budget(n_finalists=2)
_LIGHT: Final = _Budget(1, ALGORITHM_RUNGS, REMEDY_RUNGS, plays_blend=False)


@dataclass(frozen=True, eq=False, slots=True)
class Blended:
    """A blend fitted on all songs.

    Attributes:
        p_like: For every song, by parts that had not learned it, shape ``(n_songs,)``.
        seconds: Spent on it.
    """

    p_like: Floats
    seconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found.

    Attributes:
        report: For people.
        winner: What to refit.
        out_of_fold: The winner's probability for every song with a verdict from models that did
            not learn from it, averaged over repeats, shape ``(n_verdicts,)``.
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
    blended: Blended | None = None,
) -> Comparison:
    """Compare as the module says; see ``evaluate`` for the arguments and errors.

    With a ``blended`` the comparison is light; without, it is thorough, measures new artists and
    later labels as well and draws the learning curve.
    """
    thorough = blended is None
    plan = plan_folds(training, folds=folds, repeats=repeats, group_by=group_by, seed=seed)
    said = training.liked[training.verdicts]
    n_labels = len(said)
    imbalanced = rarer_count(said) < NEARLY_BALANCED * n_labels
    tries_remedies = imbalanced and training.weights is None
    grouped = _grouped_folds(training, folds, group_by, seed) if thorough else ()
    later = _later_folds(training) if thorough else []
    curve = _curve_folds(plan, training, seed) if thorough else []
    budget = _THOROUGH if thorough else _LIGHT
    total = budget.most_fits(plan, remedies=tries_remedies) + sum(
        map(len, (grouped, later, *curve))
    )
    arena = Arena(training.liked, seed=seed, jobs=jobs, total=total, progress=progress)
    blend = _blend_trial(arena, plan, training.liked, blended)
    raced = race(arena, [Contender(key) for key in ALGORITHMS], plan.folds, budget.rungs)
    trials = [blend, *raced.finished]
    if tries_remedies:
        trials = _with_remedies(arena, trials, plan, budget)
    trials = chosen_first(trials, plan.n_folds, n_labels=n_labels)
    winner = trials[0].contender
    findings = Findings(
        trials=(*trials, *raced.stopped),
        auto=auto_trial(trials, plan.n_folds, n_labels=n_labels),
        new_artists=arena.play([winner], grouped)[0] if grouped else None,
        later=arena.play([winner], later)[0] if later else None,
        learning_curve=_curve(arena, trials[0], plan, curve, seed),
        imbalanced=imbalanced,
    )
    arena.finish()
    report = report_of(training, plan, findings, group_by=group_by)
    return Comparison(report, winner, mean_out_of_fold(trials[0], plan, training))


def _blend_trial(arena: Arena, plan: Plan, liked: Labels, blended: Blended | None) -> Trial:
    blend = Contender(BLEND)
    if blended is None:
        return arena.play([blend], plan.folds)[0]
    p_like = [blended.p_like[fold.test] for fold in plan.folds]
    return trial_of(blend, plan.folds, p_like, liked, blended.seconds)


def _with_remedies(
    arena: Arena, trials: Sequence[Trial], plan: Plan, budget: "_Budget"
) -> list[Trial]:
    simple = [trial for trial in best_first(trials) if trial.contender.algorithm != BLEND]
    finalists = simple[: budget.n_finalists]
    others = [trial for trial in trials if trial not in finalists]
    tried = [_try_remedies(arena, trial, plan, budget.remedy_rungs) for trial in finalists]
    return [*tried, *others]


def _try_remedies(arena: Arena, plain: Trial, plan: Plan, rungs: Sequence[Rung] = ()) -> Trial:
    """Return a finalist's trial with the way of handling imbalance that suits it best."""
    first = [fold for fold in plan.folds if fold.repeat == 0]
    key = plain.contender.algorithm
    remedies = [Contender(key, remedy) for remedy in remedies_for(ALGORITHMS[key])]
    chosen = _clearly_better(plain, race(arena, remedies, first, rungs).finished, len(first))
    if chosen is plain:
        return plain
    return chosen.joined(arena.play([chosen.contender], plan.folds[len(first) :])[0])


def _clearly_better(plain: Trial, tried: Sequence[Trial], n_folds: int) -> Trial:
    """Return the best remedy, or ``plain`` where none stands out."""
    best = best_first(tried)[0]
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


def _later_folds(training: TrainingSet) -> list[Fold]:
    fold = later_fold(training)
    return [] if fold is None else [fold]


def _curve_folds(plan: Plan, training: TrainingSet, seed: int) -> list[list[Fold]]:
    """Return the folds of the first repeat with fewer songs to learn from, for every size."""
    first = [fold for fold in plan.folds if fold.repeat == 0]
    sizes = [
        [fold.with_share(share, training.liked, seed) for fold in first] for share in CURVE_SHARES
    ]
    enough = [all(len(fold.verdicts) >= FEWEST_FOR_CURVE for fold in folds) for folds in sizes]
    return list(compress(sizes, enough))


def _curve(
    arena: Arena, winner: Trial, plan: Plan, sizes: Sequence[Sequence[Fold]], seed: int
) -> LearningCurve | None:
    if not sizes:
        return None
    n_first = sum(fold.repeat == 0 for fold in plan.folds)
    aucs = [arena.play([winner.contender], folds)[0].aucs for folds in sizes]
    n_labels = [round(np.mean([len(fold.verdicts) for fold in folds])) for folds in sizes]
    n_full = round(np.mean([len(fold.verdicts) for fold in plan.folds]))
    n_now = len(plan.folds[0].verdicts) + len(plan.folds[0].test)
    return learning_curve([*n_labels, n_full], [*aucs, winner.aucs[:n_first]], n_now, seed=seed)
