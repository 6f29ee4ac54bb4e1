from musicrec.taste import measure_growth
from tests.musicrec.taste.simulated import training_set


def test_the_curve_goes_from_an_eighth_of_the_labels_to_all_of_a_fold():
    curve = measure_growth(training_set(200), "logistic_regression", "none")
    assert curve is not None
    assert curve.n_labels == (20, 40, 80, 160)
    assert len(curve.roc_auc) == 4
    assert curve.more_labels == 200
    assert 0 <= curve.gain_low <= curve.gain <= curve.gain_high


def test_the_same_labels_have_the_same_curve():
    first, second = (measure_growth(training_set(60), "blend", "none") for _ in range(2))
    assert first == second


def test_a_remedy_for_imbalance_is_measured_with_it():
    curve = measure_growth(training_set(80, lean=0.2), "random_forest", "oversampling")
    assert curve is not None


def test_few_labels_have_no_curve():
    assert measure_growth(training_set(20), "blend", "none") is None
