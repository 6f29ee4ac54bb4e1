"""Successive halving: whoever is far behind after a fold or two is stopped there.

The budget is counted in fits and not in seconds, so that equal seeds give equal results on any
machine.

Source:
    Jamieson & Talwalkar (2016), "Non-stochastic best arm identification and hyperparameter
    optimization", AISTATS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musicrec.taste.choose import best_first
from musicrec.taste.folds import Fold
from musicrec.taste.trials import Arena, Contender, Trial


@dataclass(frozen=True, slots=True)
class Rung:
    """After ``folds`` folds the best ``go_on`` contenders go on."""

    folds: int
    go_on: int


ALGORITHM_RUNGS: Final = (Rung(1, 5), Rung(2, 3))
"""Of nine algorithms on five folds 23 fits are left of 45."""

REMEDY_RUNGS: Final = (Rung(2, 1),)


@dataclass(frozen=True, slots=True)
class Raced:
    """How a race ended.

    Attributes:
        finished: Trials on every fold, in the order of the contenders.
        stopped: Trials on the folds until then, those that came farthest first.
    """

    finished: list[Trial]
    stopped: list[Trial]


def race(
    arena: Arena, contenders: Sequence[Contender], folds: Sequence[Fold], rungs: Sequence[Rung]
) -> Raced:
    """Let contenders play fold after fold; without ``rungs`` all of them play all folds."""
    running = [Trial(contender, (), (), 0.0) for contender in contenders]
    stopped: list[Trial] = []
    for rung in rungs:
        running = _played_on(arena, running, folds[: rung.folds])
        ahead = best_first(running)[: rung.go_on]
        stopped = [*best_first([trial for trial in running if trial not in ahead]), *stopped]
        running = [trial for trial in running if trial in ahead]
    return Raced(_played_on(arena, running, folds), stopped)


def n_fits(n_contenders: int, n_folds: int, rungs: Sequence[Rung]) -> int:
    """Count the fits of a race."""
    fits = played = 0
    for rung in rungs:
        until = min(rung.folds, n_folds)
        fits += n_contenders * (until - played)
        played, n_contenders = until, min(n_contenders, rung.go_on)
    return fits + n_contenders * (n_folds - played)


def _played_on(arena: Arena, running: Sequence[Trial], folds: Sequence[Fold]) -> list[Trial]:
    """Continue trials, all equally far, to the end of ``folds``."""
    played = len(running[0].p_like) if running else 0
    later = arena.play([trial.contender for trial in running], folds[played:])
    return [trial.joined(more) for trial, more in zip(running, later, strict=True)]
