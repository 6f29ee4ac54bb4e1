from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, open_catalogue
from tests.musicrec.cli.desk import Desk
from tests.postgres import postgres_server

__all__ = ["demo", "desk", "labels", "model", "postgres_server"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(tmp_path_factory.mktemp("nothing-imported"))


@pytest.fixture(scope="session")
def labels(demo: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty famous metal songs liked, forty famous country songs not."""
    songs = demo.table(range(len(demo)))
    chosen = pd.concat([songs[songs["genre"] == genre].head(40) for genre in ("metal", "country")])
    features = ["danceability", "energy", "loudness_db", "acousticness", "valence", "tempo_bpm"]
    table = chosen[["title", "artists", *features]].assign(target=["like"] * 40 + ["dislike"] * 40)
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def model(labels: Path) -> Path:
    path = labels.with_name("taste.model")
    outcome = Desk(labels.parent).musicrec("train", labels.name, "--out", path.name, "--json")
    assert outcome.code == 0, outcome.stderr
    labels.with_name("trained.json").write_text(outcome.stdout, "utf-8")
    return path
