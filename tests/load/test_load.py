"""The short form of ``make load``: whether all is right, not how quick it is."""

from pathlib import Path

import pytest

from tests.load.run import Scale, load
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]

SHORT = Scale(
    listeners=40,
    labels=1_200,
    rate=25.0,
    seconds=4.0,
    trainings=1,
    weekly=2,
    commands_s=0.5,
    models=5,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The PostgreSQL server, or None where the test runs on SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


async def test_every_press_of_a_crowd_is_acknowledged_and_stored_once(
    server: PostgresServer | None, tmp_path: Path
) -> None:
    url = await server.new_database() if server else ""

    figures = await load(tmp_path, SHORT, url)

    assert figures["presses"] == figures["acknowledged"] >= 90
    assert figures["lost"] == figures["duplicated"] == 0
    assert figures["unanswered"] == figures["commands_unanswered"] == 0
    assert figures["commands_ms"]["/train"]
    assert figures["acknowledged_in_bot_ms"]
