import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue.importing import ImportSummary, build_from_files, import_songs
from musicrec.catalogue.sources.staging import SongSource, folder_of, stage_files
from musicrec.catalogue.sources.streams import blocks
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import current_folder
from musicrec.domain.errors import BadInputError
from tests.musicrec.catalogue.sources.samples import (
    ARTISTS,
    EXPORTIFY_CSV,
    NUMB,
    OURS_CSV,
    RECORDINGS,
    RHYTHM_CSV,
    SUBMISSION,
    TONAL_CSV,
    compressed,
    lines,
    write_tar,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def write(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def build(tmp_path: Path, *files: Path | SongSource) -> tuple[Snapshot, ImportSummary]:
    sources = [file if isinstance(file, SongSource) else SongSource(file) for file in files]
    summary = build_from_files(tmp_path / "data", sources, name="test", created_at=NOW)
    folder = current_folder(tmp_path / "data" / "catalogue")
    assert folder is not None
    return Snapshot.open(folder, verify=True), summary


def song(songs: Snapshot, title: str) -> Mapping[str, object]:
    table = songs.table(range(len(songs)))
    row = table[table["title"] == title].iloc[0].dropna()
    return {str(column): value for column, value in row.items()}


def test_recordings_of_musicbrainz_bring_artists_genres_countries_and_ids(tmp_path: Path):
    songs, summary = build(
        tmp_path,
        write(tmp_path, "recording.json", lines(RECORDINGS)),
        write(tmp_path, "artist.jsonl", lines(ARTISTS)),
    )
    assert song(songs, "Numb") == {
        "track_id": f"mbid:{NUMB}",
        "title": "Numb",
        "artists": "Linkin Park; Somebody",
        "genre": "nu metal",
        "country": "US",
        "duration_ms": pytest.approx(187_520, rel=0.0002),
        "year": 2003,
    }
    faint = song(songs, "Faint")
    assert (faint["genre"], faint["country"]) == ("alternative metal", "US")
    assert songs.row_of("isrc:USWB10300474") == songs.row_of("isrc:USWB10300475")
    assert songs.row_of("isrc:USWB10300475") is not None
    assert summary.sources["MusicBrainz"].reasons == {"a video": 1}
    assert songs.manifest.sources[0].licence == "CC0 1.0; genres CC BY-NC-SA 3.0"


def test_acousticbrainz_brings_only_what_means_the_same(tmp_path: Path):
    songs, summary = build(
        tmp_path,
        write(tmp_path, "recording.json", lines(RECORDINGS)),
        write(tmp_path, "low.json", lines([SUBMISSION])),
    )
    numb = song(songs, "Numb")
    assert (numb["tempo_bpm"], numb["key"], numb["mode"]) == (pytest.approx(110.02, abs=0.01), 6, 0)
    assert "danceability" not in numb
    assert "loudness_db" not in numb
    assert songs.sources(songs.row_of(f"mbid:{NUMB}") or 0)["tempo_bpm"] == "AcousticBrainz"
    assert summary.sources["AcousticBrainz"].merged == 1


def test_features_without_a_title_are_joined_by_id_or_else_rejected(tmp_path: Path):
    songs, summary = build(
        tmp_path,
        write(tmp_path, "rhythm.csv", RHYTHM_CSV),
        write(tmp_path, "tonal.csv", TONAL_CSV),
        write(tmp_path, "recording.json", lines(RECORDINGS)),
    )
    numb = song(songs, "Numb")
    assert (numb["tempo_bpm"], numb["key"], numb["mode"]) == (pytest.approx(110.02, abs=0.01), 6, 0)
    assert "danceability" not in numb
    assert "tempo_bpm" not in song(songs, "Faint")
    assert summary.sources["rhythm.csv"].reasons == {
        "no title, nor one in another file for its id": 1
    }
    assert len(songs) == 2
    assert any("bpm: 1 of 3 values are no tempo_bpm" in notice for notice in summary.notices)


def test_exportify_tells_artists_apart_where_it_can(tmp_path: Path):
    songs, _ = build(tmp_path, write(tmp_path, "liked.csv", EXPORTIFY_CSV))
    numb, september = song(songs, "Numb"), song(songs, "September")
    assert numb["artists"] == "Linkin Park; Somebody"
    assert september["artists"] == "Earth, Wind & Fire"
    assert (numb["album"], numb["popularity"], numb["danceability"]) == ("Meteora", 83, 0.496)
    assert songs.row_of("isrc:USWB10300474") == songs.row_of("spotify:track:2nLtzopw4rPReszdYBJU6h")


def test_one_recording_in_every_format_becomes_one_song_with_all_its_ids(tmp_path: Path):
    songs, summary = build(
        tmp_path,
        write(tmp_path, "ours.csv", OURS_CSV),
        write(tmp_path, "liked.csv", EXPORTIFY_CSV),
        write(tmp_path, "recording.json", lines(RECORDINGS)),
        write(tmp_path, "low.json", lines([SUBMISSION])),
    )
    row = songs.row_of(f"mbid:{NUMB}")
    assert row is not None
    assert songs.text("track_id", [row]) == ["spotify:track:2nLtzopw4rPReszdYBJU6h"]
    assert set(songs.links(row)) == {
        "isrc:USWB10300474",
        "isrc:USWB10300475",
        f"mbid:{NUMB}",
    }
    sources = songs.sources(row)
    assert {column: sources[column] for column in ("energy", "album", "year", "key")} == {
        "energy": "ours.csv",
        "album": "liked.csv",
        "year": "MusicBrainz",
        "key": "AcousticBrainz",
    }
    assert summary.read == summary.new + summary.duplicate + summary.rejected == 7


@pytest.mark.parametrize("ending", ["", ".gz", ".bz2", ".xz", ".zst"])
@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", OURS_CSV.encode()), ("recording.json", lines(RECORDINGS))]
)
def test_compressed_files_are_read_as_they_are(
    tmp_path: Path, name: str, content: bytes, ending: str
):
    songs, _ = build(tmp_path, write(tmp_path, name + ending, compressed(content, ending)))
    assert song(songs, "Numb")["title"] == "Numb"


@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz", ".zst"])
@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_truncated_dump_is_refused_and_the_old_catalogue_stays(
    tmp_path: Path, ending: str, damage: str
):
    before, _ = build(tmp_path, write(tmp_path, "ours.csv", OURS_CSV))
    rows = "".join(f"Song {row},{row * 7919 % 10_007}\n" for row in range(20_000))
    data = compressed(f"title,artist\n{rows}".encode(), ending)
    broken = data[: len(data) // 2] if damage == "cut" else b"garbage" * 1_000
    file = write(tmp_path, f"b.csv{ending}", broken)
    with pytest.raises(BadInputError, match=r"b\.csv.* is cut short or damaged"):
        build(tmp_path, file)
    assert current_folder(tmp_path / "data" / "catalogue") == before.folder


@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz", ".zst"])
@pytest.mark.parametrize("left", [slice(-1), slice(-9), slice(5)])
def test_even_the_last_byte_of_a_dump_is_missed(tmp_path: Path, ending: str, left: slice):
    data = compressed(lines(RECORDINGS * 50), ending)
    with pytest.raises(BadInputError, match=r"recording\.json.* is cut short or damaged"):
        build(tmp_path, write(tmp_path, f"recording.json{ending}", data[left]))
    assert current_folder(tmp_path / "data" / "catalogue") is None


@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst"])
def test_a_truncated_archive_is_refused_and_the_old_catalogue_stays(tmp_path: Path, ending: str):
    before, _ = build(tmp_path, write(tmp_path, "ours.csv", OURS_CSV))
    path = write_tar(
        tmp_path / f"recording.tar{ending}", {"mbdump/recording": lines(RECORDINGS * 50)}
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadInputError, match=r"recording\.tar.* is cut short or damaged"):
        build(tmp_path, path)
    assert current_folder(tmp_path / "data" / "catalogue") == before.folder


@pytest.mark.parametrize("left", [slice(2_000), slice(-1), slice(0)])
def test_a_truncated_parquet_dump_is_refused_and_the_old_catalogue_stays(
    tmp_path: Path, left: slice
):
    before, _ = build(tmp_path, write(tmp_path, "ours.csv", OURS_CSV))
    path = tmp_path / "b.parquet"
    pd.DataFrame({"title": [f"Song {row}" for row in range(9_000)], "artist": "X"}).to_parquet(path)
    path.write_bytes(path.read_bytes()[left])
    with pytest.raises(BadInputError, match=r"b\.parquet is not a Parquet file, or it is damaged"):
        build(tmp_path, path)
    assert current_folder(tmp_path / "data" / "catalogue") == before.folder


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"title,artist\nNumb,LP\nFaint,LP\nOn", "1 values instead of 2"),
        ("recording.json", lines(RECORDINGS)[:-9], "no JSON object"),
    ],
)
def test_a_plain_dump_that_ends_in_the_middle_of_a_song_loses_only_that(
    tmp_path: Path, name: str, content: bytes, reason: str
):
    songs, summary = build(tmp_path, write(tmp_path, name, content))
    (counts,) = summary.sources.values()
    assert counts.reasons[reason] == 1
    assert len(songs) == counts.new == 2


