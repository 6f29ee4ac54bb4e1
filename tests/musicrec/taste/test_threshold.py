import numpy as np
import pytest

from musicrec.domain.errors import BadInputError
from musicrec.taste.threshold import definite_dislike_threshold


def test_the_largest_threshold_with_the_wanted_precision_is_found():
    p_like = np.linspace(0, 0.99, 100)
    liked = p_like >= 0.3
    # By hand: the Wilson bound of 30 dislikes of 31 is 0.8676, of 32 it is 0.8277.
    assert definite_dislike_threshold(p_like, liked, 0.84) == p_like[30]


def test_the_probabilities_must_expect_as_many_dislikes_as_were_counted():
    p_like = np.linspace(0, 0.99, 100)
    # Every song below 0.5 was disliked; yet of those below 0.3 only 85 % are expected to be.
    assert definite_dislike_threshold(p_like, p_like >= 0.5, 0.85) == pytest.approx(0.3)


def test_a_few_lucky_songs_do_not_make_a_threshold():
    p_like = np.linspace(0, 0.99, 12)
    assert definite_dislike_threshold(p_like, p_like > 0.5, 0.5) is None


def test_24_clean_dislikes_do_not_prove_nine_in_ten_but_25_do():
    # Wilson's bound of n of n is n / (n + 1.6449 ** 2).
    for n, found in ((24, None), (25, 0.05)):
        p_like = np.r_[np.full(n, 0.05), np.full(20, 0.9)]
        assert definite_dislike_threshold(p_like, p_like > 0.5, 0.9) == found


def test_songs_that_are_rather_liked_are_never_definite_dislikes():
    p_like = np.full(60, 0.7)
    assert definite_dislike_threshold(p_like, np.zeros(60, bool), 0.9) is None


def test_songs_with_equal_probability_are_judged_together():
    p_like = np.full(60, 0.2)
    liked = np.arange(60) >= 30
    assert definite_dislike_threshold(p_like, liked, 0.9) is None


def test_random_predictions_support_no_threshold():
    rng = np.random.default_rng(0)
    assert definite_dislike_threshold(rng.random(300), rng.random(300) < 0.7, 0.9) is None


@pytest.mark.parametrize("precision", [0.0, -1.0, 1.1, float("nan")])
def test_a_precision_out_of_range_is_refused(precision: float):
    with pytest.raises(BadInputError, match="precision"):
        definite_dislike_threshold(np.full(20, 0.1), np.zeros(20, bool), precision)
