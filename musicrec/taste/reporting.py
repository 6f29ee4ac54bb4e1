"""Put what a comparison found into a report."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from scipy.stats import t as student

from musicrec.domain.report import AlgorithmResult, LearningCurve, Metrics, Report
from musicrec.taste.baselines import BASELINE_TITLES, play_baselines
from musicrec.taste.choose import standard_error
from musicrec.taste.curves import calibration_bins, calibration_error, roc_points
from musicrec.taste.encode import Encoding, Floats, Labels
from musicrec.taste.folds import GroupBy, Plan
from musicrec.taste.learn import TITLES
from musicrec.taste.metrics import confusion_of, majority_metrics, mean_metrics
from musicrec.taste.training_set import TrainingSet
from musicrec.taste.trials import Trial

_UPPER: Final = 0.975
_LOSSES: Final = frozenset({"brier", "log_loss"})
BALANCED: Final = "Likes and dislikes are nearly balanced: nothing to even out."


@dataclass(frozen=True, eq=False, slots=True)
class Findings:
    """All that was played.

    Attributes:
        trials: The one to keep first; at the end those that were stopped early.
        auto: Of choosing.
        new_artists: Of the one to keep, on folds by artist.
        later: Of the one to keep, on the last labels, learned from the earlier ones.
        learning_curve: Of the one to keep.
        imbalanced: Whether likes and dislikes are far from balanced.
    """

    trials: Sequence[Trial]
    auto: Trial
    new_artists: Trial | None
    later: Trial | None
    learning_curve: LearningCurve | None
    imbalanced: bool


def report_of(
    training: TrainingSet, plan: Plan, findings: Findings, *, group_by: GroupBy
) -> Report:
    """Sum everything up; all figures but those on new artists stem from the same folds."""
    liked, best = training.liked, findings.trials[0]
    said = liked[training.verdicts]
    n_likes = int(said.sum())
    n_dislikes = len(said) - n_likes
    tested = np.concatenate([fold.test for fold in plan.folds])
    pooled = np.concatenate(best.p_like)
    out_of_fold = mean_out_of_fold(best, plan, training)
    balance = () if findings.imbalanced else (BALANCED,)
    return Report(
        n_likes=n_likes,
        n_dislikes=n_dislikes,
        feature_names=Encoding.of(training.songs).feature_names,
        folds=plan.n_folds,
        repeats=plan.n_repeats,
        grouped_by=group_by,
        baseline=replace(majority_metrics(n_likes, n_dislikes), calibration_error=0.0),
        results=tuple(_result(trial, plan, liked) for trial in findings.trials),
        confusion=confusion_of(pooled, liked[tested]),
        notices=(*training.notices, *plan.notices, *balance),
        auto=_auto(findings.auto, plan, liked),
        new_artists=_aside(findings.new_artists, plan.n_folds),
        later=_aside(findings.later, plan.n_folds),
        baselines=tuple(
            _result(trial, plan, liked) for trial in play_baselines(training, plan.folds)
        ),
        roc=roc_points(out_of_fold, said),
        calibration=calibration_bins(out_of_fold, said),
        learning_curve=findings.learning_curve,
    )


def mean_out_of_fold(trial: Trial, plan: Plan, training: TrainingSet) -> Floats:
    """Average a trial's probability for every song with a verdict over the repeats."""
    total = np.zeros(len(training.liked))
    for fold, p_like in zip(plan.folds, trial.p_like, strict=True):
        total[fold.test] += p_like
    return total[training.verdicts] / plan.n_repeats


def _result(trial: Trial, plan: Plan, liked: Labels) -> AlgorithmResult:
    measured = _interval_result(trial, plan.n_folds)
    error = _mean_calibration_error(trial, plan, liked)
    played = len(trial.p_like)
    return replace(
        measured,
        metrics=replace(measured.metrics, calibration_error=error),
        stopped_after=played if played < len(plan.folds) else None,
    )


def _auto(trial: Trial, plan: Plan, liked: Labels) -> AlgorithmResult:
    return replace(_result(trial, plan, liked), algorithm="auto", title="the choice among all")


def _aside(trial: Trial | None, n_folds: int) -> AlgorithmResult | None:
    return None if trial is None else _interval_result(trial, n_folds)


def _interval_result(trial: Trial, n_folds: int) -> AlgorithmResult:
    n_songs = sum(map(len, trial.p_like[:n_folds]))
    low, high = _interval(trial.metrics, n_folds, n_songs)
    key = trial.contender.algorithm
    return AlgorithmResult(
        algorithm=key,
        title=TITLES.get(key) or BASELINE_TITLES[key],
        sampling=trial.contender.sampling.value,
        metrics=mean_metrics(trial.metrics),
        fit_s=trial.seconds,
        low=low,
        high=high,
    )


def _interval(
    parts: Sequence[Metrics], n_folds: int, n_songs: int
) -> tuple[Metrics | None, Metrics | None]:
    """Return both ends of the metrics' 95 % intervals, none from a single fold.

    The folds of a few songs may agree by chance, so that a share's error is at least what so many
    songs allow.
    """
    if len(parts) < 2:  # noqa: PLR2004 -- one value has no spread
        return None, None
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    reach = float(student.ppf(_UPPER, len(parts) - 1))
    for name in _measured_by_fold():
        values = np.array([getattr(part, name) for part in parts])
        error = standard_error(values, n_folds)
        if name not in _LOSSES:
            error = max(error, _least_error(float(values.mean()), n_songs))
        width = reach * error
        low[name] = max(float(values.mean()) - width, 0.0)
        high[name] = float(values.mean()) + width
        if name != "log_loss":
            high[name] = min(high[name], 1.0)
    return Metrics(**low), Metrics(**high)


def _least_error(share: float, n: int) -> float:
    """Return the standard error of a share of ``n`` songs, never 0.

    Source:
        Agresti & Coull (1998), "Approximate is better than exact": two of each kind are added.
    """
    smoothed = (share * n + 2) / (n + 4)
    return float(np.sqrt(smoothed * (1 - smoothed) / (n + 4)))


def _measured_by_fold() -> list[str]:
    return [field.name for field in fields(Metrics) if field.name != "calibration_error"]


def _mean_calibration_error(trial: Trial, plan: Plan, liked: Labels) -> float:
    """Average over repeats; a fold alone has too few songs for ten bins."""
    errors: list[float] = []
    played = plan.folds[: len(trial.p_like)]
    for repeat in sorted({fold.repeat for fold in played}):
        own = [row for row, fold in enumerate(played) if fold.repeat == repeat]
        tested = np.concatenate([plan.folds[row].test for row in own])
        p_like = np.concatenate([trial.p_like[row] for row in own])
        errors.append(calibration_error(p_like, liked[tested]))
    return float(np.mean(errors))
