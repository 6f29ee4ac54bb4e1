import pytest

from musicrec.taste import TasteModel, train
from tests.musicrec.taste.simulated import training_set


@pytest.fixture(scope="session")
def model() -> TasteModel:
    return train(training_set(120), folds=3, seed=1)
