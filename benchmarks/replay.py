"""Ask a listener whose verdicts are known, and see how soon a model knows them too."""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tastes import Verdicts

from musicrec.discovery import Known, SongMap, choose_duel, choose_to_rate
from musicrec.domain.features import FEATURE_NAMES, GENRE

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

REFIT_AFTER: Final = 10
MOST_ANSWERS: Final = 300
REACH: Final = 0.95
_HELD_OUT: Final = 0.3
_FUN_OF: Final = 100


@dataclass(frozen=True)
class Replay:
    """One replay.

    Attributes:
        n_pool: Songs that could be asked about.
        full_auc: Of the model that knows the verdict on all of them.
        to_auc: Answers until the AUC was ``REACH`` of the full one at two refits in a row; one
            step beyond the last where it never was.
        to_gain: The same for ``REACH`` of the full AUC's gain over 0.5.
        liked_share: Of the first 100 songs asked about.
    """

    n_pool: int
    full_auc: float
    to_auc: int
    to_gain: int
    liked_share: float


class DuelRule(StrEnum):
    """What an answer says about the song that was not chosen; or single songs instead."""

    SONGS = "song after song"
    NOTHING = "the other: nothing"
    DISLIKED = "the other: disliked"


@dataclass(frozen=True)
class DuelReplay:
    """Labels after some songs were heard, those that contradict the verdict, and the model."""

    n_labels: int
    n_wrong: int
    auc: float
    brier: float


@dataclass(frozen=True)
class _Scene:
    """A split: what may be asked about and what is held out."""

    songs: pd.DataFrame
    liked: NDArray[np.bool_]
    wish: Floats
    features: Floats
    held_out: Floats
    held_out_liked: NDArray[np.bool_]


def replay(heard: Verdicts, seed: int, *, in_random_order: bool) -> Replay:
    """Ask until the model is as good as it has to be."""
    scene = _scene(heard, seed)
    full_auc = _auc(scene, _fit(scene.features, scene.liked))
    choose = _at_random(seed) if in_random_order else _by_lessons(scene, seed)
    asked: list[int] = []
    p_like: Floats | None = None
    aucs: list[float] = []
    targets = (REACH * full_auc, 0.5 + REACH * (full_auc - 0.5))
    while len(asked) < min(MOST_ANSWERS, len(scene.songs)) and not _is_over(aucs, targets):
        free = np.setdiff1d(np.arange(len(scene.songs)), asked)
        for _ in range(min(REFIT_AFTER, len(free))):
            asked.append(choose(free, np.array(asked, dtype=np.intp), p_like))
            free = free[free != asked[-1]]
        model = _fit(scene.features[asked], scene.liked[asked])
        aucs.append(_auc(scene, model))
        p_like = None if model is None else model(scene.features)
    return Replay(
        n_pool=len(scene.songs),
        full_auc=full_auc,
        to_auc=_answers(aucs, targets[0]),
        to_gain=_answers(aucs, targets[1]),
        liked_share=float(scene.liked[asked[:_FUN_OF]].mean()),
    )


def duels(heard: Verdicts, seed: int, n_songs: int, rule: DuelRule) -> DuelReplay:
    """Let the listener hear ``n_songs`` in duels (or singly) and fit what their answers say.

    Who likes one of two songs says so; who likes neither says that; who likes both says that
    half of the time and otherwise names the better one.
    """
    scene = _scene(heard, seed)
    song_map = SongMap.of(scene.songs)
    rng = np.random.default_rng(seed)
    labels: dict[int, bool] = {}
    shown: list[int] = []
    p_like: Floats | None = None
    while len(shown) < n_songs:
        known = Known(np.array(list(labels), dtype=np.intp), np.array(shown, dtype=np.intp), p_like)
        free = np.setdiff1d(np.arange(len(scene.songs)), shown)
        if rule is DuelRule.SONGS:
            row = choose_to_rate(song_map, free, known, rng)
            shown.append(row)
            labels[row] = bool(scene.liked[row])
        else:
            pair = choose_duel(song_map, free, known, rng)
            shown.extend(pair)
            labels |= _duel_labels(scene, pair, rule, rng)
        if len(shown) % REFIT_AFTER == 0:
            model = _fit(scene.features[list(labels)], np.array(list(labels.values())))
            p_like = None if model is None else model(scene.features)
    model = _fit(scene.features[list(labels)], np.array(list(labels.values())))
    guesses = np.full(len(scene.held_out), 0.5) if model is None else model(scene.held_out)
    return DuelReplay(
        n_labels=len(labels),
        n_wrong=sum(bool(scene.liked[row]) != value for row, value in labels.items()),
        auc=_auc(scene, model),
        brier=float(brier_score_loss(scene.held_out_liked, guesses)),
    )


