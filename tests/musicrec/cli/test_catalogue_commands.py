import json
from pathlib import Path

import pytest

from musicrec.cli import run
from tests.musicrec.cli.desk import Desk

SONGS = (
    "was,artist,energy,genre,country\nNumb,LP,0.8,metal,US\nFaint,LP,,metal,\nOne,M,0.9,,\n,X,,,\n"
)


@pytest.fixture
def built(desk: Desk) -> Desk:
    songs = desk.write("songs.csv", SONGS)
    outcome = desk.musicrec(
        "catalogue", "build", songs, "--map", "was=title", "--source", "mine=CC BY 4.0"
    )
    assert outcome.code == 0, outcome.stderr
    return desk


def snapshot_of(desk: Desk) -> Path:
    root = desk.folder / "data" / "catalogue"
    return root / (root / "CURRENT").read_text()


def test_build_replaces_the_catalogue_and_counts_by_source(built: Desk):
    songs = built.write("more.csv", "title,artist\nNumb,LP\nNUMB,lp\n,Nobody\n")
    outcome = built.musicrec("catalogue", "build", songs, "--json")
    assert outcome.code == 0
    summary = json.loads(outcome.stdout)
    assert summary["sources"] == {
        "more.csv": {
            "read": 3,
            "new": 1,
            "merged": 1,
            "rejected": 1,
            "reasons": {"no title": 1},
        }
    }
    assert summary["catalogue_size"] == 1
    found = built.musicrec("search", "faint")
    assert "Nothing was found" in found.stderr


def test_build_says_what_became_of_the_rows(desk: Desk):
    songs = desk.write("songs.csv", "title,artist\nNumb,LP\n,Nobody\n")
    outcome = desk.musicrec("catalogue", "build", songs)
    assert "songs.csv: 1 rejected, no title" in outcome.stdout
    assert "The catalogue has 1 songs now." in outcome.stdout
    assert (desk.folder / "data" / "rejected-1.csv").exists()


def test_info_tells_size_sources_and_coverage(built: Desk):
    outcome = built.musicrec("catalogue", "info", "--json")
    document = json.loads(outcome.stdout)
    assert document["songs"] == 3
    assert document["sources"] == [{"name": "mine", "licence": "CC BY 4.0"}]
    assert document["coverage"]["energy"] == 2
    assert document["coverage"]["valence"] == 0
    assert document["genres"] == {"metal": 2}
    assert document["countries"] == {"US": 1}
    assert document["version"] == snapshot_of(built).name
    assert 0 <= document["age_seconds"] < 3_600
    assert document["bytes"] == sum(document["sizes"].values())


def test_info_is_readable(built: Desk):
    outcome = built.musicrec("catalogue", "info")
    assert outcome.code == 0
    assert "source: mine (CC BY 4.0)" in outcome.stdout
    assert "66.7%" in outcome.stdout


def test_verify_finds_a_changed_byte(built: Desk):
    assert built.musicrec("catalogue", "verify").code == 0
    file = snapshot_of(built) / "energy.column"
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    outcome = built.musicrec("catalogue", "verify")
    assert outcome.code == 2
    assert "energy.column: its checksum is wrong" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    wrong = json.loads(built.musicrec("catalogue", "verify", "--json").stdout)["wrong"]
    assert wrong == [{"file": "energy.column", "reason": "its checksum is wrong"}]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("texts.blocks", None, "texts.blocks: it is missing"),
        ("search.sqlite", b"", "search.sqlite: it has the wrong size"),
        ("manifest.json", None, "damaged"),
        ("manifest.json", b"{", "manifest.json cannot be understood"),
        ("manifest.json", b'{"format": 99}', "newer version of musicrec; update this one"),
        ("../CURRENT", b"nowhere", "damaged"),
        ("../CURRENT", b"../..", "CURRENT names no version"),
    ],
)
def test_verify_and_search_say_what_is_damaged_and_a_build_repairs_it(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    content: bytes | None,
    says: str,
):
    (tmp_path / "songs.csv").write_text("title,artist\nNumb,LP\n", "utf-8")
    assert run(["catalogue", "build", str(tmp_path / "songs.csv")], data_dir=tmp_path) == 0
    root = tmp_path / "catalogue"
    file = root / (root / "CURRENT").read_text() / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    capsys.readouterr()
    for command in (["catalogue", "verify"], ["search", "numb"]):
        assert run(command, data_dir=tmp_path) == 2
        said = capsys.readouterr().err
        assert says in said
        assert said.count("\n") == 1
    assert run(["catalogue", "build", str(tmp_path / "songs.csv")], data_dir=tmp_path) == 0
    assert run(["catalogue", "verify"], data_dir=tmp_path) == 0


def test_gc_removes_what_dead_builds_left(built: Desk):
    root = built.folder / "data" / "catalogue"
    (root / "staging-dead").mkdir()
    (root / ".new-dead").mkdir()
    outcome = built.musicrec("catalogue", "gc")
    assert outcome.stdout == "Removed: staging-dead.\n"
    assert not (root / ".new-dead").exists()
    assert json.loads(built.musicrec("catalogue", "gc", "--json").stdout) == {"removed": []}
    assert built.musicrec("catalogue", "verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["info"], "No catalogue was built yet"),
        (["verify"], "No catalogue was built yet"),
        (["build", "gone.csv"], "gone.csv cannot be read"),
        (["build", "songs.csv"], "has no column title, nor one of ids"),
        (["build", "songs.csv", "--map", "was"], "write THEIRS=ours"),
        (["build", "songs.csv", "--map", "was=name"], "there is no column name"),
        (["build", "songs.csv", "--source", "mine"], "write NAME=LICENCE"),
        (["build", "songs.csv", "--source", "a=b", "--source", "c=d"], "given 2 times"),
        (["build", "empty.csv"], "no row of the files is a song"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(desk: Desk, arguments: list[str], says: str):
    desk.write("songs.csv", SONGS)
    desk.write("empty.csv", "title,artist\n,Nobody\n")
    outcome = desk.musicrec("catalogue", *arguments)
    assert outcome.code == 2
    assert says.casefold() in outcome.stderr.casefold()
    assert outcome.stderr.splitlines()[-1].startswith("musicrec: ")
    assert not (desk.folder / "data" / "catalogue" / "CURRENT").exists()
