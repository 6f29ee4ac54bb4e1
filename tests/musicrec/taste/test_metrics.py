from dataclasses import asdict

import numpy as np
import pytest
from sklearn import metrics as reference

from musicrec.domain.report import Confusion
from musicrec.taste.metrics import confusion_of, majority_metrics, mean_metrics, metrics_of


def predictions(n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    liked = rng.random(n) < 0.4
    p_like = np.clip(np.round(rng.normal(0.4 + 0.2 * liked, 0.2), 1), 0.05, 0.95)
    return p_like, liked


def test_figures_agree_with_scikit_learn():
    p_like, liked = predictions()
    guessed = p_like >= 0.5
    found = metrics_of(p_like, liked)
    assert found.accuracy == pytest.approx(reference.accuracy_score(liked, guessed))
    assert found.balanced_accuracy == pytest.approx(
        reference.balanced_accuracy_score(liked, guessed)
    )
    assert found.precision == pytest.approx(reference.precision_score(liked, guessed))
    assert found.recall == pytest.approx(reference.recall_score(liked, guessed))
    assert found.f1 == pytest.approx(reference.f1_score(liked, guessed))
    assert found.roc_auc == pytest.approx(reference.roc_auc_score(liked, p_like))
    assert found.brier == pytest.approx(reference.brier_score_loss(liked, p_like))
    assert found.log_loss == pytest.approx(reference.log_loss(liked, p_like))


def test_decisions_are_counted_by_hand():
    p_like = np.array([0.9, 0.5, 0.4, 0.1, 0.7])
    liked = np.array([True, True, True, False, False])
    assert confusion_of(p_like, liked) == Confusion(
        true_likes=2, false_likes=1, true_dislikes=1, false_dislikes=1
    )


@pytest.mark.parametrize("only", [True, False])
def test_one_kind_of_label_gives_the_figures_of_knowing_nothing(only: bool):
    found = metrics_of(np.array([0.2, 0.8]), np.array([only, only]))
    assert (found.roc_auc, found.balanced_accuracy) == (0.5, 0.5)


def test_the_majority_is_measured_as_a_constant_prediction():
    liked = np.array([True] * 3 + [False] * 7)
    constant = metrics_of(np.full(10, 0.3), liked)
    assert asdict(majority_metrics(3, 7)) == pytest.approx(asdict(constant))


def test_a_majority_of_likes_always_predicts_a_like():
    found = majority_metrics(72, 28)
    assert (found.accuracy, found.recall, found.roc_auc) == (0.72, 1.0, 0.5)
    assert found.brier == pytest.approx(0.72 * 0.28)


def test_the_mean_over_folds_weighs_them_equally():
    p_like, liked = predictions()
    parts = [metrics_of(p_like[:150], liked[:150]), metrics_of(p_like[150:], liked[150:])]
    assert mean_metrics(parts).brier == pytest.approx((parts[0].brier + parts[1].brier) / 2)
