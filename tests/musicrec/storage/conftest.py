"""Every test of the contract runs on both databases."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from musicrec.storage import Database, upgrade
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The PostgreSQL server, or None where the test runs on SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    with asyncio.Runner() as runner:
        runner.run(upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def url(server: PostgresServer | None, sqlite_template: Path, tmp_path: Path) -> str:
    """A database with all tables and no rows."""
    if server is not None:
        return await server.new_database()
    path = shutil.copy(sqlite_template, tmp_path / "musicrec.sqlite")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def empty_url(server: PostgresServer | None, tmp_path: Path) -> str:
    """A database without any tables; on SQLite not even the folder exists."""
    if server is not None:
        return await server.new_database(template="template0")
    return f"sqlite+aiosqlite:///{tmp_path / 'new folder' / 'musicrec.sqlite'}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database.open(url)
    yield opened
    await opened.close()
