import json
from dataclasses import replace

import numpy as np
import pytest

from musicrec.taste import TasteModel, TrainingSet, dump_model, load_model, train
from musicrec.taste.blend import Blend, fit_blend
from musicrec.taste.encode import Encoded, Encoding
from musicrec.taste.expert import Expert, fit_expert, record_of
from musicrec.taste.metrics import roc_auc
from musicrec.taste.parts_file import describe, dump_parts, load_parts
from tests.musicrec.taste.simulated import songs


def collector(n: int) -> TrainingSet:
    """Somebody who likes one half of the artists, but of each only what is energetic."""
    rng = np.random.default_rng(5)
    artist = rng.integers(0, n // 4, n)
    table = songs(n, seed=3).assign(artists=[f"Singer {a}" for a in artist])
    wish = 2.0 * (artist % 2) + 6 * (table["energy"] - 0.5) * (artist % 2) - 1
    return TrainingSet.from_table(table.assign(liked=rng.random(n) < 1 / (1 + np.exp(-wish))))


@pytest.fixture(scope="module")
def model() -> TasteModel:
    training = collector(500)
    encoding = Encoding.of(training.songs)
    blend, _ = fit_blend(encoding.encode(training.songs), training.liked, seed=0)
    return replace(train(training), algorithm="blend", encoding=encoding, fitted=blend)


def expert_of(model: TasteModel) -> Expert:
    assert isinstance(model.fitted, Blend)
    assert model.fitted.expert is not None
    return model.fitted.expert


def test_only_songs_of_known_artists_are_moved(model: TasteModel):
    table = songs(40, seed=6)
    unsigned = table.drop(columns="artists")
    plain = replace(model, fitted=replace(model.fitted, expert=None))
    for nobody in (table.assign(artists="Nobody Yet; Nobody Else"), unsigned):
        assert model.predict(nobody).tolist() == plain.predict(unsigned).tolist()
    known = table.assign(artists="Nobody Yet; Singer 1")
    assert (model.predict(known) != plain.predict(known)).all()


def test_an_expert_survives_storing_with_equal_predictions(model: TasteModel):
    table = songs(60, seed=5).assign(artists="Singer 3")
    loaded = load_model(dump_model(model))
    assert loaded.predict(table).tolist() == model.predict(table).tolist()


def test_what_was_left_out_ranks_better_with_the_expert_than_without():
    training = collector(800)
    songs_ = Encoding.of(training.songs).encode(training.songs)
    audio = 6 * (songs_.features[:, 1] - 0.5)
    expert, left_out = fit_expert(audio, audio, songs_, training.liked, belief=1.0, seed=0)
    assert expert is not None
    assert roc_auc(left_out, training.liked) > roc_auc(audio, training.liked) + 0.02


def test_records_sum_up_every_artists_songs(model: TasteModel):
    records = expert_of(model).records
    training = collector(500)
    own = (training.songs["artists"] == "Singer 7").to_numpy()
    n_songs, likes, surplus, variance, _ = records["singer 7"]
    assert (n_songs, likes) == (own.sum(), training.liked[own].sum())
    assert abs(surplus) <= n_songs
    assert 0 < variance <= n_songs / 4


def test_where_few_songs_share_an_artist_there_is_no_expert():
    training = collector(140)
    songs_ = Encoding.of(training.songs).encode(training.songs)
    zero = np.zeros(len(training.liked))
    expert, left_out = fit_expert(zero, zero, songs_, training.liked, belief=1.0, seed=0)
    assert expert is None
    assert left_out is zero


def test_artists_that_do_not_matter_get_no_expert():
    training = collector(500)
    songs_ = Encoding.of(training.songs).encode(training.songs)
    zero = np.zeros(len(training.liked))
    assert fit_expert(zero, zero, songs_, training.liked, belief=0.1, seed=0)[0] is None


@pytest.mark.parametrize(
    "change",
    [
        {"weight": 1.5},
        {"weight": float("nan")},
        {"rate": 0.0},
        {"records": {}},
        {"records": {"a": [1.0, 2.0]}},
        {"records": {"a": [1.0, 2.0, 3.0, 4.0, float("inf")]}},
    ],
)
def test_parts_of_an_expert_that_make_no_sense_are_refused(
    model: TasteModel, change: dict[str, object]
):
    small = json.loads(json.dumps(describe(model.fitted)))
    small["expert"] |= change
    with pytest.raises(ValueError, match=r"expert|unpack"):
        load_parts(small, dump_parts(model.fitted), (1, 1))


def test_a_blend_of_the_second_format_is_one_without_an_expert(model: TasteModel):
    small = describe(model.fitted)
    del small["expert"]
    members = dump_parts(model.fitted)
    del members["expert.json"]
    loaded = load_parts(small, members, (1, 1))
    assert isinstance(loaded, Blend)
    assert loaded.expert is None


def test_records_have_five_numbers():
    assert record_of([1, 1, 0.5, 0.25, 0]) == (1.0, 1.0, 0.5, 0.25, 0.0)
    with pytest.raises(ValueError, match="unpack"):
        record_of([1, 2])


def test_no_songs_are_no_trouble(model: TasteModel):
    none = Encoded(np.empty((0, 3)), np.empty(0, object))
    assert expert_of(model).moved(np.empty(0), np.empty(0), none).tolist() == []
