"""Real services on a SQLite file and the demo catalogue, with one worker, shared by a module."""

from collections.abc import AsyncGenerator
from itertools import count

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.services import Services
from tests.musicrec.services.people import Presser
from tests.postgres import postgres_server

__all__ = ["anna", "ben", "postgres_server", "services"]

_IDS = count(101)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Services]:
    async with open_services(
        data_dir=tmp_path_factory.mktemp("data"), worker_processes=1
    ) as opened:
        yield opened


@pytest.fixture
def anna(services: Services) -> Presser:
    return Presser(services, next(_IDS))


@pytest.fixture
def ben(services: Services) -> Presser:
    return Presser(services, next(_IDS))
