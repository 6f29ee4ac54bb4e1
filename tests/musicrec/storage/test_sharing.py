"""Consents to share one's taste, on both databases."""

from datetime import timedelta

from musicrec.domain.ids import ListenerId
from musicrec.domain.sharing import SharedTaste
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, model

TOWN = 2**62 + 3
VILLAGE = 5


async def share(database: Database, *pairs: tuple[int, ListenerId]) -> None:
    async with database.writing() as work:
        for minute, (guild_id, listener_id) in enumerate(pairs):
            await work.listeners.lock(listener_id, NOON)
            await work.sharing.share(guild_id, listener_id, NOON + timedelta(minutes=minute))


async def test_nobody_shares_before_they_say_so(database: Database):
    async with database.reading() as work:
        assert not await work.sharing.is_shared(TOWN, ANNA)


async def test_a_consent_holds_on_its_server_alone(database: Database):
    await share(database, (TOWN, ANNA), (TOWN, BEN), (VILLAGE, BEN))

    async with database.reading() as work:
        assert await work.sharing.is_shared(TOWN, ANNA)
        assert await work.sharing.is_shared(TOWN, BEN)
        assert not await work.sharing.is_shared(VILLAGE, ANNA)
        assert await work.sharing.is_shared(VILLAGE, BEN)


async def test_consenting_twice_keeps_the_first_time(database: Database):
    await share(database, (TOWN, ANNA), (TOWN, ANNA))

    async with database.reading() as work:
        assert await work.sharing.list_all(ANNA) == [SharedTaste(TOWN, ANNA, NOON)]


async def test_stopping_is_told_once_and_leaves_the_others(database: Database):
    await share(database, (TOWN, ANNA), (TOWN, BEN), (VILLAGE, ANNA))

    async with database.writing() as work:
        assert await work.sharing.stop(TOWN, ANNA)
        assert not await work.sharing.stop(TOWN, ANNA)
    async with database.reading() as work:
        assert not await work.sharing.is_shared(TOWN, ANNA)
        assert await work.sharing.is_shared(TOWN, BEN)
        assert [one.guild_id for one in await work.sharing.list_all(ANNA)] == [VILLAGE]


async def test_consents_go_with_their_listener(database: Database):
    await share(database, (TOWN, ANNA), (TOWN, BEN))

    async with database.writing() as work:
        await work.listeners.delete(ANNA)
    async with database.reading() as work:
        assert not await work.sharing.is_shared(TOWN, ANNA)
        assert await work.sharing.is_shared(TOWN, BEN)


async def test_neighbours_are_the_others_with_a_model_and_most_labels_come_first(
    database: Database,
):
    carl, dora = ListenerId(8), ListenerId(9)
    await share(database, (TOWN, ANNA), (TOWN, BEN), (TOWN, carl), (VILLAGE, dora))
    async with database.writing() as work:
        for listener_id, n_labels in ((ANNA, 50), (BEN, 99), (BEN, 20), (dora, 70)):
            await work.listeners.lock(listener_id, NOON)
            await work.models.add(model(by=listener_id, n_labels=n_labels))

    async with database.reading() as work:
        assert await work.sharing.neighbours(TOWN, carl, most=5) == [ANNA, BEN]
        assert await work.sharing.neighbours(TOWN, carl, most=1) == [ANNA]
        assert await work.sharing.neighbours(TOWN, ANNA, most=5) == [BEN]
        assert await work.sharing.neighbours(VILLAGE, dora, most=5) == []