def test_a_file_of_which_every_row_is_rejected_does_not_stop_the_others(tmp_path: Path):
    songs, summary = build(
        tmp_path,
        write(tmp_path, "a.csv", "title,artist\n,Nobody\n"),
        write(tmp_path, "b.csv", "title,artist\nNumb,LP\n"),
        write(tmp_path, "c.csv", "title,artist\n,Nobody\n"),
    )
    assert songs.text("title", range(len(songs))) == ["Numb"]
    assert [each.rejected for each in summary.sources.values()] == [1, 0, 1]


def test_archives_are_read_as_they_are_published(tmp_path: Path):
    songs, _ = build(
        tmp_path,
        write_tar(
            tmp_path / "recording.tar.xz",
            {"TIMESTAMP": b"2026\n", "COPYING": b"CC0\n", "mbdump/recording": lines(RECORDINGS)},
        ),
        write_tar(tmp_path / "artist.tar.xz", {"mbdump/artist": lines(ARTISTS)}),
        write_tar(
            tmp_path / "lowlevel.tar.xz",
            {f"dump/lowlevel/0a/d/{NUMB}-0.json": lines([SUBMISSION]), "README": b"-\n"},
        ),
        write_tar(tmp_path / "features.tar.xz", {"dump/rhythm.csv": RHYTHM_CSV.encode()}),
    )
    numb = song(songs, "Numb")
    assert (numb["country"], numb["key"]) == ("US", 6)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "colour,shape\nred,round\n", r"no column title.*colour, shape"),
        ("a.csv", "", "is empty"),
        ("a.csv", "\x00\x01\x02PNG", "not a text file"),
        ("a.json", "[1, 2]\n", "one JSON object a line"),
        ("a.json", '{"foo": 1}\n', "one JSON object a line"),
        ("a.json", '{"highlevel": {}, "metadata": {}}\n', "import the low-level dump"),
        ("a.parquet", "PAR1", "not a Parquet file"),
        ("a.xlsx", "PK", r"must end in \.csv"),
        ("a.tar", "no archive", "cut short or damaged"),
    ],
)
def test_files_of_another_kind_are_refused_in_a_sentence(
    tmp_path: Path, name: str, content: str, says: str
):
    with pytest.raises(BadInputError, match=says):
        build(tmp_path, write(tmp_path, name, content))
    assert current_folder(tmp_path / "data" / "catalogue") is None


