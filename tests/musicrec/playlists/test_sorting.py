from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.catalogue import Catalogue
from musicrec.discovery.paths import length, smooth_path
from musicrec.discovery.sounds import apart, points
from musicrec.domain.playlist import Playlist
from musicrec.playlists.songs import ListedSongs, listed_songs
from musicrec.playlists.sorting import Order, Sorted, sort_by, sort_by_probability, sort_near
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.playlists.test_pruning import item_of


def of(**features: list[float]) -> ListedSongs:
    n = len(next(iter(features.values())))
    items = [
        replace(
            song(f"S{row + 1}"),
            features={"valence": 0.5, "energy": 0.5, "danceability": 0.5}
            | {name: values[row] for name, values in features.items()},
        )
        for row in range(n)
    ]
    return listed_songs(playlist(*items, song("Unheard", "X")), None)


def test_energy_rises_falls_and_does_both():
    songs = of(energy=[0.5, 0.1, 0.9, 0.3, 0.7])
    assert sort_by(songs, Order.RISE).change.order == (2, 4, 1, 5, 3, 6)
    assert sort_by(songs, Order.FALL).change.order == (3, 5, 1, 4, 2, 6)
    assert sort_by(songs, Order.ARC).change.order == (2, 1, 3, 5, 4, 6)


def test_tempo_and_probability_sort_too():
    songs = of(tempo_bpm=[120.0, 80.0, 100.0])
    assert sort_by(songs, Order.TEMPO).change.order == (2, 3, 1, 4)
    p_like = np.array([0.2, 0.9, 0.5, 0.99])
    by_chance = sort_by_probability(songs, p_like)
    assert by_chance.change.order == (2, 3, 1, 4)
    assert [item.title for item in by_chance.unplaced] == ["Unheard"]


def test_the_nearest_to_a_song_come_first():
    songs = of(energy=[0.1, 0.9, 0.15, 0.5])
    assert sort_near(songs, 1).change.order == (1, 3, 4, 2, 5)


def test_near_a_song_that_nobody_heard_everything_stays():
    songs = of(energy=[0.1, 0.9])
    result = sort_near(songs, 3)
    assert result.change.is_empty
    assert len(result.unplaced) == 3


def shuffled(demo: Catalogue, n: int) -> ListedSongs:
    rows = np.random.default_rng(0).choice(len(demo), n, replace=False)
    items = [item_of(track) for track in demo.tracks(rows)]
    return listed_songs(playlist(*items), demo)


def walked(songs: ListedSongs, result: Sorted) -> float:
    order = [position - 1 for position in result.change.order]
    return length(points(songs.table), order)


def test_a_smooth_path_is_much_shorter_and_the_same_every_time(demo: Catalogue):
    songs = shuffled(demo, 200)
    result = sort_by(songs, Order.SMOOTH)
    assert sorted(result.change.order) == list(range(1, 201))
    assert walked(songs, result) < 0.6 * length(points(songs.table), list(range(200)))
    assert sort_by(songs, Order.SMOOTH) == result


@given(
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=25),
)
@settings(deadline=None, max_examples=50)
def test_two_opt_never_leaves_a_crossing_that_a_turn_would_shorten(some: list[tuple[float, float]]):
    at = np.array(some, dtype=np.float64).reshape(-1, 2)
    path = smooth_path(at)
    assert sorted(path) == list(range(len(at)))
    if len(at):
        assert path[0] == 0
    for start in range(len(path) - 1):
        for end in range(start + 1, len(path)):
            turned = [*path[: start + 1], *path[start + 1 : end + 1][::-1], *path[end + 1 :]]
            assert length(at, turned) >= length(at, path) - 1e-6


def place(**features: float) -> np.ndarray:
    columns = ("energy", "tempo_bpm", "key", "mode")
    rows = [{"energy": 0.2}, {"energy": 0.8}, features]
    return points(pd.DataFrame(rows, columns=list(columns)))[2]


def between(one: dict[str, float], other: dict[str, float]) -> float:
    base = {"energy": 0.5}
    return float(apart(place(**base, **one), place(**base, **other)[None])[0])


def test_a_double_tempo_and_a_relative_key_are_no_step():
    assert between({"tempo_bpm": 70.0}, {"tempo_bpm": 140.0}) == pytest.approx(0, abs=1e-9)
    assert between({"tempo_bpm": 70.0}, {"tempo_bpm": 100.0}) > 0.5
    c_major, a_minor = {"key": 0.0, "mode": 1.0}, {"key": 9.0, "mode": 0.0}
    g_major, f_sharp = {"key": 7.0, "mode": 1.0}, {"key": 6.0, "mode": 1.0}
    assert between(c_major, a_minor) == pytest.approx(0, abs=1e-9)
    assert 0 < between(c_major, g_major) < between(c_major, f_sharp)


def test_an_empty_list_has_every_order():
    songs = listed_songs(Playlist(), None)
    for order in Order:
        assert sort_by(songs, order).change.is_empty
