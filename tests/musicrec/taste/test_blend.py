from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.taste import TasteModel, TrainingSet, dump_model, load_model, train
from musicrec.taste.blend import Blend, fit_blend
from musicrec.taste.credits import credits_of, incidence
from musicrec.taste.encode import Encoded, Encoding
from musicrec.taste.kernel import KernelModel
from musicrec.taste.kernel_fit import fit_kernel
from musicrec.taste.learn import learn, probabilities_of
from musicrec.taste.metrics import roc_auc
from musicrec.taste.offsets import Offsets, fit_offsets
from musicrec.taste.ridge import fit_ridge
from musicrec.taste.sampling import Sampling
from musicrec.taste.trees_file import dump_trees, load_trees
from tests.musicrec.taste.simulated import encoded, rated, songs, training_set


def blended(n: int, *, seed: int = 0) -> TasteModel:
    """Train a model and put the blend in the place of whatever was kept."""
    training = training_set(n, seed=seed)
    model = train(training, folds=2)
    songs_ = model.encoding.encode(training.songs)
    blend, _ = fit_blend(songs_, training.liked, seed=0)
    return replace(model, algorithm="blend", fitted=blend)


@pytest.fixture(scope="module")
def blend_model() -> TasteModel:
    return blended(80)


def test_the_blend_survives_storing_with_equal_predictions(blend_model: TasteModel):
    table = songs(60, seed=5)
    loaded = load_model(dump_model(blend_model))
    assert loaded.predict(table).tolist() == blend_model.predict(table).tolist()
    assert loaded.fitted.n_labels == 80


def test_trees_are_stored_without_what_only_training_needed():
    features, liked = encoded(80)
    blend = learn("blend", Sampling.NONE, Encoded(features, no_credits(80)), liked, seed=0)
    assert isinstance(blend, Blend)
    trees = blend.forest
    loaded = load_trees(dump_trees(trees))
    assert loaded.inplace_predict(features).tolist() == trees.inplace_predict(features).tolist()


def no_credits(n: int) -> np.ndarray:
    return credits_of(songs(n)[["energy"]])


def test_songs_of_new_artists_keep_the_prediction_from_audio_exactly(blend_model: TasteModel):
    table = songs(40, seed=6)
    strangers = table.assign(artists="Nobody Yet; Nobody Else")
    unsigned = table.drop(columns="artists")
    assert blend_model.predict(strangers).tolist() == blend_model.predict(unsigned).tolist()


def artist_fan(n: int) -> TrainingSet:
    """Labels that only the artist explains: half of twelve are liked."""
    rng = np.random.default_rng(77)
    artist = rng.integers(0, 12, n)
    table = songs(n, seed=3).assign(artists=[f"Singer {a}; Guest {a}" for a in artist])
    return TrainingSet.from_table(table.assign(liked=artist < 6))


def test_artists_that_are_liked_lift_their_unheard_songs():
    model = train(artist_fan(150))
    assert model.algorithm == "blend"
    unheard = songs(24, seed=4)
    p_like = [
        model.predict(unheard.assign(artists=name)).mean()
        for name in ("Singer 1", "SINGER 1 ", "Nobody", "Singer 9")
    ]
    assert p_like[0] == p_like[1] > 0.8
    assert 0.3 < p_like[2] < 0.7
    assert p_like[3] < 0.2


def test_guests_count_half_of_main_artists():
    offsets = Offsets({"a": 1.0, "b": -0.5})
    songs_ = np.fromiter([("a",), ("b", "a"), ("x", "b"), ()], dtype=object, count=4)
    assert offsets.of(songs_).tolist() == [1.0, 0.0, -0.25, 0.0]


def test_credits_are_keys_of_every_artist_once():
    table = songs(3).assign(artists=pd.Series(["Ána;  The B; ana", None, ""]))
    assert credits_of(table).tolist() == [("ana", "the b"), (), ()]
    found = incidence(credits_of(table), {"ana": 0, "the b": 1}).toarray()
    assert found.tolist() == [[1.0, 0.5], [0.0, 0.0], [0.0, 0.0]]


