"""Turns and events that processes of one database share, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

from musicrec.storage import Database
from tests.musicrec.storage.samples import NOON

SECOND = timedelta(seconds=1)


async def take(database: Database, at: datetime, service: str = "MusicBrainz") -> datetime:
    async with database.writing() as work:
        return await work.turns.take(service, SECOND, at=at)


async def put_off(database: Database, until: datetime, at: datetime) -> None:
    async with database.writing() as work:
        await work.turns.put_off("MusicBrainz", until, at=at)


async def test_turns_are_an_interval_apart_for_each_service(database: Database):
    assert await take(database, NOON) == NOON
    assert await take(database, NOON) == NOON + SECOND
    assert await take(database, NOON) == NOON + 2 * SECOND
    assert await take(database, NOON, "Deezer") == NOON
    assert await take(database, NOON + 9 * SECOND) == NOON + 9 * SECOND


async def test_turns_that_are_taken_at_once_are_an_interval_apart(database: Database):
    turns = await asyncio.gather(*(take(database, NOON) for _ in range(5)))
    assert sorted(turns) == [NOON + number * SECOND for number in range(5)]


async def test_turns_that_are_put_off_come_later_and_never_sooner(database: Database):
    await put_off(database, NOON + 7 * SECOND, NOON)
    await put_off(database, NOON + 3 * SECOND, NOON)
    assert await take(database, NOON) == NOON + 7 * SECOND


async def test_a_turn_that_a_wrong_clock_noted_is_not_waited_for(database: Database):
    assert await take(database, NOON + timedelta(days=1)) == NOON + timedelta(days=1)
    assert await take(database, NOON) == NOON


async def test_the_database_tells_the_time(database: Database):
    async with database.reading() as work:
        now = await work.turns.now()
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


async def test_an_event_is_taken_once_until_it_is_forgotten(database: Database):
    async def claim(event_id: int) -> bool:
        async with database.writing() as work:
            return await work.heard_events.claim(event_id, NOON)

    assert sorted(await asyncio.gather(claim(5), claim(5), claim(5))) == [False, False, True]
    assert await claim(6)
    async with database.writing() as work:
        await work.heard_events.forget(NOON)
    assert not await claim(5)
    async with database.writing() as work:
        await work.heard_events.forget(NOON + SECOND)
    assert await claim(5)


async def test_each_change_of_a_switch_is_taken_once_until_it_is_forgotten(database: Database):
    async def switch(name: str, *, on: bool) -> bool:
        async with database.writing() as work:
            return await work.heard_events.switch(name, on=on, at=NOON)

    taken = [await switch("a", on=on) for on in (True, True, False, False, True)]
    assert taken == [True, False, True, False, True]
    assert await switch("b", on=False)
    async with database.writing() as work:
        await work.heard_events.forget(NOON + SECOND)
    assert await switch("a", on=True)
