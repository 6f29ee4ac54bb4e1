"""The bot on simcord with real services; every request is checked against Discord's description."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.container import open_services
from musicrec.catalogue import import_songs, open_catalogue, write_table
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.playlist_town import give_labels
from tests.discord.town import Town, town_of
from tests.postgres import postgres_server

__all__ = ["postgres_server"]

SONGS = 600
"""A tenth of the demo songs opens in a tenth of the time."""


@pytest.fixture(scope="session")
def small_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with some of the demo songs, in all genres."""
    folder = tmp_path_factory.mktemp("songs")
    demo = open_catalogue(folder)
    songs = demo.table(range(len(demo)))
    write_table(songs.iloc[:: len(songs) // SONGS], folder / "songs.parquet")
    import_songs(folder / "data", [folder / "songs.parquet"])
    return folder / "data"


@pytest.fixture
async def services(small_catalogue: Path, tmp_path: Path) -> AsyncIterator[Services]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    async with open_services(data_dir=tmp_path, worker_processes=1) as opened:
        yield opened


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(services) as running:
        yield running


@pytest.fixture
def song(services: Services) -> Track:
    return services.songs.suggest("")[0]


@pytest.fixture(scope="session")
def taste(small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory) -> StoredModel:
    """Return a model that was learned from the verdicts of ``playlist_town``, once."""
    folder = tmp_path_factory.mktemp("taste")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)

    async def learned() -> StoredModel:
        async with open_services(data_dir=folder, worker_processes=1) as services:
            await give_labels(services, ListenerId(1))
            return await services.training.ensure_model(ListenerId(1), at=datetime.now(UTC))

    with asyncio.Runner() as runner:
        return runner.run(learned())