def _duel_labels(
    scene: _Scene, pair: tuple[int, int], rule: DuelRule, rng: np.random.Generator
) -> dict[int, bool]:
    first, second = pair
    likes_first, likes_second = bool(scene.liked[first]), bool(scene.liked[second])
    if likes_first == likes_second and (not likes_first or rng.random() < 0.5):
        return {first: likes_first, second: likes_second}
    if likes_first == likes_second:
        likes_first = bool(scene.wish[first] >= scene.wish[second])
    better, other = (first, second) if likes_first else (second, first)
    return {better: True, **({other: False} if rule is DuelRule.DISLIKED else {})}


_Choose = Callable[[Rows, Rows, Floats | None], int]


def _by_lessons(scene: _Scene, seed: int) -> _Choose:
    song_map = SongMap.of(scene.songs)
    rng = np.random.default_rng(seed)

    def choose(free: Rows, asked: Rows, p_like: Floats | None) -> int:
        return choose_to_rate(song_map, free, Known(asked, asked, p_like), rng)

    return choose


def _at_random(seed: int) -> _Choose:
    rng = np.random.default_rng(seed)
    return lambda free, _asked, _p_like: int(rng.choice(free))


def _scene(heard: Verdicts, seed: int) -> _Scene:
    rng = np.random.default_rng([seed, 2])
    features = _features(heard.songs)
    held_out = rng.random(len(features)) < _HELD_OUT
    return _Scene(
        songs=heard.songs[~held_out].reset_index(drop=True),
        liked=heard.liked[~held_out],
        wish=heard.wish[~held_out],
        features=features[~held_out],
        held_out=features[held_out],
        held_out_liked=heard.liked[held_out],
    )


def _features(songs: pd.DataFrame) -> Floats:
    """Encode for the model: standardised numbers and one column a genre."""
    numbers = songs[[name for name in FEATURE_NAMES if name in songs]]
    numbers = numbers.loc[:, numbers.notna().any()]
    scale = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    genres = pd.get_dummies(songs[GENRE], dtype=np.float64)
    return np.column_stack([scale.fit_transform(numbers), genres])


def _fit(features: Floats, liked: NDArray[np.bool_]) -> Callable[[Floats], Floats] | None:
    """Fit the quick model; None where all verdicts are the same."""
    if liked.all() or not liked.any():
        return None
    forest = RandomForestClassifier(25, min_samples_leaf=2, random_state=0).fit(features, liked)
    linear = LogisticRegression(C=0.1, max_iter=300).fit(features, liked)

    def p_like(songs: Floats) -> Floats:
        return np.mean([model.predict_proba(songs)[:, 1] for model in (forest, linear)], axis=0)

    return p_like


def _auc(scene: _Scene, model: Callable[[Floats], Floats] | None) -> float:
    if model is None:
        return 0.5
    return float(roc_auc_score(scene.held_out_liked, model(scene.held_out)))


def _is_over(aucs: list[float], targets: tuple[float, ...]) -> bool:
    return all(_answers(aucs, target) <= REFIT_AFTER * len(aucs) for target in targets)


def _answers(aucs: list[float], target: float) -> int:
    for step in range(len(aucs) - 1):
        if min(aucs[step : step + 2]) >= target:
            return REFIT_AFTER * (step + 1)
    return REFIT_AFTER * (len(aucs) + 1)
