"""Let contenders learn and predict on folds, on one or several processes."""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from musicrec.domain.report import Metrics
from musicrec.taste.encode import Floats, Labels
from musicrec.taste.folds import Fold
from musicrec.taste.learn import learn, probabilities_of
from musicrec.taste.metrics import metrics_of
from musicrec.taste.sampling import Sampling

Progress = Callable[[int, int], None]
"""Told about every fit: how many are done, how many there are at most."""


@dataclass(frozen=True, slots=True)
class Contender:
    """The blend or an algorithm (its key) with one way of handling imbalance."""

    algorithm: str
    sampling: Sampling = Sampling.NONE


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """What a contender did on some folds, in their order.

    Attributes:
        contender: Who.
        p_like: Per fold, probabilities for its test songs.
        metrics: Per fold.
        seconds: Spent on fitting and predicting.
    """

    contender: Contender
    p_like: tuple[Floats, ...]
    metrics: tuple[Metrics, ...]
    seconds: float

    @property
    def aucs(self) -> Floats:
        """ROC AUC per fold."""
        return np.array([metrics.roc_auc for metrics in self.metrics])

    def on(self, folds: Sequence[int]) -> "Trial":
        """Return what happened on some of the folds, by their places."""
        return Trial(
            self.contender,
            tuple(self.p_like[fold] for fold in folds),
            tuple(self.metrics[fold] for fold in folds),
            self.seconds,
        )

    def joined(self, later: "Trial") -> "Trial":
        """Return the trial on these folds and then on ``later``'s."""
        return Trial(
            self.contender,
            self.p_like + later.p_like,
            self.metrics + later.metrics,
            self.seconds + later.seconds,
        )


class Arena:
    """Plays contenders on folds and counts the fits."""

    def __init__(
        self, liked: Labels, *, seed: int, jobs: int, total: int, progress: Progress | None
    ) -> None:
        self._liked = liked
        self._seed = seed
        self._jobs = jobs
        self._total = total
        self._progress = progress
        self._done = 0

    def play(self, contenders: Sequence[Contender], folds: Sequence[Fold]) -> list[Trial]:
        """Let every contender learn on every fold; results do not depend on ``jobs``."""
        calls = (
            delayed(_predict_fold)(contender, fold, self._liked, self._seed + fold.repeat)
            for contender in contenders
            for fold in folds
        )
        outcomes: Any = Parallel(n_jobs=self._jobs, return_as="generator")(calls)
        played = iter([self._ticked(outcome) for outcome in outcomes])
        return [self._trial(contender, folds, played) for contender in contenders]

    def finish(self) -> None:
        """Tell that no more fits will come, though there might have been."""
        if self._done < self._total:
            self._done = self._total - 1
            self._tick()

    def _trial(
        self, contender: Contender, folds: Sequence[Fold], played: Iterator[tuple[Floats, float]]
    ) -> Trial:
        outcomes = [next(played) for _ in folds]
        p_like = [predicted for predicted, _ in outcomes]
        return trial_of(contender, folds, p_like, self._liked, sum(spent for _, spent in outcomes))

    def _ticked(self, outcome: tuple[Floats, float]) -> tuple[Floats, float]:
        self._tick()
        return outcome

    def _tick(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def trial_of(
    contender: Contender,
    folds: Sequence[Fold],
    p_like: Sequence[Floats],
    liked: Labels,
    seconds: float = 0.0,
) -> Trial:
    """Measure a contender's probabilities for the test songs of every fold."""
    metrics = tuple(
        metrics_of(predicted, liked[fold.test])
        for predicted, fold in zip(p_like, folds, strict=True)
    )
    return Trial(contender, tuple(p_like), metrics, seconds)


def _predict_fold(
    contender: Contender, fold: Fold, liked: Labels, seed: int
) -> tuple[Floats, float]:
    started = time.perf_counter()
    learned = learn(
        contender.algorithm,
        contender.sampling,
        fold.train_songs,
        liked[fold.train],
        seed=seed,
        weights=fold.weights,
    )
    return probabilities_of(learned, fold.test_songs), time.perf_counter() - started
