import numpy as np
import pandas as pd
import pytest

from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.domain.label import LabelCounts
from musicrec.taste import TrainingSet, require_enough
from tests.musicrec.taste.simulated import rated


def test_ten_labels_with_three_of_a_kind_are_enough():
    require_enough(LabelCounts(likes=7, dislikes=3))


@pytest.mark.parametrize(("likes", "dislikes"), [(6, 3), (8, 2), (2, 40), (0, 0)])
def test_fewer_labels_are_refused_with_what_is_missing(likes: int, dislikes: int):
    with pytest.raises(NotEnoughLabelsError) as refused:
        require_enough(LabelCounts(likes=likes, dislikes=dislikes))
    assert (refused.value.likes, refused.value.dislikes) == (likes, dislikes)
    assert (refused.value.need_labels, refused.value.need_each) == (10, 3)


def test_a_song_rated_twice_alike_counts_once():
    table = rated(30)
    training = TrainingSet.from_table(pd.concat([table, table.head(4)]))
    assert len(training.liked) == 30
    assert training.notices[0] == "4 repeated songs were counted once."


def test_a_song_both_liked_and_disliked_is_left_out():
    table = rated(30)
    torn = table.head(2).assign(liked=~table.head(2)["liked"])
    training = TrainingSet.from_table(pd.concat([table, torn]))
    assert len(training.liked) == 28
    assert not set(training.songs["track_id"]) & set(torn["track_id"])
    assert training.notices[0] == "2 songs were both liked and disliked; they were left out."


def test_another_id_of_the_same_recording_is_the_same_song():
    table = rated(30)
    reissue = table.head(1).assign(track_id="spotify:track:other", title="SONG 0 0 (Remastered)")
    assert len(TrainingSet.from_table(pd.concat([table, reissue])).liked) == 30


def test_an_id_is_the_same_song_under_a_title_that_is_spelled_differently():
    table = rated(30)
    misspelled = table.head(1).assign(title="Sogn")
    assert len(TrainingSet.from_table(pd.concat([table, misspelled])).liked) == 30


def test_rows_without_id_and_title_are_all_kept():
    table = rated(30).drop(columns=["track_id", "title"])
    assert len(TrainingSet.from_table(pd.concat([table, table])).liked) == 60


def test_labels_stay_with_their_songs_when_rows_are_dropped():
    table = rated(40)
    training = TrainingSet.from_table(pd.concat([table.head(5), table]))
    expected = table.set_index("track_id")["liked"].loc[training.songs["track_id"]]
    assert training.liked.tolist() == expected.tolist()


def test_impossible_numbers_become_missing():
    table = rated(20).astype({"energy": object})
    table.loc[0, "energy"] = "loud"
    table.loc[1, "energy"] = np.inf
    table.loc[2, "energy"] = 7
    energy = TrainingSet.from_table(table).songs["energy"]
    assert energy.isna().tolist() == [True] * 3 + [False] * 17


def test_columns_that_teach_nothing_are_named():
    table = rated(20).assign(valence=0.5, liveness=np.nan)
    assert "liveness, valence" in TrainingSet.from_table(table).notices[-1]


def test_without_any_usable_feature_it_is_refused():
    table = rated(20)[["track_id", "title", "artists", "liked"]].assign(energy=0.5, loud="x")
    with pytest.raises(BadInputError, match="No feature column"):
        TrainingSet.from_table(table)


def test_a_genre_alone_is_a_usable_feature():
    TrainingSet.from_table(rated(20)[["track_id", "genre", "liked"]])


@pytest.mark.parametrize("label", ["yes", None, 2])
def test_labels_that_are_neither_true_nor_false_are_refused(label: object):
    labels = pd.Series([True] * 10 + [False] * 9 + [label], dtype=object)
    with pytest.raises(BadInputError, match="true or false"):
        TrainingSet.from_table(rated(20).assign(liked=labels))


def test_a_table_without_labels_is_refused():
    with pytest.raises(BadInputError, match="liked"):
        TrainingSet.from_table(rated(20).drop(columns="liked"))
