"""How good the default model is beside its peers, on the same folds, and what it costs.

Peers: scikit-learn's random forest and CatBoost with their default settings on the numeric columns,
and the model this project grew from, ``RandomForestClassifier(1000, max_depth=32,
min_samples_split=150)`` on five columns. CatBoost takes 270 MB and is no dependency: it takes part
where it happens to be installed.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Literal

import numpy as np
from in_workers import event_loop_lag, worker_memory
from listeners import Listener, catalogue, listeners, resampled
from measuring import Row, publish, seconds
from sklearn.ensemble import RandomForestClassifier

from musicrec.domain.errors import BadInputError
from musicrec.domain.features import FEATURE_NAMES, LIKED
from musicrec.taste import TrainingSet, dump_model, train
from musicrec.taste.curves import calibration_error
from musicrec.taste.encode import Floats
from musicrec.taste.folds import Fold, plan_folds
from musicrec.taste.learn import BLEND, learn, probabilities_of
from musicrec.taste.metrics import mean_metrics, metrics_of
from musicrec.taste.sampling import Sampling

SEED_COLUMNS: Final = (
    "acousticness",
    "danceability",
    "energy",
    "instrumentalness",
    "tempo_bpm",
)
SIZES: Final = (50, 500, 2000)
LARGE: Final = 100_000
MOST: Final = 2_000

Model = Callable[[TrainingSet, Fold], Floats]


def main() -> None:
    everybody = [_shortened(listener) for listener in listeners()]
    quality = [row for listener in everybody for row in _quality(listener)]
    costs = [row for size in SIZES for row in _costs(everybody[-1], size)]
    if not _CATBOOST:
        print("CatBoost is not installed, so that it is missing among the peers.")
    publish(
        "taste",
        {
            "quality, 5 folds": quality,
            "cost, one core": costs,
            "a fresh worker that trains": [worker_memory(everybody[-1].songs)],
            "event loop while ten trainings run in two workers": [
                event_loop_lag(_drawn(everybody[-1], 500))
            ],
        },
    )


def _shortened(listener: Listener) -> Listener:
    return Listener(listener.name, listener.songs.at_most(MOST, seed=0))


def _quality(listener: Listener) -> list[Row]:
    rows: list[Row] = []
    for grouping in (None, "artist"):
        try:
            folds = _folds(listener.songs, grouping)
        except BadInputError:  # the file names no artists
            continue
        for name, model in _MODELS.items():
            rows.append(_row(listener, name, grouping or "songs", model, folds))
    return rows


def _folds(songs: TrainingSet, grouping: Literal["artist"] | None) -> Sequence[Fold]:
    return plan_folds(songs, folds=5, repeats=1, group_by=grouping, seed=0).folds


def _row(listener: Listener, name: str, held_out: str, model: Model, folds: Sequence[Fold]) -> Row:
    liked = listener.songs.liked
    # A plain forest may say 0 or 1, which the log loss could not bear.
    p_like = [np.clip(model(listener.songs, fold), 1e-6, 1 - 1e-6) for fold in folds]
    parts = [metrics_of(p, liked[fold.test]) for p, fold in zip(p_like, folds, strict=True)]
    metrics = mean_metrics(parts)
    tested = np.concatenate([fold.test for fold in folds])
    return {
        "listener": listener.name,
        "held out": held_out,
        "model": name,
        "auc": metrics.roc_auc,
        "accuracy": metrics.accuracy,
        "brier": metrics.brier,
        "log_loss": metrics.log_loss,
        "calibration_error": calibration_error(np.concatenate(p_like), liked[tested]),
    }


def _blend(songs: TrainingSet, fold: Fold) -> Floats:
    learned = learn(BLEND, Sampling.NONE, fold.train_songs, songs.liked[fold.train], seed=0)
    return probabilities_of(learned, fold.test_songs)


def _forest(songs: TrainingSet, fold: Fold) -> Floats:
    columns = [name for name in FEATURE_NAMES if name in songs.songs]
    return _fit_predict(RandomForestClassifier(random_state=0), columns, songs, fold)


def _seed(songs: TrainingSet, fold: Fold) -> Floats:
    columns = [name for name in SEED_COLUMNS if name in songs.songs]
    forest = RandomForestClassifier(1000, max_depth=32, min_samples_split=150, random_state=0)
    return _fit_predict(forest, columns, songs, fold)


def _catboost(songs: TrainingSet, fold: Fold) -> Floats:
    columns = [name for name in FEATURE_NAMES if name in songs.songs]
    settings = {"verbose": 0, "thread_count": 1, "random_seed": 0, "allow_writing_files": False}
    model = import_module("catboost").CatBoostClassifier(**settings)
    return _fit_predict(model, columns, songs, fold)


def _fit_predict(forest: Any, columns: Sequence[str], songs: TrainingSet, fold: Fold) -> Floats:
    table = songs.songs[list(columns)]
    forest.fit(table.iloc[fold.train], songs.liked[fold.train])
    return np.asarray(forest.predict_proba(table.iloc[fold.test]))[:, 1]


_CATBOOST: Final = find_spec("catboost") is not None
_MODELS: Final[dict[str, Model]] = {
    "blend": _blend,
    "plain random forest": _forest,
    "the seed's model": _seed,
    **({"CatBoost": _catboost} if _CATBOOST else {}),
}


def _costs(listener: Listener, n_labels: int) -> list[Row]:
    training = _drawn(listener, n_labels)
    train(training)  # What is imported and built once a process is no cost of a training.
    plain = [name for name in FEATURE_NAMES if name in training.songs]
    plain_songs = training.songs[plain]

    def fit_plain() -> None:
        RandomForestClassifier(random_state=0).fit(plain_songs, training.liked)

    forest_seconds = seconds(fit_plain)
    started = time.perf_counter()
    model = train(training)
    trained = time.perf_counter() - started
    songs = resampled(catalogue(), LARGE)
    return [
        {
            "listener": listener.name,
            "labels": n_labels,
            "kept": model.algorithm,
            "train_seconds": trained,
            "times_plain_forest": trained / forest_seconds,
            "us_per_song": 1e6 * seconds(lambda: model.predict(songs)) / LARGE,
            "model_kb": len(dump_model(model)) // 1000,
        }
    ]


def _drawn(listener: Listener, n_labels: int) -> TrainingSet:
    table = listener.songs.songs.assign(**{LIKED: listener.songs.liked})
    return TrainingSet.from_table(table.sample(min(n_labels, len(table)), random_state=0))


if __name__ == "__main__":
    main()
