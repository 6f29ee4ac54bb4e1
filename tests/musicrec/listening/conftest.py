import pytest

from musicrec.listening.job import prepare
from tests.sounds import COMPILED


@pytest.fixture(scope="session", autouse=True)
def _prepared() -> None:
    prepare(COMPILED)
