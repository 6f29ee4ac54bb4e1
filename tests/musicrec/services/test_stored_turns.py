"""Turns at outside services that processes of one database share."""

import asyncio
from pathlib import Path

import pytest

from musicrec.services.stored_turns import StoredTurns, shared_turns
from musicrec.sources.pace import Pace
from musicrec.storage import Database
from tests.postgres import PostgresServer
from tests.stand_ins.clocks import SkippingClock

INTERVAL_S = 600.0
"""So long that no slow machine makes one turn look like the next."""


async def open_to_all() -> None:
    """Close nothing."""


async def test_processes_of_one_database_call_a_service_in_turn(postgres_server: PostgresServer):
    url = await postgres_server.new_database()
    databases = [Database.open(url) for _ in range(3)]
    clocks = [SkippingClock() for _ in databases]
    paces = [
        Pace(clock, INTERVAL_S, "MusicBrainz", shared_turns(database))
        for clock, database in zip(clocks, databases, strict=True)
    ]
    await asyncio.gather(*(pace.turn(open_to_all) for pace in paces))
    waited = sorted(round(sum(clock.slept) / INTERVAL_S) for clock in clocks)
    assert waited == [0, 1, 2]
    for one in databases:
        await one.close()


async def test_a_service_that_closed_meanwhile_is_not_called(postgres_server: PostgresServer):
    database = Database.open(await postgres_server.new_database())
    await StoredTurns(database).take("Deezer", INTERVAL_S)
    n_checks = 0

    async def closes_in_the_meantime() -> None:
        nonlocal n_checks
        n_checks += 1
        if n_checks == 2:
            msg = "closed"
            raise RuntimeError(msg)

    pace = Pace(SkippingClock(), INTERVAL_S, "Deezer", shared_turns(database))
    with pytest.raises(RuntimeError, match="closed"):
        await pace.turn(closes_in_the_meantime)
    assert n_checks == 2
    await database.close()


async def test_a_pause_that_one_process_was_asked_for_holds_for_all(
    postgres_server: PostgresServer,
):
    url = await postgres_server.new_database()
    first, second = Database.open(url), Database.open(url)
    await Pace(SkippingClock(), 1.0, "Deezer", shared_turns(first)).pause(3_000)
    assert await StoredTurns(second).take("Deezer", 1.0) > 2_000
    assert await StoredTurns(second).take("iTunes", 1.0) == 0
    await first.close()
    await second.close()


async def test_on_sqlite_the_one_process_shares_with_nobody(tmp_path: Path):
    database = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}")
    assert shared_turns(database) is None
    await database.close()
