"""Which way of learning is kept: the blend, unless another is clearly better.

Taking whatever did best on some folds is a gamble with few labels; the blend hardly ever loses to
the best single algorithm and often wins, so that the burden of proof is on the others. Below
``FEWEST_TO_SWITCH`` labels there can be no proof: what was kept there had an AUC of 0.613 where the
blend's was 0.630 (docs/benchmarks.md).
"""

from collections.abc import Sequence
from math import sqrt
from typing import Final

import numpy as np

from musicrec.taste.encode import Floats
from musicrec.taste.learn import BLEND
from musicrec.taste.metrics import mean_metrics
from musicrec.taste.trials import Trial

CLEARLY_BETTER: Final = 2.0
"""Standard errors; one is exceeded too often by the luckiest of nine (docs/benchmarks.md)."""

FEWEST_TO_SWITCH: Final = 50
"""Labels; with fewer the blend is kept whatever the folds say."""


def best_first(trials: Sequence[Trial]) -> list[Trial]:
    """Rank by ROC AUC to three decimals, a tie by log loss."""

    def rank(trial: Trial) -> tuple[float, float]:
        metrics = mean_metrics(trial.metrics)
        return (-round(metrics.roc_auc, 3), metrics.log_loss)

    return sorted(trials, key=rank)


def chosen_first(trials: Sequence[Trial], n_folds: int, *, n_labels: int) -> list[Trial]:
    """Rank with the one to keep in front.

    That is the blend, unless there are ``FEWEST_TO_SWITCH`` labels and the best of the others has
    an AUC higher by more than ``CLEARLY_BETTER`` standard errors of the differences between folds.

    Args:
        trials: The blend's among them, all on the same folds.
        n_folds: Folds a repeat.
        n_labels: All labels there are.
    """
    ranked = best_first(trials)
    blend = next(trial for trial in ranked if trial.contender.algorithm == BLEND)
    best = ranked[0]
    gains = best.aucs - blend.aucs
    clear = gains.mean() > CLEARLY_BETTER * standard_error(gains, n_folds)
    chosen = best if clear and n_labels >= FEWEST_TO_SWITCH else blend
    return [chosen, *(trial for trial in ranked if trial is not chosen)]


def auto_trial(trials: Sequence[Trial], n_folds: int, *, n_labels: int) -> Trial:
    """Return what choosing achieves: for every fold the other folds of its repeat choose.

    So no choice is judged on songs that it was made on.
    """
    n_all = len(trials[0].p_like)
    parts: list[Trial] = []
    for fold in range(n_all):
        first = fold - fold % n_folds
        others = [other for other in range(first, min(first + n_folds, n_all)) if other != fold]
        seen = [trial.on(others) for trial in trials]
        chosen = chosen_first(seen, n_folds, n_labels=n_labels)[0]
        whole = next(trial for trial in trials if trial.contender == chosen.contender)
        parts.append(whole.on([fold]))
    return Trial(
        parts[0].contender,
        tuple(part.p_like[0] for part in parts),
        tuple(part.metrics[0] for part in parts),
        sum(trial.seconds for trial in trials),
    )


def standard_error(values: Floats, n_folds: int) -> float:
    """Return the standard error of a mean over cross-validation folds; infinite for one fold.

    Folds share training songs, so that the plain error of a mean would be too small.

    Source:
        Nadeau & Bengio (2003), "Inference for the generalization error", Machine Learning 52,
        with a test share of one fold.
    """
    if len(values) < 2:  # noqa: PLR2004 -- one value has no spread
        return float("inf")
    share = 1 / len(values) + 1 / max(n_folds - 1, 1)
    return sqrt(share * float(np.var(values, ddof=1)))
