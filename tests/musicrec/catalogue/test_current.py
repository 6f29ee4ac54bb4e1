from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import CurrentCatalogue, import_songs, write_table
from musicrec.domain.errors import StorageError
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track

ORIGIN = Origin("test", datetime(2026, 11, 22, tzinfo=UTC))
LEARNED = Track(
    id=TrackId("isrc:SEAYD7601020"),
    title="Dancing Queen",
    artists=("ABBA",),
    genre="pop",
    country="SE",
    features={"energy": 0.87, "year": 1976.0},
)


def imported(data_dir: Path, *titles: str) -> None:
    songs = pd.DataFrame({"title": titles, "artists": "Somebody", "energy": 0.5})
    file = data_dir.parent / "songs.parquet"
    write_table(songs, file)
    import_songs(data_dir, [file])


def learned(track: Track = LEARNED, links: tuple[str, ...] = ()) -> LearnedSong:
    return LearnedSong.of_one_source(track, ORIGIN, links)


@pytest.fixture
def current(tmp_path: Path) -> Iterator[CurrentCatalogue]:
    imported(tmp_path / "data", "First", "Second")
    current = CurrentCatalogue(tmp_path / "data")
    yield current
    current.close()


def test_an_import_is_taken_up_while_others_go_on_reading(current: CurrentCatalogue):
    before = current.now
    assert not current.refresh()
    imported(current.data_dir, "Third")
    assert current.refresh()
    assert len(current.now) == 3
    assert [track.title for track in before.tracks([0, 1])] == ["First", "Second"]
    assert before.search("second")[0].title == "Second"


def test_a_snapshot_that_is_read_is_not_deleted_by_an_import(tmp_path: Path):
    imported(tmp_path / "data", "First")
    reader = CurrentCatalogue(tmp_path / "data")
    folder = reader.now.snapshot.folder
    imported(tmp_path / "data", "Second")
    imported(tmp_path / "data", "Third")
    assert folder.exists()
    reader.close()
    CurrentCatalogue(tmp_path / "data").close()
    assert not folder.exists()


def test_a_damaged_newer_snapshot_leaves_the_old_one_in_use(current: CurrentCatalogue):
    imported(current.data_dir, "Third")
    root = current.data_dir / "catalogue"
    newer = root / (root / "CURRENT").read_text().strip()
    (newer / "energy.column").unlink()
    with pytest.raises(StorageError, match=r"energy\.column"):
        current.refresh()
    assert len(current.now) == 2


def test_a_learned_song_is_found_at_once_by_words_ids_and_filters(current: CurrentCatalogue):
    current.learn([learned(links=("spotify:track:0GjEhVFGZW8afUYGChu3Rr",))])
    catalogue = current.now
    assert len(catalogue) == 3
    assert [track.title for track in catalogue.search("abba danc")] == ["Dancing Queen"]
    assert catalogue.require(LEARNED.id) == LEARNED
    by_link = catalogue.row_of(TrackId("spotify:track:0GjEhVFGZW8afUYGChu3Rr"))
    assert by_link == 2
    assert catalogue.all_meeting(SongFilter(country="SE")).tolist() == [2]
    assert catalogue.all_meeting(SongFilter(years=(1970, 1979))).tolist() == [2]
    assert catalogue.table([2, 0])["title"].tolist() == ["Dancing Queen", "First"]
    assert catalogue.features([2])["energy"].tolist() == [0.87]
    assert len(catalogue.artist_keys([0, 2])) == 2


def test_learning_more_about_a_song_replaces_what_was_known(current: CurrentCatalogue):
    current.learn([learned()])
    more = Track(LEARNED.id, "Dancing Queen", ("ABBA",), features={"energy": 0.9})
    current.learn([learned(more)])
    assert len(current.now) == 3
    assert current.now.require(LEARNED.id).features == {"energy": 0.9}


def test_an_import_that_brings_a_learned_song_takes_it_over(current: CurrentCatalogue):
    own_id = track_id_of("Third", "Somebody")
    current.learn([learned(Track(own_id, "Third", ("Somebody",))), learned()])
    imported(current.data_dir, "Third")
    assert current.refresh()
    assert len(current.now) == 4
    assert current.now.require(own_id).features == {"energy": 0.5}
    assert current.now.require(LEARNED.id) == LEARNED
