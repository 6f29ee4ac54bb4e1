"""Borrowing: pure, finite, honest about its source, and it lets go."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from musicrec.taste.borrow import LET_GO, borrow, own_share

Floats = NDArray[np.float64]
N_SONGS = 400


class World:
    """Songs on a plane, a listener, and others who say what they are told to say."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.points = self.rng.normal(scale=0.8, size=(N_SONGS, 4))
        self.taste = 3 * np.sin(2 * self.points[:, 0]) + 2 * self.points[:, 1]
        self.liked = self.rng.random(N_SONGS) < expit(self.taste)

    def rated(self, n: int) -> NDArray[np.intp]:
        return np.arange(n, dtype=np.intp)

    def noise(self, n: int) -> Floats:
        return expit(self.rng.normal(scale=2, size=(N_SONGS, n)))

    def auc(self, voices: Floats, n: int) -> float:
        found = borrow(self.points, voices, self.rated(n), self.liked[:n], None)
        return float(roc_auc_score(self.liked[n:], found.p_like[n:]))


@settings(max_examples=60, deadline=None)
@given(
    n_labels=st.integers(0, 100),
    n_voices=st.integers(0, 5),
    seed=st.integers(0, 2**16),
    extreme=st.booleans(),
    has_own=st.booleans(),
    one_kind=st.booleans(),
)
def test_probabilities_are_always_inside_0_and_1_and_the_weight_is_a_share(
    n_labels: int, n_voices: int, seed: int, *, extreme: bool, has_own: bool, one_kind: bool
):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(120, 3)) * (100 if extreme else 1)
    points[rng.random(points.shape) < 0.1] = np.nan
    voices = rng.random((120, n_voices)).round() if extreme else rng.random((120, n_voices))
    liked = np.ones(n_labels, dtype=bool) if one_kind else rng.random(n_labels) < 0.5
    own = rng.random(120) if has_own else None
    found = borrow(points, voices, np.arange(n_labels), liked, own)
    assert found.p_like.shape == (120,)
    assert np.isfinite(found.p_like).all()
    assert ((found.p_like > 0) & (found.p_like < 1)).all()
    assert 0 <= found.own_weight <= 1


def test_without_neighbours_it_is_the_own_model_exactly():
    world = World()
    own = world.rng.random(N_SONGS)
    found = borrow(world.points, np.empty((N_SONGS, 0)), world.rated(20), world.liked[:20], own)
    assert (found.p_like == own).all()
    assert found.own_weight == 1


def test_with_enough_labels_it_lets_go_entirely():
    world = World()
    own = world.rng.random(N_SONGS)
    rated, liked = world.rated(LET_GO), world.liked[:LET_GO]
    found = borrow(world.points, world.noise(4), rated, liked, own)
    assert (found.p_like == own).all()
    assert found.own_weight == 1


def test_the_own_model_takes_over_step_by_step():
    shares = [own_share(n) for n in range(LET_GO + 1)]
    assert shares[10] == 0
    assert shares[-1] == 1
    assert all(later >= earlier for earlier, later in pairwise(shares))


def test_without_labels_it_says_what_the_neighbours_say_together():
    world = World()
    voices = world.noise(3)
    found = borrow(world.points, voices, world.rated(0), world.liked[:0], None)
    together = np.log(voices / (1 - voices)).clip(-3.9, 3.9).mean(axis=1)
    assert np.corrcoef(logit(found.p_like), together)[0, 1] > 0.95
    assert found.own_weight == 0


@pytest.mark.parametrize("n", [0, 5, 10, 40])
def test_a_neighbour_of_the_same_taste_helps(n: int):
    gains = [
        world.auc(expit(world.taste)[:, None], n) - world.auc(np.empty((N_SONGS, 0)), n)
        for world in (World(seed) for seed in range(5))
    ]
    assert min(gains) > 0


def test_a_neighbour_who_agrees_comes_to_outweigh_the_others():
    worlds = [World(seed) for seed in range(8)]
    gains: list[float] = []
    for world in worlds:
        strangers = world.noise(4)
        friend = np.column_stack([strangers, expit(world.taste)])
        gains.append(world.auc(friend, 30) - world.auc(strangers, 30))
    assert min(gains) > 0.02


def test_neighbours_of_the_opposite_taste_come_to_count_for_nothing():
    world = World()
    against = expit(-world.taste)[:, None]
    without = np.empty((N_SONGS, 0))
    rated, liked = world.rated(40), world.liked[:40]
    found = borrow(world.points, against, rated, liked, None)
    alone = borrow(world.points, without, rated, liked, None)
    assert np.abs(found.p_like - alone.p_like).max() < 0.1
    assert found.own_weight > 0.95


def test_own_labels_weigh_more_the_more_there_are():
    weights: list[list[float]] = []
    for world in (World(seed) for seed in range(5)):
        strangers = world.noise(4)
        weights.append(
            [
                borrow(world.points, strangers, world.rated(n), world.liked[:n], None).own_weight
                for n in (0, 5, 60)
            ]
        )
    none, few, many = np.mean(weights, axis=0)
    assert none == 0 < few < many
