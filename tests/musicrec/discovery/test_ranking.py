from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from musicrec.catalogue import Snapshot
from musicrec.catalogue.store.codes import SCALES
from musicrec.discovery import (
    SCORED_WHOLE,
    Found,
    Ranking,
    Scorer,
    dump_ranking,
    finish,
    finish_within,
    load_stand_in,
    look,
    look_within,
    parts_of,
    plan,
    rank,
    rank_within,
    read_ranking,
    write_ranking,
)
from musicrec.discovery.rough import fit_rough, tail_of
from tests.musicrec.catalogue.store.songs import built, made_up

N_SONGS = SCORED_WHOLE + 20_000
N_ARTISTS = 7


@dataclass(frozen=True)
class KnownTaste:
    """Somebody whose wishes are a formula."""

    wish: Callable[[pd.DataFrame], pd.Series]
    artists: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ("energy", "valence", "tempo_bpm", "mode", "genre")

    def predict(self, songs: pd.DataFrame) -> np.ndarray:
        assert not songs.empty
        return expit(self.wish(songs).to_numpy(np.float64))


def mellow(songs: pd.DataFrame) -> pd.Series:
    return -8 * songs["energy"].fillna(0.5) + 2 * songs["mode"].fillna(0.5)


def picky(songs: pd.DataFrame) -> pd.Series:
    tempo = (songs["tempo_bpm"].fillna(120) - 120) / 40
    both = songs["energy"].fillna(0.5) * songs["valence"].fillna(0.5)
    return 6 * both - tempo**2 + 1.5 * (songs["genre"] == "jazz")


def fan(songs: pd.DataFrame) -> pd.Series:
    main = songs["artists"].fillna("").str.split("; ").str[0]
    return picky(songs) + 3 * (main == "artist 3") - 3 * (main == "artist 5")


