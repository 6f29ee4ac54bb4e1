"""``musicrec catalogue audit`` on real databases and label files."""

import asyncio
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.cli import run
from musicrec.discovery import Ranking, dump_ranking, read_ranking, write_ranking
from musicrec.domain.ids import ListenerId
from musicrec.services import RANKINGS
from musicrec.storage import sqlite_url, upgrade
from tests.musicrec.cli.desk import Desk
from tests.musicrec.services.people import NOON, Presser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a bot that recommended songs to two people."""
    data_dir = tmp_path_factory.mktemp("prepared")
    async with open_services(data_dir=data_dir, worker_processes=1) as services:
        for listener_id in (1, 2):
            who = Presser(services, ListenerId(listener_id))
            await who.rate(20)
            await services.recommendations.recommend(who.id, at=NOON)
            await services.training.idle()
            await services.recommendations.recommend(who.id, at=NOON)
    return data_dir


@pytest.fixture
def used(prepared: Path, desk: Desk) -> Desk:
    shutil.copytree(prepared, desk.folder / "data")
    return desk


def test_without_a_database_it_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert run(["catalogue", "audit"], data_dir=tmp_path) == 2
    said = capsys.readouterr().err
    assert said.startswith("musicrec: There is no database ")
    assert "musicrec catalogue audit LABELS.csv" in said
    assert run(["catalogue", "audit", "--now", "1"], data_dir=tmp_path) == 2
    assert list(tmp_path.iterdir()) == []


def test_without_audits_it_says_how_to_come_by_some(
    capsys: pytest.CaptureFixture[str], prepared: Path
):
    assert run(["catalogue", "audit"], data_dir=prepared) == 0
    said = capsys.readouterr().out
    assert said.startswith("No list was audited yet")
    assert said.count("\n") == 1
    assert run(["catalogue", "audit", "--json"], data_dir=prepared) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["all"] is None
    assert document["audits"] == []


def test_audits_at_once_are_kept_and_summarised(used: Desk):
    at_once = used.musicrec("catalogue", "audit", "--now", "5", "--json")
    assert at_once.code == 0, at_once.stderr
    document = json.loads(at_once.stdout)
    assert document["all"] == {"n_lists": 6, "n_models": 2, "mean": 1.0, "lowest": 1.0}
    assert set(document["by_filter"]) == {"none", "genre", "country"}
    assert sum(each["n_lists"] for each in document["by_algorithm"].values()) == 6
    kept = used.musicrec("catalogue", "audit", "--json")
    assert json.loads(kept.stdout) == document
    said = used.musicrec("catalogue", "audit").stdout
    assert "lists held 50 on average and 50 at worst: 6 lists of 2 models" in said
    assert "scored whole" in said
    assert "all songs" in said
    assert "100.0 %" in said


def test_a_bad_list_is_not_rounded_to_a_good_one(used: Desk):
    for file in (used.folder / "data" / RANKINGS).glob("*.npz"):
        ranking = read_ranking(file)
        assert ranking is not None
        shorter = Ranking(ranking.rows[20:], ranking.p_like[20:])
        write_ranking(file, dump_ranking(shorter, None))
    outcome = used.musicrec("catalogue", "audit", "--now", "1", "--json")
    every = json.loads(outcome.stdout)["all"]
    assert every["lowest"] < 1.0
    said = used.musicrec("catalogue", "audit").stdout
    assert f"{round(50 * every['lowest'])} at worst: 3 lists of 1 model since" in said


def test_with_nobody_to_audit_it_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    asyncio.run(upgrade(sqlite_url(tmp_path)))
    assert run(["catalogue", "audit", "--now", "1"], data_dir=tmp_path) == 0
    said = capsys.readouterr().out
    assert said.startswith("There is nobody to audit")
    assert said.count("\n") == 1


def test_a_model_of_a_label_file_is_audited_without_a_database(desk: Desk, labels: Path):
    pd.read_csv(labels).iloc[::4].to_csv(desk.folder / "labels.csv", index=False)
    outcome = desk.musicrec("catalogue", "audit", "labels.csv", "--json")
    assert outcome.code == 0, outcome.stderr
    document = json.loads(outcome.stdout)
    assert [each["limited_to"] for each in document["audits"]] == ["none", "genre", "country"]
    assert {each["n_labels"] for each in document["audits"]} == {20}
    assert document["all"]["lowest"] == 1.0
    assert not (desk.folder / "data" / "musicrec.db").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["labels.csv", "--now", "2"], "two different audits"),
        (["gone.csv"], "gone.csv"),
        (["--database", "mysql://somewhere/else"], "begins with 'mysql'"),
    ],
)
def test_what_cannot_be_audited_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], says: str
):
    assert run(["catalogue", "audit", *arguments], data_dir=tmp_path) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_the_bots_own_database_is_used_unless_told_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    nowhere = "postgresql://somebody:secret@/music?host=/nowhere"
    assert run(["catalogue", "audit"], data_dir=tmp_path, database_url=nowhere) == 2
    said = capsys.readouterr().err
    assert "The database music on /nowhere cannot be used" in said
    assert "secret" not in said
    assert run(["catalogue", "audit", "--help"], data_dir=tmp_path, database_url=nowhere) == 0
    assert "secret" not in capsys.readouterr().out
