"""Consents to have one's taste compared, on both databases."""

from datetime import timedelta

from musicrec.domain.ids import ListenerId
from musicrec.domain.together import ComparableTaste
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON

TOWN = 2**62 + 3
VILLAGE = 5
BOTH = (ANNA, BEN)


async def allow(database: Database, *pairs: tuple[int, ListenerId]) -> None:
    async with database.writing() as work:
        for minute, (guild_id, listener_id) in enumerate(pairs):
            await work.listeners.lock(listener_id, NOON)
            await work.comparing.allow(guild_id, listener_id, NOON + timedelta(minutes=minute))


async def test_a_consent_holds_on_its_server_alone_and_keeps_its_first_time(database: Database):
    await allow(database, (TOWN, ANNA), (VILLAGE, BEN), (TOWN, ANNA))
    async with database.reading() as work:
        assert await work.comparing.those_who_allow(TOWN, BOTH) == {ANNA}
        assert await work.comparing.those_who_allow(VILLAGE, BOTH) == {BEN}
        assert await work.comparing.those_who_allow(1, BOTH) == set()
        assert await work.comparing.list_all(ANNA) == [ComparableTaste(TOWN, ANNA, NOON)]


async def test_a_withdrawn_consent_is_gone_and_others_stay(database: Database):
    await allow(database, (TOWN, ANNA), (TOWN, BEN))
    async with database.writing() as work:
        assert await work.comparing.stop(TOWN, ANNA)
        assert not await work.comparing.stop(TOWN, ANNA)
    async with database.reading() as work:
        assert await work.comparing.those_who_allow(TOWN, BOTH) == {BEN}


async def test_who_is_deleted_is_not_compared(database: Database):
    await allow(database, (TOWN, ANNA))
    async with database.writing() as work:
        await work.listeners.delete(ANNA)
        assert await work.comparing.those_who_allow(TOWN, BOTH) == set()