TASTES = {
    "linear": KnownTaste(mellow),
    "interaction": KnownTaste(picky),
    "artists": KnownTaste(fan, artists=("artist 3", "artist 5")),
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return built(tmp_path_factory.mktemp("large"), made_up(N_SONGS), batch=50_000)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return built(tmp_path_factory.mktemp("small"), made_up(2_000))


def recall(snapshot: Snapshot, taste: KnownTaste, ranking: Ranking, rows: np.ndarray) -> float:
    truth = Scorer(snapshot, taste).p_like(rows)
    least = np.sort(truth)[-50]
    best = rows[truth >= least - 1e-9]
    return min(1.0, np.isin(best, ranking.rows).sum() / 50)


@pytest.mark.parametrize("name", TASTES)
def test_the_best_songs_of_a_large_snapshot_are_found(large: Snapshot, name: str):
    ranking, stand_in = rank(large, TASTES[name], most=2_000)
    assert stand_in is not None
    assert len(ranking.rows) == 2_000
    assert recall(large, TASTES[name], ranking, np.arange(N_SONGS)) >= 0.95
    assert (np.diff(ranking.p_like) <= 0).all()


@pytest.mark.parametrize("name", TASTES)
def test_the_best_songs_within_a_filter_are_found(large: Snapshot, name: str):
    _, stand_in = rank(large, TASTES[name], most=2_000)
    disliked = np.flatnonzero(large.columns["genre"] == large.manifest.genres.index("rock"))
    ranking = rank_within(large, TASTES[name], stand_in, disliked, most=500)
    assert np.isin(ranking.rows, disliked).all()
    assert recall(large, TASTES[name], ranking, disliked) >= 0.95


def test_equal_seeds_rank_equally(large: Snapshot):
    first, _ = rank(large, TASTES["interaction"], most=300)
    again, _ = rank(large, TASTES["interaction"], most=300)
    assert first.rows.tolist() == again.rows.tolist()


@pytest.mark.parametrize("name", TASTES)
@pytest.mark.parametrize("rows", [N_SONGS, 65_536, 30_011])
def test_parts_of_any_size_give_the_same_ranking(large: Snapshot, name: str, rows: int):
    whole, _ = rank(large, TASTES[name], most=2_000)
    planned = plan(large, TASTES[name], most=2_000)
    parts = [slice(start, min(start + rows, N_SONGS)) for start in range(0, N_SONGS, rows)]
    found = [look(large, planned, part) for part in parts]
    assert sum(len(each.rows) for each in found) >= 2_000
    ranking, _ = finish(large, TASTES[name], planned, found, most=2_000)
    assert ranking.rows.tolist() == whole.rows.tolist()
    assert ranking.p_like.tolist() == whole.p_like.tolist()


def test_a_filtered_ranking_is_the_same_from_parts(large: Snapshot):
    taste = TASTES["artists"]
    _, stand_in = rank(large, taste, most=2_000)
    every_other = np.arange(0, N_SONGS, 2)
    whole = rank_within(large, taste, stand_in, every_other, most=500)
    found = [look_within(large, stand_in, part) for part in np.array_split(every_other, 5)]
    ranking = finish_within(large, taste, stand_in, found, most=500)
    assert ranking.rows.tolist() == whole.rows.tolist()
    assert ranking.p_like.tolist() == whole.p_like.tolist()


@pytest.mark.parametrize("n_songs", [0, 1, 170_000, 30_000_000, 300_000_001])
def test_parts_hold_every_song_once(n_songs: int):
    parts = parts_of(n_songs)
    assert len(parts) <= 64
    edges = [0, *(part.stop for part in parts)]
    assert edges[-1] == n_songs
    assert [part.start for part in parts] == edges[:-1]


def test_of_equal_songs_the_first_are_the_best():
    found = Found(np.arange(6), np.array([1, 2, 1, 2, 1, 0], np.float32))
    assert found.best(3).rows.tolist() == [0, 1, 3]
    assert found.best(1).rows.tolist() == [1]
    assert found.best(9).rows.tolist() == list(range(6))


def test_the_probabilities_are_the_models_own(large: Snapshot):
    ranking, _ = rank(large, TASTES["artists"], most=100)
    songs = large.table(ranking.rows)
    known = songs.assign(artists=songs["artists"].str.casefold())
    assert ranking.p_like == pytest.approx(TASTES["artists"].predict(known), abs=1e-6)


def test_a_small_snapshot_is_scored_whole(small: Snapshot):
    ranking, stand_in = rank(small, TASTES["linear"])
    assert stand_in is None
    truth = Scorer(small, TASTES["linear"]).p_like(np.arange(2_000))
    assert ranking.p_like.tolist() == pytest.approx(np.sort(truth)[::-1].tolist(), abs=1e-6)


def test_nothing_is_ranked_where_nothing_fits(small: Snapshot):
    ranking = rank_within(small, TASTES["artists"], None, np.empty(0, np.intp), most=10)
    assert len(ranking.rows) == len(ranking.p_like) == 0


def test_a_ranking_and_its_stand_in_survive_a_file(large: Snapshot, tmp_path: Path):
    ranking, stand_in = rank(large, TASTES["artists"], most=1_000)
    content = dump_ranking(ranking, stand_in)
    write_ranking(tmp_path / "some" / "file.npz", content)
    kept = read_ranking(tmp_path / "some" / "file.npz")
    again = load_stand_in(content)
    assert kept is not None
    assert stand_in is not None
    assert again is not None
    assert kept.rows.tolist() == ranking.rows.tolist()
    some = np.arange(0, N_SONGS, 1_000)
    assert again.score(large, some) == pytest.approx(stand_in.score(large, some), abs=0.05)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", b"x" * 1_000])
def test_a_damaged_file_is_no_ranking(tmp_path: Path, content: bytes):
    (tmp_path / "file.npz").write_bytes(content)
    assert read_ranking(tmp_path / "file.npz") is None
    assert load_stand_in(content) is None
    assert read_ranking(tmp_path / "nowhere.npz") is None


def test_a_rough_copy_of_an_additive_taste_is_nearly_exact(small: Snapshot):
    codes = {name: small.columns[name] for name in ("energy", "mode")}
    wished = mellow(small.features(np.arange(2_000))).to_numpy(np.float64)
    rough = fit_rough(codes, ("energy", "mode"), wished, {})
    guessed = rough.score(codes, slice(None))
    assert np.corrcoef(guessed, wished)[0, 1] > 0.98


def test_beyond_the_sample_the_model_itself_is_asked():
    """A song in a million may be the best one for a value that no sampled song has."""
    scale = SCALES["duration_ms"]
    every = np.arange(np.iinfo(scale.dtype).max + 1, dtype=scale.dtype)
    usual = scale.encode(np.linspace(120_000, 300_000, 500))

    def log_odds_at(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([[3.0], [-1.0]]) - np.log(values)

    tail = tail_of("duration_ms", usual, log_odds_at)
    values = scale.decode(every)
    short, long = values < 119_000, values > 301_000
    inside = ~short & ~long & ~np.isnan(values)
    assert np.allclose(
        tail[short], np.log(scale.decode(usual[:1])) - np.log(values[short]), atol=0.05
    )
    assert np.allclose(
        tail[long], np.log(scale.decode(usual[-1:])) - np.log(values[long]), atol=0.05
    )
    assert np.abs(tail[inside]).max() < 0.05
    assert tail[scale.unknown] == 0


def test_a_column_that_nobody_knows_has_no_tail():
    unknown = np.full(9, SCALES["energy"].unknown, dtype=SCALES["energy"].dtype)
    assert not tail_of("energy", unknown, lambda values: values[None]).any()


def test_columns_that_say_nothing_are_borne():
    constant = {"energy": np.full(500, 65_535, np.uint16), "key": np.full(500, 3, np.uint8)}
    rough = fit_rough(constant, ("energy", "key"), np.linspace(-1, 1, 500), {})
    assert np.isfinite(rough.score(constant, slice(None))).all()