def test_lines_that_are_no_recordings_are_counted_with_a_reason(tmp_path: Path):
    garbage = b'{"id": 5, "title": ["x"], "artist-credit": "nobody", "genres": [1], "length": {}}\n'
    dump = lines(RECORDINGS[:2]) + b"{broken\n" + b"7\n" + garbage + b'{"title": null}\n'
    songs, summary = build(tmp_path, write(tmp_path, "recording.json", dump))
    assert summary.sources["MusicBrainz"].reasons == {"no JSON object": 2, "no title": 1}
    assert len(songs) == 3


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (b'"half \\ud83c"', "half ?"),
        (b'"\\uDF89 half"', "? half"),
        (b'"whole \\ud83c\\udf89"', "whole 🎉"),
        (b'"' + b"T" * 10_000 + b'"', "T" * 500),
        (b'"tab\\tnul\\u0000bell\\u0007"', "tab nul bell"),
        (b'"\\u05e9\\u05dc\\u05d5\\u05dd"', "שלום"),
        (b"[" * 99_999, None),
        (b'"\xff\xfe"', None),
    ],
)
def test_strange_titles_of_dumps_are_kept_as_far_as_they_can_be_shown(
    tmp_path: Path, title: bytes, shown: str | None
):
    strange = b'{"title": ' + title + b', "artist-credit": [], "length": 1e999}\n'
    dump = lines(RECORDINGS[:1]) + strange
    songs, summary = build(tmp_path, write(tmp_path, "recording.json", dump))
    assert {*songs.text("title", range(len(songs)))} == {"Numb"} | ({shown} if shown else set())
    assert summary.rejected == (shown is None)


