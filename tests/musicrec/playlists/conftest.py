import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.taste import TasteModel, TrainingSet, train


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(tmp_path_factory.mktemp("nothing-imported"))


@pytest.fixture(scope="session")
def labels(demo: Catalogue) -> pd.DataFrame:
    """A hundred famous metal songs liked, a hundred famous country songs not."""
    songs = demo.table(range(len(demo)))
    parts = [songs[songs["genre"] == genre].head(100) for genre in ("metal", "country")]
    return pd.concat(parts).assign(liked=[True] * 100 + [False] * 100)


@pytest.fixture(scope="session")
def model(labels: pd.DataFrame) -> TasteModel:
    return train(TrainingSet.from_table(labels), folds=2)
