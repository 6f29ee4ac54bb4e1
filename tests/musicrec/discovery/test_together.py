"""Tastes over the same songs: how far they agree, where they part, and what suits everybody."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.discovery.together import Voice, agreement, happiest, most_divided, traits

N = 4_000


def voice(p_like: np.ndarray, n: int = 100) -> Voice:
    return Voice(p_like, n, n)


def sure(likes: np.ndarray) -> np.ndarray:
    return np.where(likes, 0.95, 0.05)


@pytest.fixture
def likes() -> np.ndarray:
    return np.random.default_rng(1).random(N) < 0.5


def test_two_sure_models_that_say_the_same_agree_far_beyond_chance(likes: np.ndarray):
    found = agreement(voice(sure(likes)), voice(sure(likes)), n_both=0, n_same=0)
    assert found.share == pytest.approx(0.905, abs=0.01)
    assert found.by_chance == pytest.approx(0.5, abs=0.02)
    assert found.by_chance < found.low < found.share < found.high


def test_opposite_tastes_agree_less_than_chance(likes: np.ndarray):
    found = agreement(voice(sure(likes)), voice(sure(~likes)), n_both=0, n_same=0)
    assert found.high < found.by_chance


def test_models_that_know_nothing_leave_a_wide_range_around_chance():
    nothing = voice(np.full(N, 0.5), n=5)
    found = agreement(nothing, nothing, n_both=0, n_same=0)
    assert found.share == pytest.approx(0.5)
    assert found.high - found.low > 0.2
    assert found.low < found.by_chance < found.high


def test_songs_that_both_rated_move_the_estimate_and_narrow_the_range():
    nothing = voice(np.full(N, 0.5), n=20)
    before = agreement(nothing, nothing, n_both=0, n_same=0)
    after = agreement(nothing, nothing, n_both=60, n_same=54)
    assert after.share > before.share + 0.1
    assert after.high - after.low < before.high - before.low
    assert (after.n_both, after.n_same) == (60, 54)


def test_more_ratings_behind_both_models_narrow_the_range(likes: np.ndarray):
    p_like = np.where(likes, 0.7, 0.3)
    few, many = (
        agreement(voice(p_like, n), voice(p_like, n), n_both=0, n_same=0) for n in (6, 600)
    )
    assert many.high - many.low < few.high - few.low


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(-0.9, 0.9))
def test_the_range_holds_the_true_share_where_errors_are_as_assumed(seed: int, likeness: float):
    """Truths are drawn around the models' chances, with errors as far apart and as alike."""
    rng = np.random.default_rng(seed)
    chances = rng.uniform(0.3, 0.7, (2, N))
    errors = rng.multivariate_normal([0, 0], [[1, likeness], [likeness, 1]], N).T
    spread = 2.5 * 100.0**-0.09 / 1.2816
    truth = np.clip(chances + spread * errors * chances * (1 - chances), 0, 1)
    a, b = truth
    share = float(np.mean(a * b + (1 - a) * (1 - b)))
    found = agreement(voice(chances[0], 50), voice(chances[1], 50), n_both=0, n_same=0)
    width = found.high - found.low
    assert found.low - width / 2 < share < found.high + width / 2


def songs_of(genres: Sequence[str | None], energy: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"genre": genres, "energy": energy, "tempo_bpm": np.nan, "mode": 1.0})


def test_the_clearest_genre_and_feature_of_each_side_are_found():
    rng = np.random.default_rng(2)
    genres: list[str | None] = ["jazz"] * 40 + ["rock"] * 40 + ["pop"] * 40 + [None] * 40
    energy = rng.random(160)
    first, second = np.full(160, 0.5), np.full(160, 0.5)
    first[:40] += 0.3
    second[:40] += 0.25
    first[40:80] += 0.25
    second[40:80] -= 0.3
    alike, apart = traits(songs_of(genres, energy), first - energy / 10, second - energy / 10)
    assert [(one.about, one.high) for one in alike if one.is_genre] == [("genre", "jazz")]
    (rock,) = (one for one in apart if one.is_genre)
    assert rock.high == "rock"
    assert rock.first > 0 > rock.second


def test_a_sound_that_both_like_has_words_for_both_ends():
    energy = np.linspace(0, 1, 100)
    alike, apart = traits(songs_of([None] * 100, energy), 0.9 - energy / 2, 0.8 - energy / 2)
    (calm,) = alike
    assert (calm.about, calm.high, calm.low) == ("energy", "energetic", "calm")
    assert calm.first < 0
    assert calm.second < 0
    assert apart == ()


def test_nothing_is_said_about_genres_of_few_songs_or_faint_leans():
    genres = ["polka"] * 5 + ["pop"] * 95
    p_like = np.full(100, 0.5)
    p_like[:5] = 0.9
    assert traits(songs_of(genres, np.full(100, 0.5)), p_like, p_like) == ((), ())


def test_songs_are_ordered_by_whoever_likes_them_least_and_then_by_the_mean():
    p_like = np.array([[0.9, 0.6, 0.6, 0.3], [0.2, 0.6, 0.9, 0.3]])
    assert happiest(p_like).tolist() == [2, 1, 3, 0]


def test_the_most_dividing_song_is_the_one_that_one_likes_and_the_other_does_not():
    first, second = np.array([0.9, 0.5, 0.95]), np.array([0.9, 0.5, 0.1])
    assert most_divided(first, second).tolist() == [2, 1, 0]
