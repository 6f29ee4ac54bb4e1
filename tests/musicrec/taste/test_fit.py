import numpy as np
import pytest
from scipy.special import logit

from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.encode import Floats
from musicrec.taste.fit import fit
from musicrec.taste.metrics import roc_auc
from musicrec.taste.sampling import Sampling, log_odds_moved, remedies_for, resampled
from tests.musicrec.taste.simulated import encoded

EVERY_WAY = [
    (key, sampling)
    for key, algorithm in ALGORITHMS.items()
    for sampling in (Sampling.NONE, *remedies_for(algorithm))
]


@pytest.mark.parametrize("key", ALGORITHMS)
def test_every_algorithm_ranks_unseen_songs_better_than_chance(key: str):
    features, liked = encoded(200)
    fitted = fit(ALGORITHMS[key], Sampling.NONE, features[:120], liked[:120], seed=0)
    assert roc_auc(fitted.probabilities(features[120:]), liked[120:]) > 0.65


@pytest.mark.parametrize(("key", "sampling"), EVERY_WAY)
def test_probabilities_keep_the_listeners_share_of_likes(key: str, sampling: Sampling):
    features, liked = encoded(300, lean=0.2)
    fitted = fit(ALGORITHMS[key], sampling, features[:200], liked[:200], seed=0)
    p_like = fitted.probabilities(features[200:])
    assert abs(float(p_like.mean()) - float(liked[200:].mean())) < 0.13


@pytest.mark.parametrize("key", ALGORITHMS)
def test_six_labels_with_two_of_a_kind_can_be_learned_from(key: str):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(6, 4))
    liked = np.array([True, True, False, False, False, False])
    for sampling in (Sampling.NONE, *remedies_for(ALGORITHMS[key])):
        p_like = fit(ALGORITHMS[key], sampling, features, liked, seed=0).probabilities(features)
        assert np.isfinite(p_like).all()


@pytest.mark.parametrize("liked", [[True] * 5, [False] * 5, [True, False, False, False, False]])
def test_with_too_few_of_a_kind_the_share_of_likes_is_predicted(liked: list[bool]):
    labels = np.array(liked)
    fitted = fit(ALGORITHMS["svc"], Sampling.NONE, np.zeros((5, 2)), labels, seed=0)
    p_like = fitted.probabilities(np.zeros((3, 2)))
    # By hand: n raw, then two more labels at the share of likes with one of each kind added.
    share = labels.mean()
    assert p_like == pytest.approx([(5 * share + 2 * (labels.sum() + 1) / 7) / 7] * 3)
    assert 0 < p_like[0] < 1


def test_nobody_is_surer_than_the_number_of_labels_allows():
    features = np.r_[np.full((20, 1), -9.0), np.full((20, 1), 9.0)]
    liked = np.arange(40) >= 20
    fitted = fit(ALGORITHMS["random_forest"], Sampling.NONE, features, liked, seed=0)
    assert fitted.probabilities(features) == pytest.approx([1 / 42] * 20 + [41 / 42] * 20)


def test_the_most_certain_songs_still_have_an_order():
    features, liked = encoded(100)
    fitted = fit(ALGORITHMS["logistic_regression"], Sampling.NONE, features, liked, seed=0)
    surest = np.argsort(fitted.log_odds(features))[-5:]
    assert (np.diff(fitted.probabilities(features[surest])) > 0).all()


def test_no_songs_have_no_probabilities():
    features, liked = encoded(40)
    fitted = fit(ALGORITHMS["sgd"], Sampling.NONE, features, liked, seed=0)
    assert fitted.probabilities(features[:0]).shape == (0,)


@pytest.mark.parametrize("sampling", [Sampling.UNDERSAMPLING, Sampling.OVERSAMPLING])
def test_resampling_draws_as_many_of_each_kind(sampling: Sampling):
    liked = np.array([True] * 3 + [False] * 9)
    rows = resampled(liked, sampling, seed=0)
    assert liked[rows].sum() * 2 == len(rows)


def test_balancing_moves_the_log_odds_by_those_of_the_prior():
    liked = np.array([True] * 30 + [False] * 10)
    assert log_odds_moved(liked, Sampling.OVERSAMPLING) == pytest.approx(-float(logit(0.75)))
    assert log_odds_moved(liked, Sampling.NONE) == 0.0


def test_equal_seeds_give_equal_models():
    features, liked = encoded(60)

    def predictions(seed: int) -> Floats:
        return fit(
            ALGORITHMS["extra_trees"], Sampling.UNDERSAMPLING, features, liked, seed=seed
        ).probabilities(features)

    assert predictions(4).tolist() == predictions(4).tolist()
    assert predictions(4).tolist() != predictions(5).tolist()
