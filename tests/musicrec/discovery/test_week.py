import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from musicrec.catalogue import Catalogue
from musicrec.discovery.paths import length
from musicrec.discovery.sounds import points
from musicrec.discovery.week import Because, WeekPick, WeekRequest, compose, starter
from musicrec.discovery.week_mix import Mix
from musicrec.domain.features import ARTISTS, COUNTRY, GENRE, LIKED
from musicrec.domain.identity import fold, recording_key
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind
from tests.musicrec.discovery.weekly_town import GENRES, N_SONGS, request_of, town

REPOSITORY = Path(__file__).parents[3]
SOME_ROWS = st.lists(st.integers(0, N_SONGS - 1), max_size=60, unique=True)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return town(tmp_path_factory.mktemp("town"))


def of_genre(catalogue: Catalogue, genre: str) -> list[int]:
    table = catalogue.features(range(N_SONGS))
    return np.flatnonzero(table[GENRE] == genre).tolist()


def kinds(picks: list[WeekPick]) -> Counter[PickKind]:
    return Counter(pick.kind for pick in picks)


@settings(max_examples=25, deadline=None)
@given(
    liked=SOME_ROWS,
    disliked=SOME_ROWS,
    shown=SOME_ROWS,
    blocked=st.integers(0, 99),
    n=st.integers(1, 50),
    adventure=st.floats(0, 1),
    seed=st.integers(0, 2**63),
)
def test_every_list_keeps_the_rules(
    catalogue: Catalogue,
    *,
    liked: list[int],
    disliked: list[int],
    shown: list[int],
    blocked: int,
    n: int,
    adventure: float,
    seed: int,
):
    asked = request_of(catalogue, liked, disliked, shown=shown, n=n, adventure=adventure, seed=seed)
    asked = replace(asked, blocked=[f"artist {blocked}"])
    picks = compose(catalogue, asked)
    assert picks == compose(catalogue, asked)
    tracks = catalogue.tracks([pick.row for pick in picks])
    names = Counter(fold(artist) for track in tracks for artist in set(track.artists))
    assert len(picks) <= n
    assert max(names.values(), default=0) <= 2
    assert f"artist {blocked}" not in names

    ids = [track.id for track in catalogue.tracks(range(N_SONGS))]
    rated = catalogue.tracks(liked) + catalogue.tracks(disliked)
    known = rated + catalogue.tracks(shown)
    keys = [recording_key(track.title, track.main_artist) for track in tracks]
    assert len({*keys}) == len(keys)
    assert not {recording_key(track.title, track.main_artist) for track in known} & {*keys}
    assert not {ids[row] for row in (*liked, *disliked, *shown)} & {track.id for track in tracks}

    rated_artists = {fold(artist) for track in rated for artist in track.artists[:2]}
    for pick, track in zip(picks, tracks, strict=True):
        is_rated = bool(rated_artists & {fold(artist) for artist in track.artists})
        if pick.kind is PickKind.EXPLORING:
            assert not is_rated
        elif pick.because is not None:
            assert is_rated
            assert 2 * pick.because.likes > pick.because.songs
            assert pick.because.name in track.artists
        assert pick.because is not None or pick.kind is PickKind.NEW
    assert kinds(picks)[PickKind.EXPLORING] <= round(n * (adventure / 5 + 2 * adventure**2 / 15))
    assert kinds(picks)[PickKind.FAMILIAR] <= round(n / 15)


@pytest.mark.parametrize(("adventure", "exploring"), [(0.0, 0), (0.5, 4), (1.0, 10)])
def test_the_dial_decides_how_many_explore(catalogue: Catalogue, adventure: float, exploring: int):
    liked, disliked = list(range(20)), list(range(20, 30))
    picks = compose(catalogue, request_of(catalogue, liked, disliked, adventure=adventure))
    expected = {PickKind.FAMILIAR: 2, PickKind.NEW: 28 - exploring, PickKind.EXPLORING: exploring}
    assert kinds(picks) == Counter({kind: many for kind, many in expected.items() if many})


def test_a_better_song_of_a_rated_artist_is_new_too_and_says_whose_it_is(catalogue: Catalogue):
    """Song 103 is by the artist of song 3."""
    own = catalogue.track(3)
    p_like = np.r_[0.95, np.full(50, 0.5)]
    rows = np.array([103, *range(41, 91)])
    asked = WeekRequest(rows, p_like, {own.id: True}, n=7, adventure=0)
    better = {pick.row: pick for pick in compose(catalogue, asked)}[103]
    assert better.kind is PickKind.NEW, "lists of seven have no familiar ones"
    assert better.because == Because(ARTISTS, own.main_artist, 1, 1)
    disliked = replace(asked, history={own.id: False})
    hoped = {pick.row: pick for pick in compose(catalogue, disliked)}[103]
    assert (hoped.kind, hoped.because) == (PickKind.NEW, None)


