import json
from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import Catalogue
from musicrec.cli import run
from tests.musicrec.cli.desk import Desk


@pytest.fixture(scope="session")
def exported(demo: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A playlist as Exportify writes it: metal, country, one song twice, and odd items."""
    songs = demo.table(range(len(demo)))
    chosen = pd.concat(
        [songs[songs["genre"] == genre].iloc[60:100] for genre in ("metal", "country")]
    )
    rows = pd.DataFrame(
        {
            "Track URI": chosen["track_id"],
            "Track Name": chosen["title"],
            "Artist Name(s)": chosen["artists"].str.replace("; ", ";"),
            "Added At": "2024-01-02T03:04:05Z",
            "Note": "mine",
        }
    )
    more = pd.DataFrame(
        {
            "Track URI": ["spotify:local:Me:Demos:My+Song:99", ""],
            "Track Name": ["My [b]Song[/b]", "Unheard of"],
            "Artist Name(s)": ["Me", "Nobody"],
        }
    )
    path = tmp_path_factory.mktemp("exported") / "mix.csv"
    pd.concat([rows, rows.head(1), more]).to_csv(path, index=False)
    return path


def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, *arguments: str) -> str:
    capsys.readouterr()
    assert run(["playlist", *arguments], data_dir=tmp_path / "data") == 0
    return capsys.readouterr().out


def test_prune_writes_what_is_left_and_says_what_went_and_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, exported: Path
):
    out = tmp_path / "left.csv"
    options = ("--model", str(model), "--precision", "0.7", "--out", str(out))
    told = json.loads(command(capsys, tmp_path, "prune", str(exported), *options, "--json"))
    assert told["removed"]
    assert all(one["reasons_against"] for one in told["removed"])
    assert {one["why"] for one in told["spared"]} >= {"a local file", "its sound is not known"}
    assert [one["title"] for one in told["unmatched"]] == ["My [b]Song[/b]", "Unheard of"]
    assert told["matched_by"] == {"id": 81}
    assert told["n_disliked_below"] >= 0.7 * told["n_labels_below"]
    before, left = pd.read_csv(exported), pd.read_csv(out)
    gone = {one["position"] - 1 for one in told["removed"]}
    assert left.equals(before.drop(index=list(gone)).reset_index(drop=True))


def test_prune_without_out_shows_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, exported: Path
):
    before = exported.read_bytes()
    options = ("--model", str(model), "--precision", "0.7")
    said = command(capsys, tmp_path, "prune", str(exported), *options)
    assert "songs would go." in said
    assert "Of your 80 labels" in said
    assert "1 stay, a local file: Me - My [b]Song[/b]." in said
    assert "Nothing was changed" in said
    assert exported.read_bytes() == before
    strict = (*options[:2], "--precision", "0.999")
    said = command(capsys, tmp_path, "prune", str(exported), *strict)
    assert "0 of 83 songs would go.\nYour 80 labels cannot support" in said


def test_doctor_says_in_words_what_it_would_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, exported: Path
):
    out = tmp_path / "healthy.m3u8"
    options = ("--model", str(model), "--out", str(out))
    said = command(capsys, tmp_path, "doctor", str(exported), *options).splitlines()
    assert said[0].startswith("= 1. ")
    assert said[0].endswith(": keep, it comes first in the list")
    assert said[1].startswith("- 81. ")
    assert any("sleeps in the last third" in line or line.startswith("?") for line in said)
    assert out.read_text("utf-8").count("#EXTINF") == 82
    told = json.loads(command(capsys, tmp_path, "doctor", str(exported), "--json"))
    assert [one["why"] for one in told["duplicates"]] == ["it comes first in the list"]
    assert told["sleepers"] is None


def test_sort_orders_by_all_that_can_be_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, exported: Path
):
    orders: set[tuple[int, ...]] = set()
    for options in (
        ("--by", "smooth"),
        ("--by", "rise"),
        ("--by", "arc"),
        ("--by", "tempo"),
        ("--by", "probability", "--model", str(model)),
        ("--like", "3"),
    ):
        told = json.loads(command(capsys, tmp_path, "sort", str(exported), *options, "--json"))
        assert sorted(told["order"]) == list(range(1, 84))
        assert [item["title"] for item in told["unplaced"]] == ["My [b]Song[/b]", "Unheard of"]
        orders.add(tuple(told["order"]))
    assert len(orders) == 6
    title = str(pd.read_csv(exported)["Track Name"][4])
    said = command(capsys, tmp_path, "sort", str(exported), "--like", title)
    assert title in said.splitlines()[0]


def test_make_lists_new_songs_with_reasons_and_writes_links(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, exported: Path
):
    out = tmp_path / "new.txt"
    options = ("--model", str(model), "--n", "8", "--out", str(out), "--json")
    songs = json.loads(command(capsys, tmp_path, "make", str(exported), *options))
    assert [song["position"] for song in songs] == list(range(1, 9))
    assert all(song["like"] and song["p_like"] > 0.3 for song in songs)
    links = out.read_text("utf-8").splitlines()
    assert links == [song["listen_url"] for song in songs]
    assert not set(pd.read_csv(exported)["Track URI"]) & {song["id"] for song in songs}
    said = command(
        capsys, tmp_path, "make", "--mood", "calm", "--feature", "tempo_bpm=90", "--n", "3"
    )
    assert len(said.splitlines()) == 3


def test_convert_goes_through_every_format_and_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, exported: Path
):
    names: list[list[str]] = []
    path = exported
    for ending in ("jspf", "xspf", "m3u8", "csv"):
        out = tmp_path / f"list.{ending}"
        told = json.loads(
            command(capsys, tmp_path, "convert", str(path), "--out", str(out), "--json")
        )
        names.append([item["title"] for item in told["items"]])
        path = out
    assert names.count(names[0]) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("convert", "nothing.csv", "--out", "x.csv"), "nothing.csv cannot be read"),
        (("convert", "LIST", "--out", "x.docx"), "must end in one of"),
        (("convert", "LIST", "--out", "no/such/folder/x.csv"), "cannot be written"),
        (("sort", "LIST", "--by", "probability"), "needs a --model"),
        (("sort", "LIST", "--like", "xyzzy"), "No song of the playlist"),
        (("make",), "Name either a playlist"),
        (("make", "LIST", "--mood", "calm"), "Name either a playlist"),
        (("make", "--mood", "blue"), "There is no mood"),
        (("make", "--feature", "energy"), "is no wish"),
        (("make", "--feature", "taste=1"), "can be made for these"),
        (("prune", "LIST", "--model", "nothing.model"), "nothing.model cannot be read"),
    ],
)
def test_wrong_input_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    exported: Path,
    arguments: tuple[str, ...],
    said: str,
):
    argv = [str(exported) if part == "LIST" else part for part in arguments]
    assert run(["playlist", *argv], data_dir=tmp_path) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    *notes, refusal = captured.err.splitlines()
    assert all(line.startswith("note: ") for line in notes)
    assert refusal.startswith("musicrec: ")
    assert said in refusal


def test_the_real_program_prunes_a_playlist(desk: Desk, model: Path, exported: Path):
    outcome = desk.musicrec("playlist", "prune", str(exported), "--model", str(model))
    assert outcome.code == 0, outcome.stderr
    assert "labels" in outcome.stdout
