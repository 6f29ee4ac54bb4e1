"""Processes that are killed while they deliver weekly lists: nothing is lost, nothing doubled."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from musicrec.storage import upgrade
from tests.musicrec.services.weekly_chaos import Scale, chaos
from tests.postgres import PostgresServer

SHORT = Scale(
    n_listeners=30,
    n_kills=10,
    start=datetime(2026, 10, 19, tzinfo=UTC),
    end=datetime(2026, 11, 3, tzinfo=UTC),
)
"""Over the end of summer time in Europe and in America."""


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.fixture
async def url(server: PostgresServer | None, tmp_path: Path) -> str:
    if server is not None:
        return await server.new_database()
    url = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}"
    await upgrade(url)
    return url


async def test_killed_processes_bring_every_list_exactly_once(url: str, tmp_path: Path):
    figures = await chaos(url, tmp_path, SHORT)
    assert figures.due > 60
    assert figures.kills == SHORT.n_kills
    assert (figures.lost, figures.duplicated, figures.not_as_stored) == (0, 0, 0)
    assert figures.most_attempts > 1
