import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musicrec.catalogue import ImportSummary, import_songs, open_catalogue
from musicrec.catalogue.store.versions import Reading
from musicrec.domain.errors import BadInputError, MusicRecError, StorageError
from musicrec.domain.identity import track_id_of


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def write(tmp_path: Path, content: str, name: str = "songs.csv") -> Path:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    return path


def titles(data_dir: Path) -> set[str]:
    catalogue = open_catalogue(data_dir)
    return set(catalogue.table(range(len(catalogue)))["title"])


def versions(data_dir: Path) -> list[Path]:
    return [entry for entry in (data_dir / "catalogue").iterdir() if entry.is_dir()]


def test_every_row_is_counted_once(tmp_path: Path, data_dir: Path):
    first = write(tmp_path, "title,artist\nNumb,LP\nNUMB,lp\n,Nobody\nOne\nFaint,LP\n", "a.csv")
    second = write(tmp_path, "title\tartist\nNumb\tLP\nOne\tMetallica\n", "b.tsv")
    summary = import_songs(data_dir, [first, second])
    assert summary == ImportSummary(
        read=7,
        new=3,
        duplicate=2,
        rejected=2,
        rejected_file=data_dir / "rejected-1.csv",
        catalogue_size=3,
    )
    assert titles(data_dir) == {"Numb", "Faint", "One"}


