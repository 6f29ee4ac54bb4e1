from collections import Counter

import numpy as np
import pytest

from musicrec.catalogue import Catalogue
from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import fold
from musicrec.playlists.making import MOODS, make_for, make_like
from musicrec.playlists.songs import listed_songs
from musicrec.taste import TasteModel
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.playlists.test_pruning import item_of, tracks_of


def test_a_playlist_like_another_one_is_of_new_songs_of_its_kind(demo: Catalogue):
    given = playlist(*(item_of(t) for t in tracks_of(demo, "deep-house", slice(0, 30))))
    songs = listed_songs(given, demo)
    made = make_like(songs, demo, demo.well_known, None, n=20)
    assert len(made.picks) == 20
    names = {item.recording for item in given.items}
    assert not names & {item.recording for item in made.playlist.items}
    genres = Counter(pick.track.genre for pick in made.picks)
    assert genres["deep-house"] >= 15
    artists = Counter(fold(name) for pick in made.picks for name in set(pick.track.artists))
    assert max(artists.values()) <= 2
    assert all(pick.nearest in given.items for pick in made.picks)


def test_with_a_model_known_songs_are_left_out_and_the_best_liked_come_first(
    demo: Catalogue, model: TasteModel
):
    given = playlist(*(item_of(t) for t in tracks_of(demo, "metal", slice(0, 40))))
    made = make_like(listed_songs(given, demo), demo, demo.well_known, model, n=15)
    assert not model.knows(demo.table_of([pick.track.id for pick in made.picks])).any()
    chances = [pick.explanation.p_like for pick in made.picks if pick.explanation]
    assert len(chances) == 15
    assert chances == sorted(chances, reverse=True)
    assert min(chances) > 0.5


def test_moods_and_features_are_met(demo: Catalogue):
    calm = make_for(MOODS["calm"], demo, demo.well_known, None, n=10)
    party = make_for(MOODS["party"], demo, demo.well_known, None, n=10)
    energies = [np.mean([p.track.features["energy"] for p in m.picks]) for m in (calm, party)]
    assert energies[0] < 0.35
    assert energies[1] > 0.75
    fast = make_for({"tempo_bpm": 170.0}, demo, demo.well_known, None, n=10)
    assert all(abs(pick.track.features["tempo_bpm"] - 170) < 5 for pick in fast.picks)
    assert make_for({"tempo_bpm": 170.0}, demo, demo.well_known, None, n=10) == fast


@pytest.mark.parametrize(
    "wanted", [{}, {"mood": 1.0}, {"energy": 3.0}, {"tempo_bpm": float("nan")}]
)
def test_wishes_that_no_song_can_meet_are_refused(demo: Catalogue, wanted: dict[str, float]):
    with pytest.raises(BadInputError):
        make_for(wanted, demo, demo.well_known, None, n=5)


def test_a_list_of_unheard_songs_says_nothing_to_go_by(demo: Catalogue):
    songs = listed_songs(playlist(song("Unheard of", "Nobody")), demo)
    with pytest.raises(BadInputError, match="how it sounds"):
        make_like(songs, demo, demo.well_known, None, n=5)


def test_songs_of_which_nothing_is_known_are_never_picked(demo: Catalogue):
    given = playlist(*(item_of(t) for t in tracks_of(demo, "metal", slice(0, 20))))
    made = make_like(listed_songs(given, demo), demo, np.arange(3), None, n=50)
    assert len(made.picks) <= 3