def test_of_equally_good_songs_those_of_new_artists_come_first(catalogue: Catalogue):
    rated = [row for row in range(60) if row % 5]
    asked = request_of(catalogue, rated[:24], rated[24:], spread=0)
    rows = [pick.row for pick in compose(catalogue, asked) if pick.kind is PickKind.NEW]
    assert np.mean([row % 100 in rated for row in rows]) < 0.3, "half of all artists were rated"


def test_a_hardly_rated_genre_is_explored_and_named(catalogue: Catalogue):
    polka = {*of_genre(catalogue, "polka")}
    rated = [row for row in range(60) if row not in polka]
    picks = compose(catalogue, request_of(catalogue, rated[:30], rated[30:]))
    because = [pick.because for pick in picks if pick.kind is PickKind.EXPLORING]
    named = [one for one in because if one is not None and one.about == GENRE]
    assert {(one.name, one.songs) for one in named} == {("polka", 0)}
    assert 1 <= len(named) <= 2, "one new genre does not take all that is explored"


def test_a_genre_that_was_rated_under_another_name_is_not_new(catalogue: Catalogue):
    heard = catalogue.table(range(60)).assign(**{LIKED: True})
    heard[GENRE] = heard[GENRE].replace({"jazz": "Jazz music"})
    picks = compose(catalogue, replace(request_of(catalogue, [], []), heard=heard))
    assert "jazz" not in {pick.because.name for pick in picks if pick.because}


def test_a_country_is_new_only_to_those_of_whose_songs_countries_are_known(catalogue: Catalogue):
    swedish = [row for row in range(60) if row % 3]
    asked = request_of(catalogue, swedish[:25], swedish[25:])
    because = [pick.because for pick in compose(catalogue, asked) if pick.because]
    assert ("country", "DE") in {(one.about, one.name) for one in because}
    heard = catalogue.table(swedish).assign(**{LIKED: True, COUNTRY: None})
    blind = compose(catalogue, replace(asked, history={}, heard=heard))
    assert COUNTRY not in {pick.because.about for pick in blind if pick.because}


def test_the_genres_follow_the_likes_within_bounds(catalogue: Catalogue):
    rock, jazz = of_genre(catalogue, "rock"), of_genre(catalogue, "jazz")
    liked = rock[:16] + jazz[:4]
    picks = compose(catalogue, request_of(catalogue, liked, [], adventure=0, spread=0))
    found = Counter(track.genre for track in catalogue.tracks([pick.row for pick in picks]))
    assert 18 <= found["rock"] <= 27
    assert 3 <= found["jazz"] <= 12
    assert max(found["salsa"], found["polka"]) <= 3


def test_one_more_song_is_worth_what_it_takes_from_the_divergence():
    mix = Mix({"rock": 0.75, "jazz": 0.25}, n=8)
    mix.add("rock")
    # Of two songs rock would be 1 or 0.5, jazz 0.5 or 0; smoothed by a hundredth of what is wanted.
    rock = 2 * 0.75 * np.log((0.99 * 1.0 + 0.0075) / (0.99 * 0.5 + 0.0075))
    jazz = 2 * 0.25 * np.log((0.99 * 0.5 + 0.0025) / (0.99 * 0.0 + 0.0025))
    assert mix.gain("rock") == pytest.approx(rock)
    assert mix.gain("jazz") == pytest.approx(jazz)
    assert mix.gain("polka") == mix.gain("") == 0
    assert mix.most("polka") == 1
    mix.add("polka")
    assert mix.gain("polka") == -np.inf


def test_lists_are_sampled_and_not_just_the_head(catalogue: Catalogue):
    asked = request_of(catalogue, [0, 1, 2], [3, 4])
    first, second = (
        {pick.row for pick in compose(catalogue, replace(asked, seed=seed))} for seed in (1, 2)
    )
    assert first != second
    chances = dict(zip(asked.rows.tolist(), asked.p_like.tolist(), strict=True))
    assert np.mean([chances[row] for row in first]) > np.mean(asked.p_like) + 0.2


