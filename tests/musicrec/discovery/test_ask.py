import numpy as np
import pandas as pd

from musicrec.discovery import choose_to_rate

SONGS = pd.DataFrame({"genre": ["rock"] * 50 + ["jazz"] * 50 + [None] * 5})


def test_first_questions_come_from_the_genre_asked_about_least():
    everything = np.arange(len(SONGS))
    for seed in range(20):
        rng = np.random.default_rng(seed)
        row = choose_to_rate(SONGS, everything, ["rock", "rock", "jazz"], None, rng)
        assert SONGS.genre[row] == "jazz"


def test_first_questions_are_about_well_known_songs():
    everything = np.arange(50)
    rows = {
        choose_to_rate(SONGS, everything, [], None, np.random.default_rng(seed))
        for seed in range(200)
    }
    assert max(rows) < 20
    assert len(rows) > 5


def test_songs_without_a_genre_can_be_asked_about():
    row = choose_to_rate(SONGS, np.array([102]), [], None, np.random.default_rng(0))
    assert row == 102


def test_with_a_model_uncertain_and_promising_songs_are_asked_about():
    p_like = np.linspace(0, 1, len(SONGS))
    rows = [
        choose_to_rate(SONGS, np.arange(len(SONGS)), [], p_like, np.random.default_rng(seed))
        for seed in range(50)
    ]
    uncertain = [row for row in rows if abs(p_like[row] - 0.5) < 0.05]
    promising = [row for row in rows if p_like[row] > 0.95]
    assert len(uncertain) + len(promising) == 50
    assert len(uncertain) > 10
    assert len(promising) > 10