STRANGE = [
    "A" * 10_000,
    "שלום עולם",
    "نص من اليمين",
    "👩‍👩‍👧‍👦🎉",
    "tab\there",
    "nul\x00bell\x07",
    "Zo\u0308e",
    "\u202eRTL override",
]


def test_strange_titles_are_kept_as_far_as_they_can_be_shown(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"title": [*STRANGE, "", None, " \t"], "artist": "X"}).to_parquet(path)
    songs, summary = build(tmp_path, path)
    titles = songs.text("title", range(len(songs)))
    assert titles == ["A" * 500, *STRANGE[1:4], "tab here", "nul bell", *STRANGE[6:]]
    assert summary.sources["a.parquet"].reasons == {"no title": 3}


@pytest.mark.parametrize("name", ["artist", "album", "genre", "country", "isrc"])
@pytest.mark.parametrize("value", ["Y" * 10_000, "\x00\x07", "; ;", "\u202eX\u202c", "🎉", None])
def test_strange_values_of_one_song_harm_no_other(tmp_path: Path, name: str, value: str | None):
    path = tmp_path / "a.parquet"
    songs = pd.DataFrame({"title": ["Numb", "One"], "artist": "X", name: [value, value]})
    songs.to_parquet(path)
    built, summary = build(tmp_path, path)
    assert sorted(built.text("title", range(len(built)))) == ["Numb", "One"]
    assert list(built.search("numb"))
    longest = built.table(range(2)).map(lambda cell: len(str(cell))).max().max()
    assert longest <= 500
    assert summary.rejected == 0


def test_a_table_of_another_schema_is_read_as_far_as_it_makes_sense(tmp_path: Path):
    path = tmp_path / "a.parquet"
    columns = {
        "title": [b"Numb", b"Stra\xc3\x9fe", b"\xff\xfe", None],
        "artist": [b"LP", None, b"\xff", b"\xff"],
        "energy": [b"0.5", b"\xff", {"is": 1}.__repr__().encode(), None],
    }
    nested = {"tempo": [[120.0]] * 4, "valence": [{"is": 0.5}] * 4, "mode": [1e308] * 4}
    pd.DataFrame(columns | nested).to_parquet(path)
    songs, summary = build(tmp_path, path)
    titles = set(songs.text("title", range(len(songs))))
    assert titles == {"Numb", "Straße", "\ufffd\ufffd"}
    assert song(songs, "Numb")["energy"] == 0.5
    assert "tempo_bpm" not in song(songs, "Numb")
    assert summary.sources["a.parquet"].reasons == {"no title": 1}
    assert any("no energy in its valid range" in notice for notice in summary.notices)


