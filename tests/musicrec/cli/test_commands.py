"""Every command as a real process on small real files."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from musicrec.cli import run
from musicrec.domain.identity import fold, recording_key
from musicrec.domain.report import Report
from tests.musicrec.cli.desk import Desk


def test_import_songs_counts_and_search_finds_them(desk: Desk):
    songs = desk.write("songs.csv", "title,artist,mood\nNumb,Linkin Park,dark\n,Nobody,\n")
    outcome = desk.musicrec("import-songs", songs)
    assert outcome.code == 0
    assert outcome.stdout.splitlines()[0] == "2 rows read: 1 new songs, 0 duplicates, 1 rejected."
    assert "mood" in outcome.stderr
    assert (desk.folder / "data" / "rejected-1.csv").exists()
    found = desk.musicrec("search", "numb", "--json")
    assert [track["title"] for track in json.loads(found.stdout)] == ["Numb"]


def test_import_songs_speaks_json(desk: Desk):
    songs = desk.write("songs.csv", "title,artist\nNumb,Linkin Park\nNumb,Linkin Park\n")
    outcome = desk.musicrec("--data", "elsewhere", "import-songs", songs, "--json")
    assert json.loads(outcome.stdout) == {
        "read": 2,
        "new": 1,
        "duplicate": 1,
        "rejected": 0,
        "rejected_file": None,
        "catalogue_size": 1,
        "notices": [],
        "sources": {"songs.csv": {"read": 2, "new": 1, "merged": 1, "rejected": 0, "reasons": {}}},
    }
    assert (desk.folder / "elsewhere" / "catalogue" / "CURRENT").exists()
    assert not (desk.folder / "data").exists()


def test_search_lists_songs_of_a_genre_for_people(desk: Desk):
    outcome = desk.musicrec("search", "metalica", "--genre", "Metal", "--limit", "3")
    assert outcome.code == 0
    assert len(outcome.stdout.splitlines()) == 4
    assert "Master Of Puppets" in outcome.stdout
    assert outcome.stderr == ""


def test_search_keeps_to_country_and_years(desk: Desk):
    songs = desk.write(
        "songs.csv",
        "title,artist,year,country,explicit\nBlue,One,1999,SE,0\nBlue,Two,1985,SE,1\n"
        "Blue,Three,1995,US,\n",
    )
    assert desk.musicrec("import-songs", songs).code == 0
    found = desk.musicrec("search", "blue", "--country", "se", "--years", "1990-1999", "--json")
    assert [track["artists"] for track in json.loads(found.stdout)] == [["One"]]
    clean = desk.musicrec("search", "blue", "--clean", "--json")
    assert [track["artists"] for track in json.loads(clean.stdout)] == [["One"]]
    for option, value in (("--country", "Sweden"), ("--years", "nineties")):
        refused = desk.musicrec("search", "blue", option, value)
        assert (refused.code, refused.stdout) == (2, "")
        assert value in refused.stderr


def test_evaluate_prints_a_report_for_people_and_draws_it(desk: Desk, labels: Path):
    table = pd.read_csv(labels)
    table.loc[3, "target"] = "maybe"
    table.to_csv(desk.folder / "mine.csv", index=False)
    outcome = desk.musicrec(
        "evaluate", "mine.csv", "--folds", "2", "--repeats", "1", "--plots", "plots"
    )
    assert outcome.code == 0, outcome.stderr
    assert "79 labels: 39 likes, 40 dislikes" in outcome.stdout
    assert "always the majority" in outcome.stdout
    assert "guessed dislike" in outcome.stdout
    assert "1 of 80 rows were left out, first row 5: no clear like or dislike." in outcome.stdout
    written = {path.name for path in (desk.folder / "plots").iterdir()}
    names = {"report", "certainty", "learning-curve", "effects", "map", "profile", "radar"}
    assert written == {f"mine-{name}.{end}" for name in names for end in ("png", "txt")}
    for name in names:
        image = desk.folder / "plots" / f"mine-{name}.png"
        assert image.read_bytes().startswith(b"\x89PNG")
        assert image.with_suffix(".txt").stat().st_size > 150
    assert "7 pictures, each with a .txt twin, are in plots: mine-report.png," in outcome.stderr


def test_labels_that_count_less_are_learned_from_and_not_measured_by(desk: Desk, labels: Path):
    table = pd.read_csv(labels).assign(weight=[0.3] * 20 + [1.0] * 60)
    table.to_csv(desk.folder / "mine.csv", index=False)
    outcome = desk.musicrec("train", "mine.csv", "--out", "mine.model")
    assert outcome.code == 0, outcome.stderr
    assert "60 labels: 20 likes, 40 dislikes" in outcome.stdout
    assert "20 labels counted less" in outcome.stdout.replace("\n", " ")


def test_a_weight_that_is_none_is_refused(desk: Desk, labels: Path):
    table = pd.read_csv(labels).assign(weight=["much", *["1"] * 79])
    table.to_csv(desk.folder / "mine.csv", index=False)
    outcome = desk.musicrec("train", "mine.csv", "--out", "mine.model")
    assert outcome.code == 2
    assert "The column 'weight' must be above 0" in outcome.stderr


def test_evaluate_speaks_json(desk: Desk, labels: Path):
    options = ("--folds", "2", "--repeats", "1", "--group-by", "artist", "--json")
    outcome = desk.musicrec("evaluate", str(labels), *options)
    report = Report.from_json(json.loads(outcome.stdout))
    assert report.grouped_by == "artist"
    assert report.folds == 2
    assert report.best.metrics.accuracy > report.baseline.accuracy


def test_train_tells_what_it_learned(model: Path):
    told = json.loads(model.with_name("trained.json").read_text("utf-8"))
    assert told["path"] == model.name
    assert told["n_labels"] == 80
    assert told["algorithm"] == Report.from_json(told["report"]).best.algorithm


def test_predict_keeps_order_and_columns_and_adds_p_like(desk: Desk, model: Path, labels: Path):
    outcome = desk.musicrec("predict", str(model), str(labels), "--out", "scored.parquet")
    assert outcome.code == 0, outcome.stderr
    before = pd.read_csv(labels, dtype=str)
    after = pd.read_parquet(desk.folder / "scored.parquet")
    assert list(after.columns) == [*before.columns, "p_like", "p_low", "p_high"]
    assert list(after["title"]) == list(before["title"])
    assert after["p_like"].between(after["p_low"], after["p_high"]).all()
    assert after["p_low"].min() >= 0
    assert after["p_high"].max() <= 1
    assert (
        "For four songs in five the true probability lies from p_low to p_high." in outcome.stdout
    )
    liked = (after["target"] == "like").to_numpy()
    assert after["p_like"][liked].mean() > after["p_like"][~liked].mean() + 0.3


def test_predict_takes_features_of_known_songs_from_the_catalogue(desk: Desk, model: Path):
    playlist = desk.write("list.csv", "name;artist\nNumb;Linkin Park\nTequila;Dan + Shay\n?;?\n")
    outcome = desk.musicrec("predict", str(model), playlist, "--out", "scored.csv", "--json")
    told = json.loads(outcome.stdout)
    assert (told["n_read"], told["n_scored"], told["n_rejected"]) == (3, 3, 0)
    assert any("the catalogue knows 2 of them" in notice for notice in told["notices"])
    numb, tequila, unknown = told["songs"]
    assert (numb["title"], tequila["artists"], unknown["title"]) == ("Numb", "Dan + Shay", "?")
    assert numb["reasons_for"]
    assert tequila["reasons_against"]
    assert unknown["reasons_for"] == unknown["reasons_against"] == []
    assert all(song["p_low"] < song["p_like"] < song["p_high"] for song in told["songs"])
    scored = pd.read_csv(desk.folder / "scored.csv")
    assert scored["p_like"][0] > 0.5 > scored["p_like"][1]


def test_recommend_never_repeats_labels_nor_crowds_with_one_artist(
    desk: Desk, model: Path, labels: Path
):
    outcome = desk.musicrec("recommend", str(model), "--n", "40", "--json")
    songs = json.loads(outcome.stdout)
    assert [song["position"] for song in songs] == list(range(1, 41))
    assert all(0 <= song["p_low"] <= song["p_like"] <= song["p_high"] <= 1 for song in songs)
    for song in songs:
        leading = song["reasons_for" if song["p_like"] >= 0.5 else "reasons_against"]
        assert song["reason"] == "".join(leading[:1])
        assert len(leading) <= 3
    assert all(song["listen_url"].startswith("https://") for song in songs)
    shares = Counter(fold(artist) for song in songs for artist in set(song["artists"]))
    assert max(shares.values()) <= 2
    labelled = {
        recording_key(str(row.title), str(row.artists).split("; ")[0])
        for row in pd.read_csv(labels).itertuples()
    }
    assert not labelled & {recording_key(song["title"], song["artists"][0]) for song in songs}


def test_recommend_keeps_to_the_genre_and_shows_a_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path
):
    command = ["recommend", str(model), "--n", "5", "--genre", "deep house"]
    assert run(command, data_dir=tmp_path) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert len(lines) == 6
    assert "For four songs in five the true probability lies in the range" in printed.err
    assert all("deep-house" in line and " %" in line for line in lines[1:])


def test_recommend_keeps_to_clean_songs_of_years(desk: Desk, model: Path):
    rows = "".join(
        f"Song {i},Artist {i},{1990 + i % 20},{'SE' if i % 2 else 'US'},{i % 3 == 0}\n"
        for i in range(120)
    )
    songs = desk.write("songs.csv", f"title,artist,year,country,explicit\n{rows}")
    assert desk.musicrec("import-songs", songs).code == 0
    options = ("--years", "1990s", "--country", "se", "--clean", "--n", "50", "--json")
    found = desk.musicrec("recommend", str(model), *options)
    numbers = {int(track["title"].split()[1]) for track in json.loads(found.stdout)}
    assert numbers == {i for i in range(120) if i % 20 < 10 and i % 2 and i % 3}


def test_recommend_is_the_same_for_the_same_seed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path
):
    for _ in range(2):
        assert run(["recommend", str(model), "--seed", "3"], data_dir=tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]


def test_prune_marks_clear_dislikes_in_the_playlists_order(desk: Desk, model: Path, labels: Path):
    outcome = desk.musicrec(
        "prune", str(model), str(labels), "--precision", "0.6", "--out", "pruned.csv", "--json"
    )
    told = json.loads(outcome.stdout)
    pruned = pd.read_csv(desk.folder / "pruned.csv")
    assert list(pruned["title"]) == list(pd.read_csv(labels)["title"])
    assert pruned["removed"].dtype == bool
    assert pruned["removed"].sum() == told["n_removed"] > 0
    assert told["n_kept"] + told["n_removed"] == 80
    disliked = pd.read_csv(labels)["target"] == "dislike"
    assert ((pruned["p_like"] <= told["threshold"]) & disliked).equals(pruned["removed"])


def test_prune_removes_nothing_where_the_labels_cannot_support_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path, labels: Path
):
    out = tmp_path / "pruned.csv"
    command = ["prune", str(model), str(labels), "--precision", "0.999", "--out", str(out)]
    assert run(command, data_dir=tmp_path) == 0
    assert "Nothing is removed: the labels cannot support" in capsys.readouterr().out
    assert not pd.read_csv(out)["removed"].any()


def test_help_explains_the_options(capsys: pytest.CaptureFixture[str]):
    assert run(["evaluate", "--help"], data_dir=Path()) == 0
    assert "--json" in capsys.readouterr().out
