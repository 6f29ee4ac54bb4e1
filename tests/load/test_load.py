"""The short form of ``make load``: whether all is right, not how quick it is."""

from pathlib import Path

import pytest

from musicrec.storage import upgrade
from tests.load.run import Scale, load
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]

SHORT = Scale(
    listeners=40, labels=1_200, rate=25.0, seconds=4.0, trainings=2, weekly=2, commands_s=0.5
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_every_press_of_a_crowd_is_acknowledged_and_stored_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = ""
    if database == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = await server.new_database()
        await upgrade(url)

    figures = await load(tmp_path, SHORT, url)

    assert figures["presses"] == figures["acknowledged"] >= 90
    assert figures["lost"] == figures["duplicated"] == 0
    assert figures["commands_unanswered"] == 0
    assert figures["commands_ms"]["/train"]
    assert figures["acknowledged_in_bot_ms"]
