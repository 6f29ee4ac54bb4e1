"""Killed again and again, the bot loses nothing that it acknowledged, and does nothing twice.

`make chaos` does the same at length. Weekly lists in short: services/test_killed_weeks.py.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.__main__ import SCENARIOS, new_database
from tests.chaos.figures import Setting
from tests.postgres import PostgresServer

KILLS = 6
SEEDS: Sequence[int] = (20_261_123,)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["labels", "playlists"])
async def test_kills_lose_nothing_and_double_nothing(
    name: str, seed: int, server: PostgresServer | None, tmp_path: Path
):
    setting = Setting(await new_database(server, tmp_path), tmp_path, KILLS, seed)
    figures = await SCENARIOS[name](setting)
    assert figures.kills >= KILLS
    assert figures.is_sound, figures
