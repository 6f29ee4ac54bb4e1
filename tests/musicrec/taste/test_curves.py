from dataclasses import replace

import numpy as np
import pytest

from musicrec.taste.choose import auto_trial, chosen_first, standard_error
from musicrec.taste.curves import calibration_bins, calibration_error, learning_curve, roc_points
from musicrec.taste.intervals import interval_around
from musicrec.taste.metrics import majority_metrics, roc_auc
from musicrec.taste.sampling import sample_rows
from musicrec.taste.trials import Contender, Trial


def test_the_area_under_the_points_is_the_auc():
    rng = np.random.default_rng(0)
    liked = rng.random(3000) < 0.4
    p_like = np.clip(rng.normal(0.4 + 0.2 * liked, 0.2), 0, 1).round(2)
    points = np.array(roc_points(p_like, liked))
    assert points[0].tolist() == [0, 0]
    assert points[-1].tolist() == [1, 1]
    assert len(points) <= 101
    area = np.trapezoid(points[:, 1], points[:, 0])
    assert area == pytest.approx(roc_auc(p_like, liked), abs=0.003)


def test_tied_probabilities_make_one_point():
    points = roc_points(np.array([0.5, 0.5, 0.5]), np.array([True, False, True]))
    assert points == ((0.0, 0.0), (1.0, 1.0))


def test_bins_hold_equally_many_predictions_in_order():
    p_like = np.linspace(0.05, 0.95, 40)
    bins = calibration_bins(p_like, p_like > 0.5)
    assert [each.n for each in bins] == [4] * 10
    assert [each.p_like for each in bins] == sorted(each.p_like for each in bins)
    assert [each.liked for each in bins] == [0.0] * 5 + [1.0] * 5


def test_the_calibration_error_is_the_mean_distance_of_the_bins():
    p_like = np.full(20, 0.75)
    assert calibration_error(p_like, np.arange(20) % 2 == 0) == pytest.approx(0.25)


def test_a_power_law_is_continued():
    sizes = (100, 200, 400, 800)
    law = [0.9 - 2 * n**-0.5 for n in sizes]
    curve = learning_curve(sizes, [np.full(5, auc) for auc in law], 1000, seed=0)
    expected = 2 * 1000**-0.5 - 2 * 2000**-0.5
    assert curve.gain == pytest.approx(expected, abs=1e-6)
    assert curve.gain_low == pytest.approx(curve.gain_high, abs=1e-6)


def test_where_more_labels_never_helped_no_gain_is_promised():
    flat = [np.array([0.6, 0.7]), np.array([0.55, 0.65])]
    assert learning_curve((50, 100), flat, 120, seed=0).gain == 0


def trial(key: str, aucs: list[float]) -> Trial:
    metrics = tuple(replace(majority_metrics(1, 2), roc_auc=auc) for auc in aucs)
    return Trial(Contender(key), tuple(np.array([auc]) for auc in aucs), metrics, 1.0)


BLEND = trial("blend", [0.70, 0.72, 0.71, 0.70, 0.72])


def test_the_blend_is_kept_unless_another_is_clearly_better():
    lucky = trial("sgd", [0.90, 0.60, 0.75, 0.72, 0.73])
    clear = trial("svc", [0.80, 0.82, 0.80, 0.81, 0.83])
    assert chosen_first([lucky, BLEND], 5, n_labels=50)[0] is BLEND
    assert chosen_first([lucky, BLEND, clear], 5, n_labels=50)[0] is clear
    alone = [BLEND.on([0]), clear.on([0])]
    assert chosen_first(alone, 2, n_labels=50)[0].contender.algorithm == "blend"


def test_with_few_labels_the_blend_is_kept_whatever_the_folds_say():
    clear = trial("svc", [0.80, 0.82, 0.80, 0.81, 0.83])
    assert chosen_first([clear, BLEND], 5, n_labels=49) == [BLEND, clear]
    assert auto_trial([BLEND, clear], 5, n_labels=49).aucs.tolist() == BLEND.aucs.tolist()


def test_a_fold_is_judged_by_what_the_other_folds_chose():
    # Only with its last fold, where it is hopeless, would the other not look clearly better.
    other = trial("svc", [0.80, 0.82, 0.81, 0.80, 0.10])
    auto = auto_trial([BLEND, other], 5, n_labels=50)
    assert auto.aucs.tolist() == [0.70, 0.72, 0.71, 0.70, 0.10]


def test_the_standard_error_allows_for_folds_that_share_songs():
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    assert standard_error(values, 5) == pytest.approx(np.sqrt((1 / 5 + 1 / 4) * 0.025))
    assert standard_error(values[:1], 5) == float("inf")


def test_intervals_hold_the_prediction_and_narrow_with_labels():
    p_like = np.linspace(0.01, 0.99, 20)
    few, many = (interval_around(p_like, n, n) for n in (5, 5000))
    for low, high in (few, many):
        assert ((low >= 0) & (low < p_like) & (p_like < high) & (high <= 1)).all()
    assert (many[1] - many[0] < few[1] - few[0]).all()
    lopsided = interval_around(p_like, 9, 9991)
    assert (lopsided[1] - lopsided[0] > many[1] - many[0]).all()


def test_a_sample_keeps_the_share_of_likes_and_the_order():
    liked = np.arange(1000) % 4 == 0
    rows = sample_rows(liked, 100, seed=0)
    assert len(rows) == 100
    assert liked[rows].sum() == 25
    assert rows.tolist() == sorted(rows)
    assert sample_rows(liked, 1000, seed=0).tolist() == list(range(1000))
