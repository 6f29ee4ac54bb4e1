from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musicrec.taste import TasteModel, TrainingSet, effects_of_labels, feature_effects, train
from tests.musicrec.taste.simulated import rated, songs, training_set


@pytest.fixture(scope="module")
def model() -> TasteModel:
    """Learn from a listener of acoustic, slow songs who dislikes metal."""
    return train(training_set(120), folds=2)


def test_the_chance_rises_along_a_feature_that_is_liked_and_falls_along_one_that_is_not(
    model: TasteModel,
):
    effects = feature_effects(model, songs(200, seed=5))
    by_name = {effect.feature: effect for effect in effects.features}
    acoustic, tempo = by_name["acousticness"], by_name["tempo_bpm"]
    assert acoustic.p_like[-1] > acoustic.p_like[0] + 0.2
    assert np.corrcoef(acoustic.points, acoustic.p_like)[0, 1] > 0.9
    assert tempo.p_like[-1] < tempo.p_like[0] - 0.1
    assert [effect.size for effect in effects.features] == sorted(
        (effect.size for effect in effects.features), reverse=True
    )
    assert effects.features[0].feature in {"acousticness", "tempo_bpm"}
    assert effects.genres[-1].genre == "metal"


def test_points_are_in_the_features_own_unit_and_within_its_range(model: TasteModel):
    table = songs(200, seed=5)
    for effect in feature_effects(model, table, most=99).features:
        assert list(effect.points) == sorted(set(effect.points))
        assert table[effect.feature].min() <= effect.points[0]
        assert effect.points[-1] <= table[effect.feature].max()
        assert 2 <= len(effect.points) <= 9


def test_only_the_largest_effects_are_kept_and_the_key_is_not_among_them(model: TasteModel):
    everything = feature_effects(model, songs(200, seed=5), most=99)
    assert "key" in model.feature_names
    assert "key" not in {effect.feature for effect in everything.features}
    six = feature_effects(model, songs(200, seed=5))
    assert six == replace(everything, features=everything.features[:6])


def test_more_songs_are_sampled_by_the_seed(model: TasteModel):
    table = songs(900, seed=5)
    first = feature_effects(model, table, seed=1)
    assert first.n_songs == 300
    assert first == feature_effects(model, table, seed=1)
    assert first != feature_effects(model, table, seed=2)


def test_artists_do_not_hide_the_sound(model: TasteModel):
    known = rated(120)
    assert feature_effects(model, known) == feature_effects(model, known.drop(columns="artists"))


def test_no_songs_and_a_single_song_have_no_effects(model: TasteModel):
    nothing = feature_effects(model, songs(5).iloc[:0])
    assert (nothing.features, nothing.n_songs) == ((), 0)
    assert feature_effects(model, songs(1)).features == ()


def test_effects_of_labels_need_no_finished_model():
    training = training_set(120)
    model = train(training, folds=2)
    effects = effects_of_labels(training, model.report.best)
    acoustic = next(each for each in effects.features if each.feature == "acousticness")
    assert acoustic.p_like[-1] > acoustic.p_like[0] + 0.2
    assert effects == effects_of_labels(training, model.report.best)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    column=st.sampled_from(["energy", "tempo_bpm", "acousticness", "explicit", "genre"]),
    value=st.sampled_from([np.nan, np.inf, -np.inf, 0.5, 1e300, "text", None]),
    n=st.integers(1, 30),
    drop=st.booleans(),
)
def test_odd_songs_never_give_nan(
    model: TasteModel, column: str, value: object, n: int, drop: bool
):
    odd = songs(n, seed=3)
    odd = odd.drop(columns=column) if drop else odd.assign(**{column: pd.Series([value] * n)})
    effects = feature_effects(model, odd)
    numbers = [effects.p_like, *(genre.p_like for genre in effects.genres)]
    for effect in effects.features:
        assert np.isfinite(effect.points).all()
        numbers += effect.p_like
    assert all(0 <= number <= 1 for number in numbers)


def test_one_genre_has_no_rival():
    table = rated(60)
    alone = train(TrainingSet.from_table(table.assign(genre="folk")), folds=2)
    assert feature_effects(alone, table).genres == ()
