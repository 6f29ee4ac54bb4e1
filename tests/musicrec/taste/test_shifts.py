"""What a list took over from the answers to the one before."""

import numpy as np
import pandas as pd

from musicrec.taste.shifts import FEWEST_ANSWERS, MIN_STEP, shifts

CATALOGUE = pd.DataFrame({"tempo_bpm": [80.0, 160.0] * 50, "energy": [0.0, 1.0] * 50})
"""One standard deviation is 40 beats a minute, and half of the energy."""


def answered(likes: float, dislikes: float, n: int = FEWEST_ANSWERS) -> pd.DataFrame:
    tempo = [likes] * n + [dislikes] * n
    return pd.DataFrame({"tempo_bpm": tempo, "energy": 0.5, "liked": [True] * n + [False] * n})


def at(tempo_bpm: float, energy: float = 0.5) -> pd.DataFrame:
    return pd.DataFrame({"tempo_bpm": [tempo_bpm] * 5, "energy": [energy] * 5})


def test_a_list_that_follows_the_likes_says_which_way():
    slower = shifts(answered(100, 140), at(120), at(100), CATALOGUE)
    faster = shifts(answered(140, 100), at(120), at(140), CATALOGUE)
    assert (slower, faster) == (("slower",), ("faster",))


def test_a_list_that_went_the_other_way_or_hardly_moved_claims_nothing():
    wanted_slower = answered(100, 140)
    assert shifts(wanted_slower, at(120), at(140), CATALOGUE) == ()
    hardly = 120 - 40 * MIN_STEP * 0.9
    assert shifts(wanted_slower, at(120), at(hardly), CATALOGUE) == ()


def test_what_the_answers_did_not_ask_for_is_not_theirs():
    assert shifts(answered(120, 120), at(120, 0.9), at(80, 0.1), CATALOGUE) == ()
    assert shifts(answered(121, 119), at(120), at(160), CATALOGUE) == ()


def test_few_answers_of_a_kind_lean_to_no_side():
    few = answered(80, 160, FEWEST_ANSWERS - 1)
    assert shifts(few, at(120), at(80), CATALOGUE) == ()
    all_liked = answered(80, 160).assign(liked=True)
    assert shifts(all_liked, at(120), at(80), CATALOGUE) == ()


def test_the_largest_step_comes_first_and_two_are_enough():
    said = pd.concat([answered(100, 140)] * 2).assign(
        energy=lambda songs: np.where(songs["liked"], 0.2, 0.8),
        valence=lambda songs: np.where(songs["liked"], 0.2, 0.8),
    )
    catalogue = CATALOGUE.assign(valence=CATALOGUE["energy"])
    before, now = at(120, 0.9).assign(valence=0.6), at(90, 0.1).assign(valence=0.4)
    assert shifts(said, before, now, catalogue) == ("calmer", "slower")


def test_songs_without_values_lists_without_songs_and_a_catalogue_of_one_tempo_say_nothing():
    wanted_slower = answered(100, 140)
    unknown = at(np.nan)
    assert shifts(wanted_slower, unknown, at(80), CATALOGUE) == ()
    assert shifts(wanted_slower, at(120), at(80).head(0), CATALOGUE) == ()
    assert shifts(wanted_slower, at(120), at(80), CATALOGUE.assign(tempo_bpm=120.0)) == ()
    assert shifts(wanted_slower, at(120), at(80), CATALOGUE.drop(columns="tempo_bpm")) == ()
