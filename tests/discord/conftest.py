"""The bot on simcord with real services; every request is checked against Discord's description."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.container import open_services
from musicrec.catalogue import import_songs, open_catalogue, write_table
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.town import Town, town_of

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
