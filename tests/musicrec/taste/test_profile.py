import numpy as np
import pandas as pd
import pytest

from musicrec.domain.taste_profile import GenreCount
from musicrec.taste import build_profile
from tests.musicrec.taste.simulated import rated, songs


def test_the_profile_finds_what_was_decided_by():
    profile = build_profile(rated(200), songs(500, seed=1))
    assert set(profile.lean_words[:2]) == {"acoustic", "slow"}
    assert profile.leans[0].feature == "acousticness"
    effects = [abs(lean.effect) for lean in profile.leans]
    assert effects == sorted(effects, reverse=True)
    assert (profile.n_likes, profile.n_dislikes) == (100, 100)


def test_an_effect_is_the_shrunken_difference_in_spreads_of_the_catalogue():
    labelled = pd.DataFrame(
        {"energy": [0.8, 0.6, 0.8, 0.6, 0.3, 0.1], "liked": [True] * 4 + [False] * 2}
    )
    catalogue = pd.DataFrame({"energy": [0.2, 0.6]})
    (lean,) = build_profile(labelled, catalogue).leans
    assert (lean.liked_mean, lean.disliked_mean) == pytest.approx((0.7, 0.2))
    assert (lean.catalogue_mean, lean.catalogue_sd) == pytest.approx((0.4, 0.2))
    # By hand: 0.5 / 0.2 spreads, times n / (n + 4) with n = 2 / (1/4 + 1/2).
    assert lean.effect == pytest.approx(2.5 * (8 / 3) / (8 / 3 + 4))


def test_few_labels_have_no_words_yet():
    labelled = pd.DataFrame({"energy": [0.7, 0.5], "liked": [True, False]})
    assert build_profile(labelled, songs(200)).lean_words == ()


def test_somebody_who_only_likes_leans_nowhere():
    profile = build_profile(rated(20).assign(liked=True), songs(50))
    assert {lean.effect for lean in profile.leans} == {0.0}
    assert all(lean.disliked_mean is None for lean in profile.leans)


def test_no_labels_are_a_profile_too():
    profile = build_profile(rated(5).head(0), songs(50))
    assert (profile.n_likes, profile.n_dislikes) == (0, 0)
    assert profile.genres == profile.top_artists == profile.lean_words == ()
    assert all(lean.liked_mean is None for lean in profile.leans)


def test_what_the_catalogue_does_not_know_is_left_out():
    profile = build_profile(rated(20), songs(50).assign(energy=np.nan).drop(columns="year"))
    features = {lean.feature for lean in profile.leans}
    assert not features & {"energy", "year", "key", "time_signature"}


def test_genres_are_counted_most_labels_first():
    labelled = pd.DataFrame(
        {
            "genre": ["jazz", "metal", "metal", None, "metal", "jazz", "folk"],
            "liked": [True, False, False, True, True, True, False],
        }
    )
    assert build_profile(labelled, labelled).genres == (
        GenreCount("metal", 1, 2),
        GenreCount("jazz", 2, 0),
        GenreCount("folk", 0, 1),
    )


def test_the_five_main_artists_with_the_most_likes_are_named():
    artists = ["B; A", "A", "A", "C", "D", "E", "F", "", "G"]
    labelled = pd.DataFrame({"artists": artists, "liked": [True] * 8 + [False]})
    expected = (("A", 2), ("B", 1), ("C", 1), ("D", 1), ("E", 1))
    assert build_profile(labelled, labelled).top_artists == expected