def test_lists_are_more_diverse_than_the_head_of_the_ranking(catalogue: Catalogue):
    every = points(catalogue.features(range(N_SONGS)))
    wish = 2 - 0.3 * np.sqrt(((every - every[0]) ** 2).sum(axis=1))
    order = np.argsort(-wish)
    asked = WeekRequest(order, 1 / (1 + np.exp(-wish[order])))
    spread = [
        pdist(every[[pick.row for pick in compose(catalogue, replace(asked, adventure=adventure))]])
        for adventure in (0, 0.5, 1)
    ]
    close, usual, far = (float(distances.mean()) for distances in spread)
    assert usual > pdist(every[order[:30]]).mean() + 0.3
    assert far > usual > close, "the dial goes from close to far"


def test_songs_follow_each_other_well_after_a_familiar_one(catalogue: Catalogue):
    picks = compose(catalogue, request_of(catalogue, list(range(20)), []))
    at = points(catalogue.features([pick.row for pick in picks]))
    assert picks[0].kind is PickKind.FAMILIAR
    shuffled = np.random.default_rng(0).permutation(len(picks)).tolist()
    assert length(at, list(range(len(picks)))) < 0.85 * length(at, shuffled)


def test_a_song_that_is_known_by_another_id_is_left_out(catalogue: Catalogue):
    """Songs 10 and 110 are one recording, and so are 20 and 220, remastered."""
    for known, other in ((10, 110), (220, 20)):
        own = catalogue.track(known).id
        two = WeekRequest(np.array([other, 500]), np.array([0.9, 0.5]), n=2, adventure=0)
        assert {pick.row for pick in compose(catalogue, two)} == {other, 500}
        rated = replace(two, history={own: True})
        shown = replace(two, shown=[own])
        unknown = catalogue.table([known]).assign(**{LIKED: True, "track_id": "isrc:XX0000000001"})
        for asked in (rated, shown, replace(two, heard=unknown)):
            assert [pick.row for pick in compose(catalogue, asked)] == [500]


def test_a_small_pool_gives_a_short_list(catalogue: Catalogue):
    few = WeekRequest(np.arange(12), np.linspace(0.9, 0.5, 12))
    assert len(compose(catalogue, few)) == 12
    assert compose(catalogue, WeekRequest()) == []
    same_artist = np.arange(3, N_SONGS, 100)
    one = WeekRequest(same_artist, np.full(len(same_artist), 0.5))
    assert len(compose(catalogue, one)) == 2


def test_a_starter_week_is_well_known_and_of_many_genres(catalogue: Catalogue):
    ids = [TrackId(track.id) for track in catalogue.tracks([0, 1, 2])]
    asked = WeekRequest(history=dict.fromkeys(ids, True), shown=[catalogue.track(5).id], seed=3)
    picks = starter(catalogue, asked)
    assert len(picks) == 30
    assert {pick.p_like for pick in picks} == {None}
    assert kinds(picks) == {PickKind.FAMILIAR: 2, PickKind.NEW: 28}
    rows = [pick.row for pick in picks]
    assert not {0, 1, 2, 5} & {*rows}
    assert np.median(rows) < N_SONGS / 3
    found = Counter(track.genre for track in catalogue.tracks(rows))
    assert min(found[genre] for genre in GENRES) >= 4
    assert picks == starter(catalogue, asked)


def test_another_process_composes_the_same_list(catalogue: Catalogue):
    here = compose(catalogue, request_of(catalogue, [0, 1, 2, 7], [3, 4], seed=5))
    for hash_seed in ("1", "2"):
        outcome = subprocess.run(
            [
                *(sys.executable, "-m", "tests.musicrec.discovery.weekly_town"),
                str(catalogue.snapshot.folder),
            ],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert outcome.stdout.strip() == str(here)


def test_labels_that_the_catalogue_does_not_know_make_artists_known_too(catalogue: Catalogue):
    heard = pd.DataFrame(
        {"title": ["Elsewhere"] * 3, "artists": ["Artist 3; Artist 4"] * 3, LIKED: [True] * 3}
    )
    asked = replace(request_of(catalogue, [], [], adventure=0), heard=heard)
    picks = compose(catalogue, asked)
    of_rated = [
        pick.kind
        for pick in picks
        if {"Artist 3", "Artist 4"} & {*catalogue.track(pick.row).artists}
    ]
    assert Counter(of_rated)[PickKind.FAMILIAR] == 2
    assert PickKind.EXPLORING not in of_rated