def test_rejected_rows_are_listed_with_their_reason(tmp_path: Path, data_dir: Path):
    source = write(tmp_path, 'title,artist\n,"No, body"\nOne\nFaint,LP\n')
    import_songs(data_dir, [source])
    summary = import_songs(data_dir, [source])
    assert summary.rejected_file == data_dir / "rejected-2.csv"
    assert summary.rejected_file is not None
    with summary.rejected_file.open(encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == [
            {"file": "songs.csv", "row": "2", "reason": "no title", "values": ',"No, body"'},
            {"file": "songs.csv", "row": "3", "reason": "1 values instead of 2", "values": "One"},
        ]


def test_a_second_import_adds_to_the_first(tmp_path: Path, data_dir: Path):
    import_songs(data_dir, [write(tmp_path, "title,artist,energy\nNumb,LP,\n", "a.csv")])
    before = open_catalogue(data_dir)
    rows = "title,artist,energy,popularity\nNumb,LP,0.8,50\nOne,Metallica,0.9,70\n"
    summary = import_songs(data_dir, [write(tmp_path, rows, "b.csv")])
    after = open_catalogue(data_dir)
    assert (summary.new, summary.duplicate, summary.catalogue_size) == (1, 1, 2)
    assert after.version != before.version
    numb = after.require(track_id_of("Numb", "LP"))
    assert numb.features == {"energy": 0.8, "popularity": 50.0}


def test_songs_keep_their_ids_when_a_more_popular_entry_arrives(tmp_path: Path, data_dir: Path):
    other_id = "spotify:track:60a0Rd6pjrkxjPbaKzXjfq"
    import_songs(data_dir, [write(tmp_path, "title,artist\nNumb,LP\n", "a.csv")])
    rows = f"track_id,title,artist,popularity\n{other_id},Numb,LP,99\n"
    import_songs(data_dir, [write(tmp_path, rows, "b.csv")])
    renamed = f"track_id,title,artist\n{other_id},Numb (2003),LP\n"
    summary = import_songs(data_dir, [write(tmp_path, renamed, "c.csv")])
    catalogue = open_catalogue(data_dir)
    assert (summary.new, summary.duplicate) == (0, 1)
    assert catalogue.table([0])["track_id"].tolist() == [track_id_of("Numb", "LP")]
    assert catalogue.get(other_id) == catalogue.track(0)  # pyright: ignore[reportArgumentType] # a plain string does


def test_songs_of_nameless_artists_are_not_merged_unless_their_ids_are(
    tmp_path: Path, data_dir: Path
):
    rows = "isrc,title\nUSRC17607839,Intro\nUSRC17607840,Intro\nUSRC17607840,Intro\n"
    summary = import_songs(data_dir, [write(tmp_path, rows)])
    assert (summary.new, summary.duplicate) == (2, 1)


def test_importing_the_same_again_changes_nothing(tmp_path: Path, data_dir: Path):
    source = write(tmp_path, "title,artist\nNumb,LP\n")
    import_songs(data_dir, [source])
    before = open_catalogue(data_dir).version
    summary = import_songs(data_dir, [source])
    assert (summary.new, summary.duplicate) == (0, 1)
    assert open_catalogue(data_dir).version == before
    assert len(versions(data_dir)) == 1


def test_older_versions_go_unless_somebody_reads_them(tmp_path: Path, data_dir: Path):
    import_songs(data_dir, [write(tmp_path, "title,artist\nSong 0,LP\n")])
    first = versions(data_dir)[0]
    reading = Reading(first)
    for number in range(1, 4):
        import_songs(data_dir, [write(tmp_path, f"title,artist\nSong {number},LP\n")])
    assert len(versions(data_dir)) == 2
    assert len(titles(data_dir)) == 4
    reading.close()
    import_songs(data_dir, [write(tmp_path, "title,artist\nSong 4,LP\n")])
    assert len(versions(data_dir)) == 1


def test_a_broken_file_among_good_ones_changes_nothing(tmp_path: Path, data_dir: Path):
    good = write(tmp_path, "title,artist\nNumb,LP\n", "good.csv")
    import_songs(data_dir, [good])
    more = write(tmp_path, "title,artist\nOne,M\n", "more.csv")
    broken = write(tmp_path, "no parquet", "broken.parquet")
    with pytest.raises(BadInputError, match=r"broken\.parquet"):
        import_songs(data_dir, [more, broken])
    assert titles(data_dir) == {"Numb"}
    assert not list(data_dir.glob("rejected-*"))


def test_a_file_of_rejected_rows_alone_leaves_the_demo_songs(tmp_path: Path, data_dir: Path):
    summary = import_songs(data_dir, [write(tmp_path, "title,artist\n,Nobody\n")])
    assert (summary.new, summary.rejected, summary.catalogue_size) == (0, 1, 0)
    assert open_catalogue(data_dir).name.startswith("demo songs")


def test_progress_grows_until_all_is_done(tmp_path: Path, data_dir: Path):
    seen: list[int] = []
    files = [write(tmp_path, "title\nNumb\n", name) for name in ("a.csv", "b.csv")]
    import_songs(data_dir, files, progress=lambda done, total: seen.append(done * 1_000 // total))
    assert seen == sorted(seen)
    assert seen[-1] == 1_000


@pytest.mark.parametrize(
    "name", ["texts.blocks", "ids.entries.npy", "energy.column", "manifest.json"]
)
@pytest.mark.parametrize("content", [None, b"", b"{}", b"garbage"])
def test_damage_is_found_at_open_and_says_what_to_do(
    tmp_path: Path, data_dir: Path, name: str, content: bytes | None
):
    import_songs(data_dir, [write(tmp_path, "title,artist\nNumb,LP\n")])
    file = versions(data_dir)[0] / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(StorageError, match=r"Delete that folder and build or import them again\."):
        open_catalogue(data_dir)


@pytest.mark.parametrize("pointer", ["", "../../etc", "gone"])
def test_a_wrong_pointer_is_found(tmp_path: Path, data_dir: Path, pointer: str):
    import_songs(data_dir, [write(tmp_path, "title,artist\nNumb,LP\n")])
    (data_dir / "catalogue" / "CURRENT").write_text(pointer, "utf-8")
    with pytest.raises(StorageError, match="Delete that folder"):
        open_catalogue(data_dir)


def test_songs_of_a_newer_program_are_refused(tmp_path: Path, data_dir: Path):
    import_songs(data_dir, [write(tmp_path, "title,artist\nNumb,LP\n")])
    manifest = versions(data_dir)[0] / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}), "utf-8")
    with pytest.raises(StorageError, match="newer version"):
        open_catalogue(data_dir)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path):
    source = write(tmp_path, "title,artist\nNumb,LP\n")
    with pytest.raises(MusicRecError, match=r"songs\.csv"):
        import_songs(source, [source])


_IMPORT_FOREVER = """
import sys
from pathlib import Path
from musicrec.catalogue import import_songs
data_dir, source = map(Path, sys.argv[1:])
for number in range(10_000):
    source.write_text(f"title,artist\\nSong {number},LP\\n", "utf-8")
    import_songs(data_dir, [source])
    print(number, flush=True)
"""


def test_an_importer_killed_at_any_moment_leaves_a_working_catalogue(
    tmp_path: Path, data_dir: Path
):
    for attempt in range(3):
        importer = subprocess.Popen(
            [sys.executable, "-c", _IMPORT_FOREVER, str(data_dir), str(tmp_path / "songs.csv")],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert importer.stdout is not None
        importer.stdout.readline()
        time.sleep(0.013 * (attempt + 1))  # somewhere in the middle of one of the next imports
        os.kill(importer.pid, signal.SIGKILL)
        importer.communicate()
        assert "Song 0" in titles(data_dir)
    import_songs(data_dir, [write(tmp_path, "title,artist\nLast,LP\n")])
    assert "Last" in titles(data_dir)
    assert len(versions(data_dir)) <= 2
