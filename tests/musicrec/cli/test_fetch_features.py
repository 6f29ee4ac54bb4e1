"""``musicrec fetch-features`` as a real process, with stand-ins of all services on 127.0.0.1."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields

import pandas as pd
import pytest

from musicrec.sources.settings import ServiceSettings
from musicrec.storage import sqlite_file
from tests.musicrec.cli.desk import ENVIRONMENT, REPOSITORY, Desk, Outcome
from tests.stand_ins.clocks import LeapingClock
from tests.stand_ins.town import StandIns, serving_aside
from tests.stand_ins.world import AUDIO, LANTERNS, SONGS, Song, World

LAMPLIGHTER = SONGS[0]
MANY = 24


@pytest.fixture
def stand_ins() -> StandIns:
    songs = [Song(100 + n, f"Song {n}", LANTERNS, features=AUDIO) for n in range(MANY)]
    return StandIns.of(World([*SONGS, *songs]), LeapingClock())


@pytest.fixture
def desk(desk: Desk, stand_ins: StandIns) -> Iterator[Desk]:
    with serving_aside(stand_ins) as settings:
        addresses = {
            field.name: service.base_url
            for field in fields(settings)
            if isinstance(service := getattr(settings, field.name), ServiceSettings)
        }
        desk.write("addresses.json", json.dumps(addresses))
        yield desk


def start(desk: Desk, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.musicrec.cli.fetching", "addresses.json", *arguments],
        cwd=desk.folder,
        env=ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def fetch(desk: Desk, *arguments: str) -> Outcome:
    with start(desk, "fetch-features", *arguments) as process:
        stdout, stderr = process.communicate(timeout=240)
    return Outcome(process.returncode, stdout, stderr)


def many_links(desk: Desk) -> str:
    links = [f"https://open.spotify.com/track/{_song(n).spotify_id}" for n in range(MANY)]
    return desk.write("links.txt", "\n".join(links))


def _song(number: int) -> Song:
    return Song(100 + number, "", LANTERNS)


def kept(desk: Desk) -> dict[tuple[str, str], str]:
    """Every answer that is in the database, and when it came."""
    with closing(sqlite3.connect(sqlite_file(desk.folder / "data"))) as database:
        rows = database.execute("SELECT source, key, fetched_at FROM source_answers").fetchall()
    return {(source, key): at for source, key, at in rows}


def test_a_table_is_filled_and_keeps_what_it_has(desk: Desk):
    file = desk.write(
        "songs.csv",
        "title,artist,energy,mood\n"
        "Lamplighter,The Paper Lanterns,0.01,mine\n"
        "Nothing Anybody Knows,Nobody At All,,\n"
        "Lamplighter,The Paper Lanterns,,again\n",
    )
    outcome = fetch(desk, file, "--json")
    assert outcome.code == 0, outcome.stderr
    report = json.loads(outcome.stdout)
    assert (report["n_songs"], report["n_asked"], report["n_found"]) == (3, 2, 1)
    assert report["sources"]["ReccoBeats"]["known"] == 1
    assert report["sources"]["Deezer"]["asked"] == 2
    table = pd.read_csv(desk.folder / "songs-filled.csv")
    assert table["energy"].tolist()[::2] == [0.01, 0.71]
    assert table["valence"].tolist()[::2] == [0.33, 0.33]
    assert table["mood"].tolist()[::2] == ["mine", "again"]
    assert table["country"][0] == "GB"
    assert "ReccoBeats" in str(table["filled_from"][0])
    assert table[["energy", "country", "filled_from"]].isna().to_numpy()[1].all()
    assert table["title"].tolist()[1] == "Nothing Anybody Knows"


def test_a_playlist_of_links_of_any_kind_becomes_a_table(desk: Desk):
    file = desk.write(
        "links.txt",
        f"https://open.spotify.com/track/{LAMPLIGHTER.spotify_id}\n"
        f"https://www.deezer.com/track/{SONGS[1].deezer_id}\n"
        "https://example.com/nothing\n",
    )
    outcome = fetch(desk, file, "--out", "filled.parquet")
    assert outcome.code == 0, outcome.stderr
    assert "3 songs: 2 looked up, 2 found" in outcome.stdout
    assert "1 have no name or id" in outcome.stdout
    table = pd.read_parquet(desk.folder / "filled.parquet")
    assert table["title"].tolist()[:2] == ["Lamplighter", "Snow on the Quay"]
    assert table["tempo_bpm"][0] == 128.5
    imported = desk.musicrec("import-songs", "filled.parquet", "--json")
    assert json.loads(imported.stdout)["read"] == 3


def test_songs_that_lack_nothing_are_not_asked_about(desk: Desk, stand_ins: StandIns):
    first = fetch(desk, desk.write("songs.csv", "title,artist\nLamplighter,The Paper Lanterns\n"))
    assert first.code == 0, first.stderr
    stand_ins.services["deezer"].log.clear()
    again = fetch(desk, "songs-filled.csv", "--out", "again.csv", "--json")
    assert json.loads(again.stdout)["n_whole"] == 1
    assert not stand_ins.deezer.log
    first_table = (desk.folder / "songs-filled.csv").read_text("utf-8")
    assert (desk.folder / "again.csv").read_text("utf-8") == first_table


def test_killed_and_started_again_it_asks_nothing_twice_that_was_answered(
    desk: Desk, stand_ins: StandIns
):
    file = many_links(desk)
    process = start(desk, "fetch-features", file)
    _wait_for_requests(stand_ins, 40)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (desk.folder / "links-filled.csv").exists()
    answered = kept(desk)
    assert answered

    outcome = fetch(desk, file, "--json")
    assert outcome.code == 0, outcome.stderr
    assert json.loads(outcome.stdout)["n_found"] == MANY
    # Whoever is asked again gives a later answer.
    assert answered.items() < kept(desk).items()
    n_after = stand_ins.n_requests
    assert fetch(desk, file).code == 0
    assert stand_ins.n_requests == n_after


def test_ctrl_c_ends_it_with_a_sentence_and_leaves_no_half_file(desk: Desk, stand_ins: StandIns):
    for service in stand_ins.services.values():
        service.switches.slow_s = 0.2
    process = start(desk, "fetch-features", many_links(desk))
    _wait_for_requests(stand_ins, 5)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr == (
        "note: Stopped: every answer is kept, and the same command goes on from there."
        " links-filled.csv was not written.\n"
    )
    assert {path.name for path in desk.folder.iterdir()} == {"addresses.json", "data", "links.txt"}


def test_a_source_that_is_closed_or_down_is_named_and_stops_nobody(desk: Desk, stand_ins: StandIns):
    stand_ins.reccobeats.switches.status = 429
    stand_ins.reccobeats.switches.retry_after = "3600"
    stand_ins.listenbrainz.switches.is_down = True
    file = desk.write("songs.csv", "title,artist\nLamplighter,The Paper Lanterns\n")
    outcome = fetch(desk, file)
    assert outcome.code == 0, outcome.stderr
    lines = {line.split()[0]: line.split()[1:] for line in outcome.stdout.splitlines()}
    assert lines["ReccoBeats"] == ["1", "0", "0", "1", "0"]
    assert lines["ListenBrainz"] == ["1", "0", "0", "0", "1"]
    assert "ReccoBeats could not be asked about every song" in outcome.stderr
    assert "it may be asked again at" in outcome.stderr
    assert pd.read_csv(desk.folder / "songs-filled.csv")["country"][0] == "GB"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing.csv",), "nothing.csv"),
        (("songs.csv", "--out", "x.txt"), "x.txt"),
        (("songs.csv", "--out", "nowhere/x.csv"), "cannot be written"),
        (("songs.csv", "--database", "mysql://x/y"), "mysql"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_before_anybody_is_asked(
    desk: Desk, stand_ins: StandIns, arguments: tuple[str, ...], said: str
):
    desk.write("songs.csv", "title,artist\nLamplighter,The Paper Lanterns\n")
    outcome = fetch(desk, *arguments)
    assert outcome.code == 2
    assert said in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert not stand_ins.n_requests


def _wait_for_requests(stand_ins: StandIns, n: int) -> None:
    give_up_at = time.monotonic() + 60
    while stand_ins.n_requests < n:
        assert time.monotonic() < give_up_at
        time.sleep(0.005)
