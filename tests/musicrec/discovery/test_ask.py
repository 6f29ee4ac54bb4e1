import numpy as np
import pandas as pd
import pytest

from musicrec.discovery import Known, SongMap, choose_duel, choose_to_rate

NOBODY = np.array([], dtype=np.intp)


def songs_of(n: int, *, seed: int = 0, genres: tuple[str | None, ...] = (None,)) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "energy": rng.random(n),
            "valence": rng.random(n),
            "tempo_bpm": rng.normal(120, 20, n),
            "genre": [genres[row % len(genres)] for row in range(n)],
        }
    )


def ask(
    songs: pd.DataFrame,
    known: Known,
    *,
    seed: int = 0,
    candidates: np.ndarray | None = None,
) -> int:
    if candidates is None:
        candidates = np.setdiff1d(np.arange(len(songs)), known.labelled)
    return choose_to_rate(SongMap.of(songs), candidates, known, np.random.default_rng(seed))


def nobody() -> Known:
    return Known(NOBODY, NOBODY)


def test_only_candidates_are_asked_about():
    songs = songs_of(300)
    p_like = np.random.default_rng(1).random(300)
    allowed = np.array([7, 90, 211])
    for seed in range(20):
        for chances in (None, p_like):
            known = Known(np.arange(20, 60), np.arange(20, 80), chances)
            assert ask(songs, known, seed=seed, candidates=allowed) in allowed


def test_first_questions_come_from_the_genres_asked_about_least():
    songs = songs_of(400, genres=("rock", "jazz", "pop", "folk"))
    asked: list[int] = []
    for seed in range(12):
        rows = np.array(asked, dtype=np.intp)
        asked.append(ask(songs, Known(rows, rows), seed=seed))
    genres = songs["genre"].iloc[asked].to_list()
    for turn in range(0, 12, 4):
        assert len(set(genres[turn : turn + 4])) == 4


def test_a_song_that_was_shown_but_not_rated_uses_up_its_genre_s_turn():
    songs = songs_of(200, genres=("rock", "jazz"))
    shown = np.array([0])
    assert all(ask(songs, Known(NOBODY, shown), seed=seed) % 2 == 1 for seed in range(20))


def test_first_questions_are_about_well_known_songs_and_differ_between_listeners():
    songs = songs_of(500)
    rows = {ask(songs, nobody(), seed=seed) for seed in range(5)}
    many = songs_of(5_000)
    assert max(rows) < 100
    assert len({ask(many, nobody(), seed=seed) for seed in range(30)}) > 10


def test_songs_like_the_answered_ones_are_not_asked_about():
    side = np.arange(100) % 2
    songs = songs_of(100).assign(energy=np.where(side, 0.9, 0.1), valence=0.5, tempo_bpm=120)
    answered = np.arange(0, 20, 2)
    for p_like in (None, np.full(100, 0.5)):
        assert all(ask(songs, Known(answered, answered, p_like), seed=s) % 2 for s in range(20))


def test_diverse_questions_cover_clusters_before_any_is_asked_about_twice():
    centres = np.array([[0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]])
    cluster = np.arange(200) % 4
    places = centres[cluster] + np.random.default_rng(0).normal(scale=0.02, size=(200, 2))
    songs = pd.DataFrame({"energy": places[:, 0], "valence": places[:, 1], "genre": None})
    asked: list[int] = []
    for seed in range(4):
        rows = np.array(asked, dtype=np.intp)
        asked.append(ask(songs, Known(rows, rows, np.full(200, 0.5)), seed=seed))
    assert {int(cluster[row]) for row in asked} == {0, 1, 2, 3}


def test_with_a_model_open_questions_are_preferred_to_settled_ones():
    songs = songs_of(200)
    p_like = np.where(np.arange(200) % 2, 0.99, 0.5)
    assert all(ask(songs, Known(NOBODY, NOBODY, p_like), seed=s) % 2 == 0 for s in range(20))


def test_of_two_equally_open_songs_the_one_more_likely_liked_is_asked_about():
    songs = songs_of(100)
    twice = pd.concat([songs, songs], ignore_index=True)
    p_like = np.repeat([0.25, 0.75], 100)
    assert all(ask(twice, Known(NOBODY, NOBODY, p_like), seed=s) >= 100 for s in range(20))


@pytest.mark.parametrize("base", [0.2, 0.5])
def test_rating_stays_fun_also_for_a_picky_listener(base: float):
    rng = np.random.default_rng(3)
    songs = songs_of(1_000)
    tired = -songs["energy"].to_numpy() * 8
    p_like = 1 / (1 + np.exp(-(tired - np.quantile(tired, 1 - base))))
    asked: list[int] = []
    for seed in range(40):
        rows = np.array(asked, dtype=np.intp)
        asked.append(ask(songs, Known(rows, rows, p_like), seed=seed))
    assert p_like[asked].mean() > 0.4
    random = rng.choice(1_000, 400)
    doubt = p_like * (1 - p_like)
    assert doubt[asked].mean() > doubt[random].mean()


def test_equal_seeds_ask_equally_and_others_differently():
    songs = songs_of(2_000)
    known = Known(np.arange(50), np.arange(50), np.random.default_rng(2).random(2_000))
    rows = [ask(songs, known, seed=seed) for seed in range(10)]
    assert rows == [ask(songs, known, seed=seed) for seed in range(10)]
    assert len(set(rows)) > 5


def test_songs_without_features_are_asked_about_last():
    songs = songs_of(100)
    songs.loc[:49, ["energy", "valence", "tempo_bpm"]] = np.nan
    p_like = np.full(100, 0.5)
    assert all(ask(songs, Known(NOBODY, NOBODY, p_like), seed=s) >= 50 for s in range(20))
    nothing_else = np.arange(10)
    assert ask(songs, Known(NOBODY, NOBODY, p_like), candidates=nothing_else) in nothing_else


def test_a_catalogue_without_any_feature_or_genre_can_be_asked_about():
    songs = pd.DataFrame({"title": ["One", "Two", "Three"], "genre": [None, None, None]})
    for p_like in (None, np.full(3, 0.4)):
        known = Known(np.array([0]), np.array([0]), p_like)
        assert ask(songs, known) in {1, 2}


def test_hundreds_of_answers_at_the_same_spot_do_no_harm():
    songs = songs_of(800).assign(energy=0.5, valence=0.5)
    songs.loc[:600, "tempo_bpm"] = 120.0
    labelled = np.arange(600)
    p_like = np.append(np.zeros(300), np.ones(500))
    assert ask(songs, Known(labelled, labelled, p_like)) >= 600


def test_the_songs_of_a_duel_sound_unlike():
    side = np.arange(100) % 2
    songs = SongMap.of(songs_of(100).assign(energy=np.where(side, 0.9, 0.1), valence=0.5))
    for seed in range(20):
        rng = np.random.default_rng(seed)
        first, second = choose_duel(songs, np.arange(100), nobody(), rng)
        assert first % 2 != second % 2


def test_two_candidates_are_enough_for_a_duel():
    songs = SongMap.of(songs_of(30))
    rows = choose_duel(songs, np.array([3, 4]), nobody(), np.random.default_rng(0))
    assert set(rows) == {3, 4}


def test_points_of_a_large_catalogue_are_those_of_a_small_one():
    songs = songs_of(60_000, genres=("rock", "jazz", None))
    large, small = SongMap.of(songs), SongMap.of(songs.iloc[:50_000])
    rows = np.array([0, 7, 49_999])
    assert large.points(rows) == pytest.approx(small.points(rows), rel=0.1, abs=0.1)
    assert set(large.genres) == {-1, 0, 1}
