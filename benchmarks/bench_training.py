"""How long comparing and fitting takes by number of labels, and how good the outcome is.

Beside it, in the same run and on the same songs: scikit-learn's random forest with its default
settings on the plain numeric columns, without any comparison. Quality is measured on the
listener's songs that were not drawn.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import time
from typing import Final

import numpy as np
import pandas as pd
from listeners import Listener, listeners
from measuring import Row, publish
from sklearn.ensemble import RandomForestClassifier

from musicrec.domain.features import FEATURE_NAMES, LIKED
from musicrec.domain.report import Metrics
from musicrec.taste import TrainingSet, evaluate, train
from musicrec.taste.metrics import metrics_of

SIZES: Final = (50, 200, 500, 2000)
DRAWS: Final = 3
FEWEST_HELD_OUT: Final = 100


def main() -> None:
    rows: list[Row] = []
    evaluations: list[Row] = []
    for listener in listeners():
        most = len(listener.songs.liked) - FEWEST_HELD_OUT
        rows += [_measure(listener, min(size, most)) for size in SIZES if size / 2 <= most]
        evaluations += [_evaluate(listener)]
    publish(
        "training",
        {
            "train (blend, race of 9 algorithms) against a plain random forest": rows,
            "evaluate, 5 folds x 3 repeats, one core": evaluations,
        },
    )


def _measure(listener: Listener, n_labels: int) -> Row:
    drawn = [_draw(listener, n_labels, seed) for seed in range(DRAWS)]
    ours = [_ours(*songs) for songs in drawn]
    plain = [_plain_forest(*songs) for songs in drawn]
    seconds, plain_seconds = _mean([s for s, _ in ours]), _mean([s for s, _ in plain])
    auc, plain_auc = (_mean([m.roc_auc for _, m in runs]) for runs in (ours, plain))
    return {
        "listener": listener.name,
        "labels": n_labels,
        "seconds": seconds,
        "plain_seconds": plain_seconds,
        "times_plain": seconds / plain_seconds,
        "auc": auc,
        "plain_auc": plain_auc,
        "auc_gain": auc - plain_auc,
        "brier": _mean([m.brier for _, m in ours]),
        "plain_brier": _mean([m.brier for _, m in plain]),
    }


def _evaluate(listener: Listener) -> Row:
    started = time.perf_counter()
    report = evaluate(listener.songs)
    seconds = time.perf_counter() - started
    best = report.best
    return {
        "listener": listener.name,
        "labels": report.n_likes + report.n_dislikes,
        "seconds": seconds,
        "best": best.title,
        "auc": best.metrics.roc_auc,
        "accuracy": best.metrics.accuracy,
        "majority": report.baseline.accuracy,
        "brier": best.metrics.brier,
        "majority_brier": report.baseline.brier,
    }


def _draw(listener: Listener, n_labels: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide the listener's songs into labelled and held-out ones."""
    table = listener.songs.songs.assign(**{LIKED: listener.songs.liked})
    shuffled = table.sample(frac=1, random_state=seed)
    return shuffled.iloc[:n_labels], shuffled.iloc[n_labels:]


def _ours(labelled: pd.DataFrame, held_out: pd.DataFrame) -> tuple[float, Metrics]:
    started = time.perf_counter()
    model = train(TrainingSet.from_table(labelled))
    seconds = time.perf_counter() - started
    return seconds, metrics_of(model.predict(held_out), held_out[LIKED].to_numpy())


def _plain_forest(labelled: pd.DataFrame, held_out: pd.DataFrame) -> tuple[float, Metrics]:
    columns = [name for name in FEATURE_NAMES if name in labelled]
    started = time.perf_counter()
    forest = RandomForestClassifier(random_state=0).fit(labelled[columns], labelled[LIKED])
    seconds = time.perf_counter() - started
    p_like = forest.predict_proba(held_out[columns])[:, 1]
    # A plain forest may say 0 or 1, which the log loss could not bear.
    return seconds, metrics_of(np.clip(p_like, 1e-6, 1 - 1e-6), held_out[LIKED].to_numpy())


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
