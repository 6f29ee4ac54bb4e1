import numpy as np
import pandas as pd
import pytest

from musicrec.taste import TasteModel, TrainingSet, dump_model, train, train_job
from musicrec.taste.columns import clean_features
from musicrec.taste.metrics import roc_auc
from musicrec.taste.model_file import load_model
from musicrec.taste.reasons import Typical, reasons_for
from musicrec.taste.words import WORDINGS
from tests.musicrec.taste.simulated import rated, songs, training_set


def test_songs_like_the_liked_ones_get_higher_probabilities(model: TasteModel):
    unheard = rated(200, seed=7)
    p_like = model.predict(unheard)
    assert p_like.shape == (200,)
    assert roc_auc(p_like, unheard["liked"].to_numpy()) > 0.8


def test_every_song_gets_the_same_probability_in_any_company(model: TasteModel):
    table = songs(20, seed=3)
    shuffled = table.sample(frac=1, random_state=0)
    assert model.predict(table)[shuffled.index] == pytest.approx(model.predict(shuffled))


def test_unknown_columns_are_ignored_and_missing_ones_survived(model: TasteModel):
    table = songs(10, seed=3)
    assert model.predict(table.assign(mood="x")).tolist() == model.predict(table).tolist()
    for part in (table[["title"]], table[["energy"]], table.assign(tempo_bpm=np.nan)):
        assert np.isfinite(model.predict(part)).all()


def test_no_songs_are_no_problem(model: TasteModel):
    nothing = songs(3).head(0)
    assert model.predict(nothing).shape == (0,)
    assert model.reasons(nothing) == []
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


def test_a_training_job_returns_the_model_as_bytes():
    blob, report = train_job(training_set(30), 3)
    loaded = load_model(blob)
    assert loaded.report == report
    assert loaded.algorithm == report.best.algorithm
    assert loaded.n_labels == 30


def test_the_model_reports_what_it_learned_from(model: TasteModel):
    assert model.n_labels == 120
    assert model.feature_names == model.report.feature_names
    assert "genre" in model.feature_names


def feature_of(reason: str) -> str:
    for name, wording in WORDINGS.items():
        if reason in {wording.low, wording.high, wording.lower, wording.higher}:
            return name
    assert reason.startswith("it is ")
    return "genre"


def test_without_a_reasons_feature_the_probability_moves_to_the_other_side(model: TasteModel):
    table = songs(40, seed=11)
    p_like = model.predict(table)
    given = 0
    for row, reasons in enumerate(model.reasons(table, most=3)):
        for reason in reasons:
            name = feature_of(reason)
            usual = "" if name == "genre" else model.typical.middle[name]
            without = model.predict(table.iloc[[row]].assign(**{name: usual}))[0]
            side = 1 if p_like[row] >= 0.5 else -1
            assert side * (p_like[row] - without) > 0
            given += 1
    assert given > 40


def test_reasons_come_strongest_first_and_no_more_than_asked_for(model: TasteModel):
    table = songs(30, seed=12)
    three, one = model.reasons(table, most=3), model.reasons(table)
    assert [reasons[:1] for reasons in three] == one
    assert max(len(reasons) for reasons in three) == 3


def test_reasons_name_what_the_listener_cares_about(model: TasteModel):
    table = songs(40, seed=13)
    table = table.assign(acousticness=0.99, tempo_bpm=65.0, genre="folk")
    named = {reason for reasons in model.reasons(table, most=3) for reason in reasons}
    assert {"acoustic", "slow"} <= named
    disliked = table.assign(acousticness=0.01, tempo_bpm=190.0, genre="metal")
    named = {reason for reasons in model.reasons(disliked, most=3) for reason in reasons}
    assert {"electric", "fast", "it is metal"} <= named


def test_unknown_values_are_never_reasons(model: TasteModel):
    bare = pd.DataFrame({"title": ["x"], "acousticness": [np.nan], "genre": [None]})
    assert model.reasons(bare, most=5) == [()]


def test_a_side_is_named_by_how_far_out_the_value_lies():
    songs_ = clean_features(pd.DataFrame({"tempo_bpm": np.linspace(60, 160, 11)}))
    typical = Typical.of(songs_, ("tempo_bpm",))
    named = [typical.word("tempo_bpm", tempo) for tempo in (60, 100, 120, 160)]
    assert named == ["slow", "slower than most", "faster than most", "fast"]


def test_pushes_against_the_stated_side_are_no_reasons():
    table = clean_features(pd.DataFrame({"tempo_bpm": [60.0, 160.0], "energy": [0.9, 0.9]}))
    typical = Typical(
        middle={"tempo_bpm": 110.0, "energy": 0.5},
        low={"tempo_bpm": 80.0, "energy": 0.2},
        high={"tempo_bpm": 140.0, "energy": 0.8},
    )

    def log_odds(asked: pd.DataFrame) -> np.ndarray:
        return ((asked["tempo_bpm"] - 110) / 50 + (asked["energy"] - 0.5)).to_numpy()

    likely = np.array([False, True])
    reasons = reasons_for(table, log_odds, typical, likely=likely, most=5)
    assert reasons == [("slow",), ("fast", "energetic")]