def test_offsets_of_an_artist_match_those_found_by_search():
    # One artist with 8 likes of 10; a variance dominates if it is the only one that fits.
    liked = np.array([True] * 8 + [False] * 2 + [False] * 8 + [True] * 2)
    artists = np.fromiter([("a",)] * 10 + [("b",)] * 10, dtype=object, count=20)
    offsets, left_out = fit_offsets(np.zeros(20), artists, liked, seed=0)
    assert 0.4 < offsets.by_artist["a"] < np.log(4)
    assert offsets.by_artist["b"] == pytest.approx(-offsets.by_artist["a"], abs=1e-2)
    assert roc_auc(left_out, liked) > 0.6


def test_artists_that_say_nothing_get_offsets_near_zero():
    rng = np.random.default_rng(0)
    artists = np.fromiter([(f"a{row % 40}",) for row in range(200)], dtype=object, count=200)
    offsets, left_out = fit_offsets(np.zeros(200), artists, rng.random(200) < 0.5, seed=0)
    assert np.abs(list(offsets.by_artist.values())).mean() < 0.25
    assert np.abs(left_out).max() < 0.7


def test_where_every_artist_is_there_once_there_are_no_offsets():
    artists = np.fromiter([(f"a{row}",) for row in range(20)], dtype=object, count=20)
    audio = np.linspace(-1, 1, 20)
    offsets, left_out = fit_offsets(audio, artists, audio > 0, seed=0)
    assert not offsets.by_artist
    assert left_out.tolist() == audio.tolist()


def test_left_out_log_odds_are_near_those_of_real_fits_without_the_song():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(40, 3))
    liked = features[:, 0] + rng.normal(size=40) > 0
    ridge = fit_ridge(features, liked, penalty=1.0)
    for row in range(0, 40, 7):
        rest = np.arange(40) != row
        without = fit_ridge(features[rest], liked[rest], penalty=1.0).log_odds(features[[row]])[0]
        assert ridge.left_out[row] == pytest.approx(without, abs=0.08)


def test_a_strong_pull_leaves_the_weights_where_they_start():
    features = np.random.default_rng(0).normal(size=(30, 4))
    ridge = fit_ridge(features, features[:, 0] > 0, penalty=1e6, start=0.25)
    assert ridge.weights == pytest.approx(0.25, abs=1e-3)


def test_the_kernels_left_out_voices_rank_like_cross_validation():
    features, liked = encoded(150)
    model, left_out = fit_kernel(features, liked, seed=0)
    assert 0.7 < roc_auc(left_out[:, 0], liked) < roc_auc(model.log_odds(features)[:, 0], liked)
    rebuilt = KernelModel.from_json(model.to_json())
    assert rebuilt.log_odds(features).tolist() == model.log_odds(features).tolist()


def test_kernel_parts_that_do_not_fit_are_refused():
    features, liked = encoded(30)
    data = fit_kernel(features, liked, seed=0)[0].to_json()
    with pytest.raises(ValueError, match="fit together"):
        KernelModel.from_json(data | {"intercepts": [0.0]})


def test_the_blends_left_out_log_odds_are_honest():
    rng = np.random.default_rng(2)
    table = songs(150, seed=2)
    training = TrainingSet.from_table(table.assign(liked=rng.random(150) < 0.5))
    encoded_ = Encoding.of(training.songs).encode(training.songs)
    _, left_out = fit_blend(encoded_, training.liked, seed=0)
    assert 0.3 < roc_auc(left_out, training.liked) < 0.65


@settings(max_examples=8, deadline=None)
@given(
    n=st.integers(10, 40),
    seed=st.integers(0, 9),
    value=st.sampled_from([np.nan, 0.0, 1e300, -np.inf]),
)
def test_the_blend_gives_probabilities_whatever_the_columns_hold(n: int, seed: int, value: float):
    table = rated(n, seed=seed, lean=0.3).assign(
        energy=value, key=[value, 3.0] * (n // 2) + [3.0] * (n % 2)
    )
    training = TrainingSet.from_table(table)
    songs_ = Encoding.of(training.songs).encode(training.songs)
    learned = learn("blend", Sampling.NONE, songs_, training.liked, seed=0)
    p_like = probabilities_of(learned, songs_)
    assert ((p_like > 0) & (p_like < 1)).all()
