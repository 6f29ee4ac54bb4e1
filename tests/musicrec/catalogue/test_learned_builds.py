"""Builds merge what was learned one by one, as their most trusted source."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, Snapshot, import_songs, open_catalogue, write_table
from musicrec.catalogue.importing import build_from_files
from musicrec.catalogue.sources.staging import SongSource
from musicrec.catalogue.store.manifest import Source
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong
from tests.musicrec.learned_songs import learned

NUMB = "spotify:track:2nLtzopw4rPReszdYBJU6h"
HELLO = "isrc:GBBKS1500214"
SPOTIFY_HELLO = "spotify:track:1Yk0cQdMLx5RzzFTYwmuld"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    imported(
        tmp_path / "data",
        track_id=[NUMB, HELLO],
        title=["Numb", "Hello"],
        artists=["Linkin Park", "Adele"],
        energy=[0.8, 0.4],
        popularity=[80, 90],
        year=[2003, None],
    )
    return tmp_path / "data"


def table(data_dir: Path, **columns: list[object]) -> Path:
    file = data_dir.with_name("songs.parquet")
    write_table(pd.DataFrame(columns), file)
    return file


def imported(data_dir: Path, **columns: list[object]) -> None:
    import_songs(data_dir, [table(data_dir, **columns)])


def test_learned_values_come_before_those_in_use_and_these_before_files(data_dir: Path):
    song = learned(NUMB, "Numb", "Linkin Park", energy=0.9, popularity=70.0, n=7)
    file = table(
        data_dir,
        title=["Numb"],
        artists=["Linkin Park"],
        energy=[0.1],
        year=[1999],
        tempo_bpm=[110.0],
        popularity=[10],
    )
    summary = import_songs(data_dir, [file], learned=[song])
    catalogue = open_catalogue(data_dir)

    assert catalogue.require(TrackId(NUMB)).features == {
        "energy": pytest.approx(0.9),
        "year": 2003,
        "tempo_bpm": pytest.approx(110.0),
        "popularity": 80,
    }
    assert catalogue.snapshot.manifest.learned_through == 7
    assert (summary.read, summary.new, summary.duplicate) == (1, 0, 1)  # rows of files alone


def test_every_merged_value_tells_its_source_and_licence(data_dir: Path):
    song = learned(
        NUMB, "Numb", "Linkin Park", energy=0.9, source="ReccoBeats", licence="free", n=1
    )
    other = learned("isrc:NEW", "New", "Band", source="MusicBrainz", licence="CC0", n=2)
    import_songs(data_dir, [table(data_dir, title=["Faint"])], learned=[song, other])
    snapshot = open_catalogue(data_dir).snapshot

    row = snapshot.row_of(NUMB)
    assert row is not None
    assert snapshot.sources(row)["energy"] == "ReccoBeats"
    assert snapshot.sources(row)["year"] == "songs.parquet"
    assert Source(name="ReccoBeats", licence="free") in snapshot.manifest.sources
    assert Source(name="MusicBrainz", licence="CC0") in snapshot.manifest.sources


def test_what_was_learned_later_comes_first_however_popular(data_dir: Path):
    earlier = learned("isrc:A", "Intro", "X", energy=0.1, valence=0.2, popularity=99.0, n=1)
    later = learned("isrc:B", "Intro II", "X", links=("isrc:A",), energy=0.7, n=2)
    import_songs(data_dir, [table(data_dir, title=["Faint"])], learned=[earlier, later])
    track = open_catalogue(data_dir).require(TrackId("isrc:A"))

    assert track.title == "Intro II"
    assert track.features["energy"] == pytest.approx(0.7)
    assert track.features["valence"] == pytest.approx(0.2)
    assert track.features["popularity"] == 99


def test_a_song_keeps_its_id_though_it_was_learned_by_another(data_dir: Path):
    song = learned(SPOTIFY_HELLO, "Hello", "Adele", links=(HELLO,), energy=0.5, n=1)
    before = open_catalogue(data_dir).with_learned([song])
    import_songs(data_dir, [table(data_dir, title=["Faint"])], learned=[song])
    after = open_catalogue(data_dir)

    for catalogue in (before, after):
        assert catalogue.require(TrackId(SPOTIFY_HELLO)).id == HELLO
        assert catalogue.require(TrackId(HELLO)).features["energy"] == pytest.approx(0.5)


def test_the_build_shows_what_the_catalogue_showed_before(data_dir: Path):
    songs = [
        learned(NUMB, "Numb", "Linkin Park", genre="metal", country="US", tempo_bpm=110.0, n=1),
        learned("isrc:B", "Béla", "X", "Y", album="Z", energy=0.25, explicit=0.0, n=2),
        learned("isrc:C", "Hello", "Adele", links=("mbid:C",), valence=0.5, n=3),
    ]
    before = open_catalogue(data_dir).with_learned(songs)
    import_songs(data_dir, [table(data_dir, title=["Faint"])], learned=songs)
    after = open_catalogue(data_dir)

    for track_id in (NUMB, HELLO, "isrc:B", "mbid:C"):
        shown, merged = (each.require(TrackId(track_id)) for each in (before, after))
        assert (merged.id, merged.title, merged.artists) == (shown.id, shown.title, shown.artists)
        assert (merged.genre, merged.country) == (shown.genre, shown.country)
        assert merged.features == pytest.approx(shown.features, rel=1e-4)


def test_a_build_of_files_alone_has_the_learned_songs_too(data_dir: Path):
    songs = [learned("isrc:B", "Brand New", "X", n=2)]
    file = table(data_dir, title=["Faint"])
    built(data_dir, file, songs)
    assert titles(data_dir) == {"Faint", "Brand New"}
    built(data_dir, file, [])
    assert titles(data_dir) == {"Faint"}


def test_learned_songs_alone_make_no_catalogue_of_a_useless_file(data_dir: Path):
    before = titles(data_dir)
    file = data_dir.with_name("songs.csv")
    file.write_text("title,artist\n,Nobody\n", "utf-8")
    built(data_dir, file, [learned("isrc:B", "Brand New", "X", n=2)])
    assert titles(data_dir) == before


def test_a_file_without_any_row_changes_nothing(data_dir: Path):
    summary = import_songs(data_dir, [table(data_dir, title=[], artists=[])])
    assert (summary.read, summary.catalogue_size) == (0, 2)


def test_a_snapshot_of_an_older_program_has_nothing_learned(data_dir: Path):
    folder = open_catalogue(data_dir).snapshot.folder
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["learned_through"]
    path.write_text(json.dumps(manifest), "utf-8")
    catalogue = Catalogue(Snapshot.open(folder, verify=True))
    assert len(catalogue) == 2
    assert catalogue.snapshot.manifest.learned_through == 0


def built(data_dir: Path, file: Path, songs: list[LearnedSong]) -> None:
    build_from_files(
        data_dir,
        [SongSource(file)],
        name="test",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        learned=songs,
    )


def titles(data_dir: Path) -> set[str]:
    catalogue = open_catalogue(data_dir)
    return {track.title for track in catalogue.tracks(range(len(catalogue)))}
