import numpy as np
import pandas as pd
import pytest

from musicrec.domain.taste_profile import ServerMean
from musicrec.taste import build_map, build_radar, liked_percentiles, mean_of_others
from tests.musicrec.taste.simulated import rated, songs


def test_all_songs_of_the_catalogue_lie_in_its_middle():
    catalogue = songs(101)
    for percentile in liked_percentiles(catalogue.assign(liked=True), catalogue).values():
        assert percentile == pytest.approx(50)


def test_the_highest_song_is_above_all_others():
    catalogue = songs(100)
    highest = catalogue.nlargest(1, "energy").assign(liked=True)
    assert liked_percentiles(highest, catalogue)["energy"] == pytest.approx(99.5)


def test_dislikes_and_unknown_values_do_not_count():
    catalogue = songs(100)
    table = catalogue.assign(liked=np.arange(100) < 50)
    before = liked_percentiles(table, catalogue)
    table.loc[50:, "energy"] = 0.0
    assert liked_percentiles(table, catalogue) == before
    table.loc[:49, "energy"] = np.nan
    assert "energy" not in liked_percentiles(table, catalogue)


def test_a_feature_that_is_the_same_everywhere_is_left_out():
    catalogue = songs(30).assign(energy=0.5)
    assert "energy" not in liked_percentiles(catalogue.assign(liked=True), catalogue)


def test_the_radar_compares_with_the_catalogue_where_there_is_no_server():
    radar = build_radar(rated(200), songs(200))
    assert {axis.other for axis in radar.axes} == {50.0}
    assert (radar.n_likes, radar.n_others) == (100, None)
    by_name = {axis.feature: axis for axis in radar.axes}
    assert by_name["acousticness"].liked > 55
    assert by_name["tempo_bpm"].liked < 45


def test_the_radar_compares_with_the_server_on_what_both_know():
    server = ServerMean(4, {"energy": 61.0, "tempo_bpm": 40.0})
    radar = build_radar(rated(50), songs(50), server)
    assert [(axis.feature, axis.other) for axis in radar.axes] == [
        ("energy", 61.0),
        ("tempo_bpm", 40.0),
    ]
    assert radar.n_others == 4


def test_fewer_than_three_others_have_no_mean_to_be_read_out_of():
    others = [{"energy": 20.0}, {"energy": 40.0, "valence": 10.0}, {"energy": 90.0}]
    assert mean_of_others(others[:2]) is None
    assert mean_of_others(others) == ServerMean(3, {"energy": 50.0})


def test_nothing_rated_has_no_axes():
    radar = build_radar(rated(50).iloc[:0], songs(50))
    assert (radar.axes, radar.n_likes) == ((), 0)


def test_the_map_counts_what_it_cannot_place():
    table = pd.DataFrame(
        {
            "tempo_bpm": [120.0, np.nan, 0.0, 90.0, 100.0],
            "energy": [0.5, 0.5, np.nan, np.inf, 0.25],
            "liked": [True, True, False, True, False],
        }
    )
    taste = build_map(table)
    assert (taste.likes, taste.dislikes) == (((120.0, 0.5),), ((100.0, 0.25),))
    assert (taste.n_without_tempo, taste.n_without_energy) == (2, 1)


def test_labels_without_such_columns_make_an_empty_map():
    taste = build_map(pd.DataFrame({"title": ["a", "b"], "liked": [True, False]}))
    assert (taste.likes, taste.dislikes, taste.n_without_tempo) == ((), (), 2)
