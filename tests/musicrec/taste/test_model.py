import numpy as np
import pandas as pd
import pytest

from musicrec.taste import TasteModel, TrainingSet, dump_model, train
from musicrec.taste.metrics import roc_auc
from musicrec.taste.model_file import load_model
from tests.musicrec.taste.simulated import rated, songs, training_set


def test_songs_like_the_liked_ones_get_higher_probabilities(model: TasteModel):
    unheard = rated(200, seed=7)
    p_like = model.predict(unheard)
    assert p_like.shape == (200,)
    assert roc_auc(p_like, unheard["liked"].to_numpy()) > 0.8


def test_every_song_gets_the_same_probability_in_any_company(model: TasteModel):
    table = songs(20, seed=3)
    shuffled = table.sample(frac=1, random_state=0)
    # The kernels compute in single precision, whose last digits depend on a song's place.
    assert model.predict(table)[shuffled.index] == pytest.approx(model.predict(shuffled), rel=1e-5)


def test_unknown_columns_are_ignored_and_missing_ones_survived(model: TasteModel):
    table = songs(10, seed=3)
    assert model.predict(table.assign(mood="x")).tolist() == model.predict(table).tolist()
    for part in (table[["title"]], table[["energy"]], table.assign(tempo_bpm=np.nan)):
        assert np.isfinite(model.predict(part)).all()


def test_no_songs_are_no_problem(model: TasteModel):
    nothing = songs(3).head(0)
    assert model.predict(nothing).shape == (0,)
    assert model.explain(nothing) == []
    assert model.knows(nothing).shape == (0,)


def test_labelled_songs_are_known_by_id_or_by_name(model: TasteModel):
    labelled = songs(3)
    renamed = labelled.assign(title="Else")
    reissued = labelled.assign(track_id="spotify:track:else", artists="artist 0")
    assert model.knows(renamed).all()
    assert model.knows(reissued.head(1)).all()
    assert not model.knows(songs(3, seed=8)).any()
    assert not model.knows(labelled[["energy"]]).any()


def test_a_song_that_was_liked_and_disliked_is_still_known():
    table = rated(40)
    torn = table.head(1).assign(liked=~table["liked"].head(1))
    training = TrainingSet.from_table(pd.concat([table, torn], ignore_index=True))
    model = train(training, folds=2)
    assert model.n_labels == 39
    assert model.knows(torn).all()
    assert model.likes(torn).all()


def test_liked_songs_are_told_from_disliked_ones(model: TasteModel):
    restored = load_model(dump_model(model))
    labelled = rated(120)
    assert restored.likes(labelled).tolist() == labelled["liked"].tolist()


def test_equal_seeds_give_equal_models():
    training = training_set(40)
    unheard = songs(30, seed=2)
    one, other = (train(training, folds=2, seed=6) for _ in range(2))
    assert one.predict(unheard).tolist() == other.predict(unheard).tolist()
    assert one.algorithm == other.algorithm


def test_the_model_reports_what_it_learned_from(model: TasteModel):
    assert model.n_labels == 120
    assert model.feature_names == model.report.feature_names
    assert "genre" in model.feature_names
