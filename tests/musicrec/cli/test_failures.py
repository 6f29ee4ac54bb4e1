"""What goes wrong ends in one line and an exit code, never in a stack trace."""

import os
import signal
from pathlib import Path

import pytest

from musicrec.cli import run
from tests.musicrec.cli.desk import Desk


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, data_dir: Path = Path()) -> str:
    """Run a command that must be refused; return its one line."""
    assert run(arguments, data_dir=data_dir) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("musicrec: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_bad_file_is_refused_by_the_real_program(desk: Desk):
    desk.write("broken.parquet", "no parquet")
    outcome = desk.musicrec("import-songs", "broken.parquet", "--json")
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.splitlines() == [
        "musicrec: broken.parquet is not a Parquet file, or it is damaged."
    ]


def test_wrong_settings_are_refused_in_one_line(desk: Desk):
    desk.write(".env", "LOCAL_PORT=many\n")
    outcome = desk.musicrec("search", "numb")
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1
    assert "LOCAL_PORT" in outcome.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("search",),
        ("search", "x", "--limit", "0"),
        ("evaluate", "labels.csv", "--folds", "1"),
        ("evaluate", "labels.csv", "--group-by", "mood"),
        ("recommend", "taste.model", "--n", "none"),
        ("prune", "taste.model", "list.csv", "--out", "x.csv", "--precision", "2"),
        ("train", "labels.csv"),
        ("week",),
        ("week", "labels.csv", "--weeks", "0"),
        ("week", "labels.csv", "--n", "0"),
        ("week", "labels.csv", "--adventure", "1.1"),
        ("week", "labels.csv", "--adventure", "much"),
        ("week", "labels.csv", "--seed", "-1"),
        ("week", "labels.csv"),
    ],
)
def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]):
    assert run(arguments, data_dir=Path()) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_missing_files_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    nothing, out = str(tmp_path / "nothing.csv"), str(tmp_path / "out.csv")
    for arguments in (
        ("import-songs", nothing),
        ("evaluate", nothing),
        ("train", nothing, "--out", out),
        ("predict", nothing, nothing, "--out", out),
        ("recommend", nothing),
        ("prune", nothing, nothing, "--out", out),
    ):
        assert "nothing.csv" in refused(capsys, *arguments, data_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_model_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, labels: Path
):
    out = str(tmp_path / "out.csv")
    for command in (
        ("recommend", str(labels)),
        ("predict", str(labels), str(labels), "--out", out),
    ):
        assert "model" in refused(capsys, *command)


def test_places_that_cannot_be_written_are_refused_before_any_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, labels: Path, model: Path
):
    missing = tmp_path / "missing"
    refused(capsys, "train", str(labels), "--out", str(missing / "taste.model"))
    refused(capsys, "predict", str(model), str(labels), "--out", str(missing / "x.csv"))
    refused(capsys, "predict", str(model), str(labels), "--out", str(tmp_path / "x.xlsx"))
    (tmp_path / "file").touch()
    said = refused(capsys, "evaluate", str(labels), "--plots", str(tmp_path / "file"))
    assert said.endswith("file is a file; --plots needs a folder.\n")
    said = refused(capsys, "evaluate", str(labels), "--plots", str(tmp_path / "file" / "plots"))
    assert "cannot be made" in said


def test_labels_that_cannot_be_learned_from_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    few = tmp_path / "few.csv"
    few.write_text("title,energy,liked\nNumb,0.8,1\nOne,0.7,0\n", "utf-8")
    assert "too few to learn from" in refused(capsys, "evaluate", str(few))
    unlabelled = tmp_path / "unlabelled.csv"
    unlabelled.write_text("title,energy\nNumb,0.8\n", "utf-8")
    assert "no column liked" in refused(capsys, "train", str(unlabelled), "--out", str(few))
    assert "no column liked" in refused(capsys, "week", str(unlabelled), data_dir=tmp_path)


def test_unknown_genres_name_the_known_ones(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path
):
    message = refused(capsys, "recommend", str(model), "--genre", "polka", data_dir=tmp_path)
    assert "There is no genre 'polka'" in message


def test_recommending_when_everything_is_known_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, labels: Path
):
    assert run(["import-songs", str(labels)], data_dir=tmp_path) == 0
    capsys.readouterr()
    assert "No unheard song is left" in refused(capsys, "recommend", str(model), data_dir=tmp_path)


def test_song_text_is_never_taken_for_markup(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    songs = tmp_path / "songs.csv"
    songs.write_text("title,artist\n[bold]Numb[/bold] [/],[red]LP\n", "utf-8")
    assert run(["import-songs", str(songs)], data_dir=tmp_path) == 0
    assert run(["search", "numb"], data_dir=tmp_path) == 0
    assert "[bold]Numb[/bold] [/]" in capsys.readouterr().out


def test_searching_without_success_is_no_failure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert run(["search", "xyzzy plugh", "--json"], data_dir=tmp_path) == 0
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_ends_with_130_and_without_a_trace(desk: Desk, tmp_path: Path):
    # A pipe without a writer keeps the command waiting for its songs.
    os.mkfifo(tmp_path / "endless.csv")
    process = desk.start("import-songs", "endless.csv")
    writer = (tmp_path / "endless.csv").open("w")  # returns when the command opens its end
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    writer.close()
    assert process.returncode == 130
    assert stdout == ""
    assert "Traceback" not in stderr


def test_a_reader_who_leaves_early_is_not_complained_to(desk: Desk):
    process = desk.start("search", "the", "--limit", "4000", "--json")
    assert process.stdout is not None
    assert process.stdout.readline() == "[\n"
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) == 0
