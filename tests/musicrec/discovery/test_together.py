"""Tastes over the same songs: how far they agree, where they part, and what suits everybody."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.discovery.together import agreement, happiest, most_divided, traits

N = 4_000


def sure(likes: np.ndarray) -> np.ndarray:
    return np.where(likes, 0.95, 0.05)


@pytest.fixture
def likes() -> np.ndarray:
    return np.random.default_rng(1).random(N) < 0.5


def test_two_sure_models_that_say_the_same_agree_far_beyond_chance(likes: np.ndarray):
    found = agreement(sure(likes), sure(likes), n_both=0, n_same=0)
    assert found.share == pytest.approx(0.905, abs=0.01)
    assert found.by_chance == pytest.approx(0.5, abs=0.02)
    assert found.by_chance < found.low < found.share < found.high


def test_opposite_tastes_agree_less_than_chance(likes: np.ndarray):
    found = agreement(sure(likes), sure(~likes), n_both=0, n_same=0)
    assert found.high < found.by_chance


def test_models_that_know_nothing_leave_a_wide_range_around_chance():
    nothing = np.full(N, 0.5)
    found = agreement(nothing, nothing, n_both=0, n_same=0)
    assert found.share == pytest.approx(0.5)
    assert found.high - found.low > 0.2
    assert found.low < found.by_chance < found.high


def test_songs_that_both_rated_move_the_estimate_and_narrow_the_range():
    nothing = np.full(N, 0.5)
    before = agreement(nothing, nothing, n_both=0, n_same=0)
    after = agreement(nothing, nothing, n_both=60, n_same=54)
    assert after.share > before.share + 0.1
    assert after.high - after.low < before.high - before.low
    assert (after.n_both, after.n_same) == (60, 54)


def test_models_that_are_sure_of_more_songs_narrow_the_range(likes: np.ndarray):
    unsure, sure_ = (np.where(likes, p, 1 - p) for p in (0.6, 0.9))
    wide, narrow = (agreement(p, p, n_both=0, n_same=0) for p in (unsure, sure_))
    assert narrow.high - narrow.low < wide.high - wide.low


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(-0.25, 0.25))
def test_the_range_holds_the_share_where_the_unknown_goes_together_as_it_usually_does(
    seed: int, likeness: float
):
    """Verdicts are drawn by the models' chances, with some correlation beyond them."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0.2, 0.8, (2, N))
    both = a * b + likeness * np.sqrt(a * (1 - a) * b * (1 - b))
    both = np.clip(both, np.maximum(0, a + b - 1), np.minimum(a, b))
    true_share = float(np.mean(1 - a - b + 2 * both))
    found = agreement(a, b, n_both=0, n_same=0)
    assert found.low < true_share < found.high


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