def test_features_out_of_range_are_counted_and_missing(tmp_path: Path):
    rows = "title,artist,energy,tempo,key,year\nA,X,7,0,-1,20000\nB,X,0.5,120,3,1999\n"
    songs, summary = build(tmp_path, write(tmp_path, "a.csv", rows))
    assert song(songs, "A") == {"track_id": songs.text("track_id", [0])[0], "title": "A"} | {
        "artists": "X"
    }
    said = [notice for notice in summary.notices if "valid range" in notice]
    assert said == [
        "a.csv: energy: 1 of 2 values are no energy in its valid range and count as missing.",
        "a.csv: year: 1 of 2 values are no year in its valid range and count as missing.",
    ]


def test_columns_of_other_names_can_be_mapped(tmp_path: Path):
    path = write(tmp_path, "a.csv", "was,wer,wumms\nNumb,LP,0.8\n")
    mapping = {"was": "title", "wer": "artists", "wumms": "energy"}
    source = Source(name="mine", licence="CC BY 4.0")
    songs, _ = build(tmp_path, SongSource(path, source, mapping))
    numb = song(songs, "Numb")
    assert (numb["artists"], numb["energy"]) == ("LP", 0.8)
    assert songs.manifest.sources == (source,)


def test_blocks_are_cut_between_records_whatever_their_size(tmp_path: Path):
    text = b'a,b\n"x\ny",1\nz,"2"\n' * 700_000
    cut = list(blocks(io.BytesIO(text), tmp_path))
    assert b"".join(cut) == text
    assert len(cut) > 1
    assert all(block.count(b'"') % 2 == 0 for block in cut)


def test_rejected_rows_keep_their_number_across_blocks(tmp_path: Path):
    good = b"Some longer title than usual,LP\n" * 300_000
    path = write(tmp_path, "a.csv", b"title,artist\n" + good + b",Nobody\n" + b"Last,LP\n")
    summary = import_songs(tmp_path / "data", [path])
    assert (summary.read, summary.new, summary.rejected) == (300_002, 2, 1)
    assert summary.rejected_file is not None
    assert f"a.csv,{300_002},no title" in summary.rejected_file.read_text()


def test_utf16_and_windows_files_are_read(tmp_path: Path):
    text = "title;artist\nÄrger;Größe\n"
    songs, _ = build(
        tmp_path,
        write(tmp_path, "a.csv", text.encode("utf-16")),
        write(tmp_path, "b.csv", text.encode("cp1252")),
    )
    assert songs.text("title", range(len(songs))) == ["Ärger"]


def test_an_import_that_stopped_goes_on_where_it_was(tmp_path: Path):
    files = [
        SongSource(write(tmp_path, "a.csv", OURS_CSV)),
        SongSource(write(tmp_path, "b.csv", EXPORTIFY_CSV)),
    ]
    root = tmp_path / "data" / "catalogue"
    folder = folder_of(root, files)
    _, first = next(stage_files(folder, files))
    before = first.path.with_suffix(".arrow").stat().st_mtime_ns
    again = [part for _, part in stage_files(folder, files)]
    assert again[0].path.with_suffix(".arrow").stat().st_mtime_ns == before
    assert len(again) == 2
    assert folder_of(root, [files[0], replace(files[1], mapping={"x": "title"})]) != folder
    songs, summary = build(tmp_path, *files)
    assert (len(songs), summary.read) == (2, 3)
    assert not folder.exists()


def test_two_processes_stage_what_one_stages(tmp_path: Path):
    rows = "".join(f"Song {row},Artist {row % 999},{row % 100}\n" for row in range(500_000))
    files = [SongSource(write(tmp_path, "a.csv", f"title,artist,popularity\n{rows},\n"))]
    alone = [part for _, part in stage_files(tmp_path / "1", files, processes=1)]
    together = [part for _, part in stage_files(tmp_path / "2", files, processes=2)]
    assert len(alone) > 1
    assert [part.facts for part in together] == [part.facts for part in alone]
    assert all(a.table().equals(b.table()) for a, b in zip(alone, together, strict=True))
