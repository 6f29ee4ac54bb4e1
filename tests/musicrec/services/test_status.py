"""What is looked at every few seconds."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from musicrec.domain.source_answer import SourceClosure
from musicrec.services import Services, StatusService
from musicrec.storage import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_closed_sources_show_in_the_pulse_until_they_are_open_again(services: Services):
    closure = SourceClosure("Deezer", "search", NOON + timedelta(hours=1), "quota")
    async with services.status._database.writing() as work:
        await work.sources.close(closure)
    now, later = [await services.status.pulse(at=NOON + timedelta(hours=h)) for h in (0, 2)]
    assert [(each.source, each.bucket) for each in now.closures] == [("Deezer", "search")]
    assert later.closures == ()
    assert now.database_ok
    assert not now.is_full


async def test_a_database_out_of_reach_is_a_fact_and_no_failure(services: Services):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else takes it meanwhile
        database = Database.open(f"postgresql://me@127.0.0.1:{closed.getsockname()[1]}/name")
        status = StatusService(database, services.status._catalogue, services.status._workers)
        pulse = await status.pulse(at=NOON)
        await database.close()
    assert not pulse.database_ok
    assert pulse.closures == ()
