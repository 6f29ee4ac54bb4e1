"""Units of work: all or nothing, snapshots, and many writers at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from musicrec.storage import Database, UnitOfWork
from tests.musicrec.storage.samples import ANNA, BEN, NOON, SONG, event, store


class InterruptionError(Exception):
    """What the body of a transaction raises in these tests."""


@pytest.fixture
async def other_program(url: str) -> AsyncIterator[Database]:
    """The same database, opened a second time as another process would."""
    opened = Database.open(url)
    yield opened
    await opened.close()


async def append_next(database: Database) -> None:
    """Read the log and write what follows from it; a lost update would repeat a number."""
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        number = len(await work.labels.history(ANNA))
        await asyncio.sleep(0)
        await work.labels.append(event(event_key=f"number:{number}"))


async def write_and_fail(database: Database) -> None:
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await work.labels.append(event())
        raise InterruptionError


async def write(work: UnitOfWork) -> None:
    await work.listeners.lock(ANNA, NOON)


async def test_an_exception_takes_everything_back_and_passes(database: Database):
    with pytest.raises(InterruptionError):
        await write_and_fail(database)

    async with database.reading() as work:
        assert await work.listeners.created_at(ANNA) is None
        assert await work.labels.count_all(most=9) == 0


async def test_nobody_sees_what_is_not_committed_yet(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        async with database.reading() as other:
            assert await other.listeners.created_at(ANNA) is None


async def test_a_reader_sees_one_state_while_others_write(database: Database):
    await store(database, event())
    async with database.reading() as work:
        assert await work.labels.count_all(most=9) == 1
        await store(database, event())
        assert await work.labels.count_all(most=9) == 1
    async with database.reading() as work:
        assert await work.labels.count_all(most=9) == 2


async def test_a_reader_cannot_write(database: Database):
    async with database.reading() as work:
        with pytest.raises(Exception, match=r"read-?only"):
            await write(work)

    async with database.writing() as work:
        await write(work)


async def test_an_operating_system_error_of_the_caller_stays_what_it_is(database: Database):
    with pytest.raises(FileNotFoundError):
        async with database.reading():
            raise FileNotFoundError


async def test_many_tasks_on_one_listener_lose_nothing(database: Database):
    await asyncio.gather(*(append_next(database) for _ in range(60)))

    async with database.reading() as work:
        keys = [one.event_key for one in await work.labels.history(ANNA)]
    assert keys == [f"number:{number}" for number in range(60)]


async def test_two_programs_on_one_listener_lose_nothing(
    database: Database, other_program: Database
):
    programs = (database, other_program)
    await asyncio.gather(*(append_next(program) for program in programs for _ in range(20)))

    async with database.reading() as work:
        keys = [one.event_key for one in await work.labels.history(ANNA)]
    assert keys == [f"number:{number}" for number in range(40)]


async def test_readers_are_not_stopped_by_writers(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await asyncio.gather(*(read(database) for _ in range(30)))


async def read(database: Database) -> None:
    async with database.reading() as work:
        assert await work.labels.latest(ANNA, SONG) is None


async def test_writers_of_two_listeners_each_get_their_own_log(database: Database):
    await asyncio.gather(
        *(store(database, event(by=person)) for person in (ANNA, BEN) for _ in range(10))
    )

    async with database.reading() as work:
        assert len(await work.labels.history(ANNA)) == 10
        assert len(await work.labels.history(BEN)) == 10


async def test_cancelled_tasks_leave_the_database_usable_and_no_half_event(database: Database):
    acknowledged = 0
    for milliseconds in range(25):
        tasks = [asyncio.create_task(append_next(database)) for _ in range(5)]
        await asyncio.sleep(milliseconds / 1000)
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [one for one in outcomes if isinstance(one, Exception)]
        acknowledged += sum(outcome is None for outcome in outcomes)

    await append_next(database)
    async with database.reading() as work:
        keys = [one.event_key for one in await work.labels.history(ANNA)]
    assert len(keys) > acknowledged
    assert keys == [f"number:{number}" for number in range(len(keys))]


async def test_a_listener_can_be_deleted_while_others_write_for_them(database: Database):
    async def delete() -> None:
        async with database.writing() as work:
            await work.listeners.delete(ANNA)

    for _ in range(5):
        writers = (store(database, event()) for _ in range(8))
        await asyncio.gather(*writers, delete())

    async with database.reading() as work:
        is_known = await work.listeners.created_at(ANNA) is not None
        assert is_known == bool(await work.labels.history(ANNA))
