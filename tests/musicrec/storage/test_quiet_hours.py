"""Quiet hours of listeners and servers, on both databases."""

from musicrec.domain.quiet import QuietHours
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON

TOWN, VILLAGE = 2**62 + 7, 8
NIGHT = QuietHours(1320, 480, "Europe/Berlin")
SIESTA = QuietHours(780, 900, "Europe/Madrid")


async def test_a_listener_has_the_hours_that_were_said_last(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await work.quiet_hours.put(ANNA, NIGHT)
        await work.quiet_hours.put(ANNA, SIESTA)
    async with database.reading() as work:
        assert await work.quiet_hours.get(ANNA) == SIESTA
        assert await work.quiet_hours.get(BEN) is None


async def test_hours_are_forgotten_and_go_with_their_listener(database: Database):
    async with database.writing() as work:
        for listener_id in (ANNA, BEN):
            await work.listeners.lock(listener_id, NOON)
            await work.quiet_hours.put(listener_id, NIGHT)
        assert await work.quiet_hours.delete_all(BEN) == 1
        assert await work.quiet_hours.delete_all(BEN) == 0
        await work.listeners.delete(ANNA)
    async with database.reading() as work:
        assert await work.quiet_hours.get(ANNA) is None


async def test_a_server_has_hours_of_its_own(database: Database):
    async with database.writing() as work:
        await work.quiet_hours.put_server(TOWN, SIESTA)
        await work.quiet_hours.put_server(TOWN, NIGHT)
    async with database.writing() as work:
        assert await work.quiet_hours.of_server(TOWN) == NIGHT
        assert await work.quiet_hours.of_server(VILLAGE) is None
        assert await work.quiet_hours.forget_server(TOWN)
        assert not await work.quiet_hours.forget_server(TOWN)
