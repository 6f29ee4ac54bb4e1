"""``musicrec week`` on real labels and the demo catalogue."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from musicrec.cli import run
from musicrec.domain.identity import fold, recording_key
from tests.musicrec.cli.desk import ENVIRONMENT, Desk

OPTIONS = ("--weeks", "3", "--n", "30", "--adventure", "0.5", "--seed", "1")

Song = dict[str, Any]


@pytest.fixture(scope="module")
def weeks(labels: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[Song]]:
    outcome = Desk(tmp_path_factory.mktemp("weeks")).musicrec(
        "week", str(labels), *OPTIONS, "--json"
    )
    assert outcome.code == 0, outcome.stderr
    return json.loads(outcome.stdout)


def key(song: Song) -> str:
    return recording_key(song["title"], song["artists"][0])


def test_weeks_never_repeat_a_song_nor_a_label(weeks: list[list[Song]], labels: Path):
    assert [len(songs) for songs in weeks] == [30] * 3
    ids = [song["id"] for songs in weeks for song in songs]
    keys = [key(song) for songs in weeks for song in songs]
    assert len({*ids}) == len({*keys}) == 90
    labelled = {
        recording_key(str(row.title), str(row.artists).split("; ")[0])
        for row in pd.read_csv(labels).itertuples()
    }
    assert not labelled & {*keys}


def test_every_week_has_its_kinds_and_at_most_two_of_an_artist(
    weeks: list[list[Song]], labels: Path
):
    rated = {
        fold(name) for names in pd.read_csv(labels)["artists"] for name in str(names).split("; ")
    }
    for songs in weeks:
        assert [song["position"] for song in songs] == list(range(1, 31))
        kinds = Counter(song["kind"] for song in songs)
        assert kinds == {"familiar": 2, "new": 24, "exploring": 4}
        names = Counter(fold(name) for song in songs for name in set(song["artists"]))
        assert max(names.values()) <= 2
        for song in songs:
            assert 0 <= song["p_like"] <= 1
            is_rated = bool(rated & {fold(name) for name in song["artists"]})
            assert song["kind"] == "new" or is_rated == (song["kind"] == "familiar")


def test_every_song_has_a_reason_that_fits_its_kind(weeks: list[list[Song]]):
    songs = [song for songs in weeks for song in songs]
    assert all(song["reason"] for song in songs)
    familiar = [song["reason"] for song in songs if song["kind"] == "familiar"]
    assert all(reason.startswith("you liked ") and " by " in reason for reason in familiar)
    exploring = " ".join(song["reason"] for song in songs if song["kind"] == "exploring")
    # Only metal and country are labelled.
    assert "new genre: " in exploring
    assert "new country" not in exploring, "the demo songs have no countries"


def test_the_same_arguments_give_the_same_weeks_in_any_process(
    weeks: list[list[Song]], desk: Desk, labels: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ENVIRONMENT, "PYTHONHASHSEED", "7")
    again = desk.musicrec("week", str(labels), *OPTIONS, "--json")
    assert json.loads(again.stdout) == weeks


def test_weeks_are_listed_for_people(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, labels: Path
):
    command = ["week", str(labels), "--weeks", "2", "--n", "6", "--adventure", "1"]
    assert run(command, data_dir=tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("Week")] == ["Week 1", "Week 2"]
    assert sum(" %" in line for line in lines) == 12
    assert sum("exploring" in line for line in lines) == 4


def test_few_labels_give_starter_weeks_that_say_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    few = tmp_path / "few.csv"
    few.write_text("title,artist,liked\nNumb,Linkin Park,1\nOne,Metallica,1\nHurt,X,0\n", "utf-8")
    assert run(["week", str(few), "--weeks", "2", "--json"], data_dir=tmp_path) == 0
    captured = capsys.readouterr()
    assert "too few to learn from" in captured.err
    assert "starter weeks" in captured.err
    first, second = json.loads(captured.out)
    assert not {key(song) for song in first} & {key(song) for song in second}
    assert {song["p_like"] for song in first} == {None}
    assert len({song["genre"] for song in first}) >= 5
    assert all(
        "well known" in song["reason"] or "you liked 1 of 1" in song["reason"] for song in first
    )


def test_a_catalogue_that_runs_out_gives_short_lists_and_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    songs = tmp_path / "songs.csv"
    rows = "".join(f"Song {i},Artist {i}\n" for i in range(25))
    songs.write_text(f"title,artist\n{rows}", "utf-8")
    few = tmp_path / "few.csv"
    few.write_text("title,artist,liked\nSong 1,Artist 1,1\n", "utf-8")
    assert run(["import-songs", str(songs)], data_dir=tmp_path) == 0
    capsys.readouterr()
    command = ["week", str(few), "--weeks", "30", "--n", "20", "--json"]
    assert run(command, data_dir=tmp_path) == 0
    captured = capsys.readouterr()
    sizes = [len(week) for week in json.loads(captured.out)]
    # After 26 weeks without them the first songs are there again.
    assert sizes == [20, 4, *[0] * 25, 20, 4, 0]
    assert "28 of 30 lists have fewer than 20 songs" in captured.err
