import numpy as np
import pytest

from musicrec.taste import evaluate, train
from musicrec.taste.blend import Blend, fit_blend
from musicrec.taste.boosting import DEPTH
from musicrec.taste.encode import Encoded
from musicrec.taste.kernel import WIDTH, KernelModel
from musicrec.taste.kernel_fit import FEWEST_TO_SEARCH, fit_kernel
from musicrec.taste.metrics import roc_auc
from musicrec.taste.parts_file import describe, dump_parts, load_parts
from musicrec.taste.tree_search import held_out_trees
from tests.musicrec.taste.simulated import encoded, training_set


def uniform(n: int, n_columns: int, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (n, n_columns))


def noisy(wish: np.ndarray, *, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random(len(wish)) < 1 / (1 + np.exp(-wish))


def test_below_the_limit_the_kernels_keep_their_usual_settings():
    features, liked = encoded(FEWEST_TO_SEARCH - 1)
    model, _ = fit_kernel(features, liked, seed=0)
    assert (model.width, model.penalties) == (WIDTH, (0.1, 0.5))


def test_a_taste_full_of_wiggles_gets_narrower_kernels_than_a_smooth_one():
    features = uniform(600, 2)
    wiggles, _ = fit_kernel(features, np.sin(9 * features).prod(axis=1) > 0, seed=0)
    smooth, _ = fit_kernel(features, noisy(2 * features[:, 0]), seed=0)
    assert wiggles.width > smooth.width


def test_kernels_do_not_see_columns_that_do_not_tell():
    features = uniform(80, 4)
    model, _ = fit_kernel(features, features[:, 1] > 0, seed=0, columns=np.array([1, 3]))
    other = features.copy()
    other[:, [0, 2]] = 9.0
    assert model.log_odds(other).tolist() == model.log_odds(features).tolist()
    rebuilt = KernelModel.from_json(model.to_json())
    assert rebuilt.log_odds(features).tolist() == model.log_odds(features).tolist()


def test_a_taste_of_one_column_gets_shallow_trees():
    features = uniform(600, 8)
    p_like, depth = held_out_trees(features, noisy(3 * features[:, 0]), seed=0)
    assert depth == 3
    assert roc_auc(p_like[:, 1], noisy(3 * features[:, 0])) > 0.7
    again, _ = held_out_trees(features, noisy(3 * features[:, 0]), seed=0)
    assert again.tolist() == p_like.tolist()


def test_a_taste_of_many_columns_together_gets_deep_trees():
    features = uniform(1500, 4)
    assert held_out_trees(features, features.prod(axis=1) > 0, seed=0)[1] == 6


def test_with_few_labels_the_depth_is_the_usual_one():
    features, liked = encoded(120)
    p_like, depth = held_out_trees(features, liked, seed=0)
    assert depth == DEPTH
    assert np.isfinite(p_like).all()


def test_the_fewer_labels_the_more_the_kernels_count():
    def trees_share(n: int) -> float:
        features, liked = encoded(n)
        credits_ = np.fromiter([()] * n, dtype=object, count=n)
        weights = fit_blend(Encoded(features, credits_), liked, seed=0)[0].mixture.weights
        return sum(weights[:2]) / sum(weights)

    assert trees_share(20) < 0.25 < trees_share(200) < 0.6


def test_the_report_says_what_was_chosen():
    training = training_set(60)
    report = evaluate(training, folds=2, repeats=1)
    kept = train(training)
    assert kept.algorithm == "blend"
    assert isinstance(kept.fitted, Blend)
    assert kept.report.settings == kept.fitted.settings
    assert kept.report.settings is not None
    if report.best.algorithm == "blend":
        assert report.settings == kept.report.settings


def test_kernels_of_older_formats_see_every_column_at_the_old_width():
    features, liked = encoded(40)
    model, _ = fit_kernel(features, liked, seed=0)
    old = model.to_json()
    for name in ("columns", "width", "penalties"):
        del old[name]
    assert KernelModel.from_json(old).log_odds(features).tolist() == (
        model.log_odds(features).tolist()
    )


@pytest.mark.parametrize("change", [{"columns": [-1]}, {"width": -1}, {"columns": [0, 1]}])
def test_kernels_that_make_no_sense_are_refused(change: dict[str, object]):
    features, liked = encoded(40)
    model, _ = fit_kernel(features, liked, seed=0, columns=np.array([2]))
    with pytest.raises(ValueError, match="sense"):
        KernelModel.from_json(model.to_json() | change)


def test_kernels_that_look_at_columns_beyond_the_songs_are_refused():
    features, liked = encoded(40)
    credits_ = np.fromiter([()] * 40, dtype=object, count=40)
    blend, _ = fit_blend(Encoded(features, credits_), liked, seed=0)
    small = describe(blend)
    small["kernel"]["columns"][-1] = 99
    with pytest.raises(ValueError, match="fit together"):
        load_parts(small, dump_parts(blend), (20, 20))
