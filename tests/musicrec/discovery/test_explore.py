import numpy as np
import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, import_songs, open_catalogue
from musicrec.discovery import Explorer, mixed, prospects, weigh
from musicrec.discovery.explore import Prospect
from musicrec.discovery.hopes import far_from, hopes, nearest_to
from musicrec.domain.places import Place, PlaceKind, Visit

NOBODY = np.array([], dtype=np.intp)


def genre(name: str) -> Place:
    return Place(PlaceKind.GENRE, name)


def country(code: str) -> Place:
    return Place(PlaceKind.COUNTRY, code)


def hope(p: float, *, far: float = 0.0, adventure: float = 0.5, rated: int = 0, liked: int = 0):
    return float(
        hopes(np.array([p]), np.array([far]), adventure=adventure, rated=rated, liked=liked)[0]
    )


def test_without_adventure_hope_is_what_is_expected():
    assert hope(0.3, adventure=0, far=4) == pytest.approx(0.3)
    assert hope(0.9, adventure=0) == pytest.approx(0.9)


def test_hope_grows_with_adventure_and_with_distance():
    assert hope(0.5, adventure=0.2) < hope(0.5, adventure=0.9)
    assert hope(0.5, far=0.1) < hope(0.5, far=3)
    assert hope(0.99, far=9, adventure=1) <= 1


def test_what_was_said_about_a_place_counts_more_than_the_guess_about_it():
    assert hope(0.8, rated=2, liked=0) < hope(0.8) < hope(0.8, rated=2, liked=2)


def test_the_nearest_songs_come_first_and_unknown_values_lie_in_the_middle():
    points = np.array([[0.0, np.nan]])
    others = np.array([[3.0, 0.0], [0.5, 0.0], [1.0, np.nan]])
    assert nearest_to(points, others, most=2).tolist() == [[1, 2]]
    assert far_from(points, others).tolist() == [0.25]
    assert nearest_to(points, others[:0], most=2).shape == (1, 0)
    assert far_from(points, others[:0]).tolist() == [2.5]


class Calm:
    """Likes calm songs."""

    feature_names = ("energy",)
    artists: tuple[str, ...] = ()

    def predict(self, songs: pd.DataFrame) -> np.ndarray:
        return 1 - songs["energy"].to_numpy(dtype=np.float64)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Songs of four genres, each calmer than the one before, from two countries."""
    rng = np.random.default_rng(0)
    n = 400
    energy = np.repeat([0.8, 0.6, 0.4, 0.2], n // 4) + rng.uniform(-0.05, 0.05, n)
    songs = pd.DataFrame(
        {
            "title": [f"Song {row}" for row in range(n)],
            "artist": [f"Band {row}" for row in range(n)],
            "genre": np.repeat(["metal", "rock", "folk", "classical"], n // 4),
            "country": np.where(np.arange(n) % 2, "SE", "NO"),
            "energy": energy,
            "valence": rng.random(n),
            "tempo": rng.normal(120, 20, n),
        }
    )
    folder = tmp_path_factory.mktemp("songs")
    songs.to_csv(folder / "songs.csv", index=False)
    import_songs(folder / "data", [folder / "songs.csv"])
    return open_catalogue(folder / "data")


def explorer(catalogue: Catalogue, adventure: float = 0.5) -> Explorer:
    return Explorer(catalogue.features(np.arange(10)), np.arange(10) % 2 == 0, adventure)


def test_places_with_better_songs_come_first(catalogue: Catalogue):
    asked = [(genre(name), Visit()) for name in ("metal", "classical", "rock", "folk")]
    found = prospects(catalogue.snapshot, Calm(), explorer(catalogue), asked, NOBODY)
    assert [each.place.name for each in found] == ["classical", "folk", "rock", "metal"]
    best = catalogue.track(found[0].best)
    assert best.genre == "classical"
    assert found[0].p_like == pytest.approx(0.85, abs=0.03)
    assert all(each.hope >= each.p_like - 1e-9 for each in found)


def test_places_without_unknown_songs_are_left_out(catalogue: Catalogue):
    asked = [(genre("folk"), Visit()), (genre("jazz"), Visit()), (country("SE"), Visit())]
    folk = np.array([row for row in range(400) if catalogue.track(row).genre == "folk"])
    found = prospects(catalogue.snapshot, Calm(), explorer(catalogue), asked, folk)
    assert [each.place for each in found] == [country("SE")]
    assert prospects(catalogue.snapshot, Calm(), explorer(catalogue), [], NOBODY) == []


def test_songs_are_told_beside_the_likes_that_they_sound_like(catalogue: Catalogue):
    songs = catalogue.features(np.arange(100, 200))
    rated = catalogue.features(np.array([100, 150, 7]))
    who = Explorer(rated, np.array([True, False, True]), 0.0)
    p_like = np.linspace(0.2, 0.8, 100)
    weighed = weigh(catalogue.sample, songs, p_like, who)
    assert weighed.hope == pytest.approx(p_like)
    assert weighed.nearest.shape == (100, 2)
    assert weighed.nearest[0].tolist()[0] == 0
    assert set(weighed.nearest.ravel().tolist()) == {0, 1}


def test_proposals_are_of_both_kinds_where_there_are_both():
    genres = [Prospect(genre(str(n)), 0.9, 0.9 - n / 100, n) for n in range(6)]
    countries = [Prospect(country("SE"), 0.1, 0.1, 9)]
    assert [each.place.name for each in mixed([*genres, *countries], most=5)] == [
        "0", "1", "2", "3", "SE",
    ]  # fmt: skip
    assert [each.place.name for each in mixed(genres, most=5)] == ["0", "1", "2", "3", "4"]
