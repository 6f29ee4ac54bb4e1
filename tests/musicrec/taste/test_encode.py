import numpy as np
import pandas as pd
import pytest

from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Encoding
from tests.musicrec.taste.simulated import songs


def test_neighbours_on_the_circle_of_fifths_are_closer_than_semitones():
    table = pd.DataFrame({"key": [0.0, 7.0, 1.0]})
    c, g, c_sharp = Encoding(numbers=("key",), genres=()).matrix(table)
    assert np.linalg.norm(c - g) < np.linalg.norm(c - c_sharp)


def test_lengths_and_tempos_are_encoded_by_their_ratios():
    table = pd.DataFrame({"tempo_bpm": [60.0, 120.0, 240.0]})
    encoded = Encoding(numbers=("tempo_bpm",), genres=()).matrix(table).ravel()
    assert np.diff(encoded) == pytest.approx([1.0, 1.0])


def test_columns_that_do_not_vary_are_left_out():
    table = songs(20).assign(energy=0.5, danceability=np.nan)
    names = Encoding.of(clean_features(table)).feature_names
    assert "energy" not in names
    assert "danceability" not in names
    assert names[-1] == "genre"


def test_a_genre_that_was_not_trained_on_is_no_genre():
    encoding = Encoding(numbers=(), genres=("metal", "jazz"))
    encoded = encoding.matrix(clean_features(pd.DataFrame({"genre": ["Metal ", "polka", None]})))
    assert encoded.tolist() == [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]


def test_columns_missing_from_scored_songs_are_unknown():
    encoding = Encoding(numbers=("key", "energy"), genres=("jazz",))
    encoded = encoding.matrix(clean_features(pd.DataFrame({"title": ["x"]})))
    assert np.isnan(encoded[0, :3]).all()
    assert encoded[0, 3] == 0.0


def test_songs_of_which_nothing_is_known_still_have_a_column():
    assert Encoding(numbers=(), genres=()).matrix(pd.DataFrame(index=range(3))).shape == (3, 1)


def test_an_encoding_survives_json():
    encoding = Encoding.of(clean_features(songs(30)))
    assert Encoding.from_json(encoding.to_json()) == encoding


def test_cleaning_twice_changes_nothing():
    once = clean_features(songs(10).assign(energy=["x"] * 5 + [2.0] * 5))
    pd.testing.assert_frame_equal(clean_features(once), once)


def test_key_mode_and_metre_do_not_tell_songs_apart_by_ear():
    encoding = Encoding(numbers=("energy", "key", "mode", "tempo_bpm"), genres=("jazz",))
    matrix = encoding.matrix(songs(3))
    assert matrix.shape == (3, 6)
    assert encoding.telling is not None
    assert encoding.telling.tolist() == [0, 4, 5]


def test_where_there_is_nothing_but_key_and_mode_they_have_to_do():
    assert Encoding(numbers=("key", "mode"), genres=()).telling is None
