"""What the tests of faults share."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.chaos.lives import Lives, lives_of
from tests.postgres import postgres_server

__all__ = ["bot_lives", "postgres_server"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bot_lives(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Lives]:
    """Import the bot once; one life at a time."""
    log = tmp_path_factory.mktemp("bots") / "log.txt"
    async with lives_of("tests.chaos.living_bot", log) as lives:
        yield lives
