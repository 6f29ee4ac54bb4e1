"""Claims to shards, on both databases; how processes see each other, on PostgreSQL."""

from collections.abc import AsyncIterator, Callable, Iterable

import asyncpg
import pytest

from musicrec.domain.errors import StorageError
from musicrec.storage import ANY_COUNT, Database, Obstacle, ShardLocks
from tests.postgres import PostgresServer

Claim = Callable[..., ShardLocks]


@pytest.fixture
async def claim(postgres_server: PostgresServer) -> AsyncIterator[Claim]:
    """Claims of several processes of one database of PostgreSQL."""
    database = Database.open(await postgres_server.new_database())
    made: list[ShardLocks] = []

    def make(ids: Iterable[int], count: int = 4) -> ShardLocks:
        made.append(database.shard_locks(ids, count))
        return made[-1]

    yield make
    for locks in made:
        await locks.close()
    await database.close()


async def test_one_process_at_a_time_has_everything(url: str):
    database = Database.open(url)
    first, second = database.shard_locks((0,), ANY_COUNT), database.shard_locks((0,), ANY_COUNT)
    assert await first.take() is None
    assert await first.take() is None
    assert await second.take() == Obstacle(taken=frozenset({0}))
    await first.close()
    assert await second.take() is None
    await second.close()


async def test_two_processes_have_different_shards_and_never_one_both(claim: Claim):
    first, second, overlapping = claim([0, 1]), claim([2, 3]), claim([1, 2])
    assert await first.take() is None
    assert await second.take() is None
    assert await overlapping.take() == Obstacle(taken=frozenset({1, 2}))
    await first.close()
    assert await overlapping.take() == Obstacle(taken=frozenset({2}))
    again = claim([0, 1])
    assert await again.take() is None  # nothing of a claim that failed is kept


async def test_servers_are_divided_by_one_number_at_a_time(claim: Claim):
    first, other, whole = claim([0]), claim([3], 8), claim([0], ANY_COUNT)
    assert await first.take() is None
    assert await other.take() == Obstacle(counts=frozenset({4}))
    assert await whole.take() == Obstacle(counts=frozenset({4}))
    assert await claim([1]).take() is None  # those that failed hinder nobody


async def test_shards_are_handed_over_in_the_sight_of_both(claim: Claim):
    old, new = claim([0, 1]), claim([0, 1])
    await old.take()
    await old.hear()
    assert not await old.is_waited_for()
    assert await new.take() == Obstacle(taken=frozenset({0, 1}))
    await new.wait()
    assert await old.is_waited_for()
    await old.let_go()
    assert await new.take() is None
    assert not await old.is_waited_for()
    assert await new.others_hear() == {0, 1}
    assert await old.others_hear() == frozenset()
    await new.hear()
    assert await old.others_hear() == {0, 1}
    await old.close()
    assert await new.others_hear() == frozenset()


async def test_a_claim_ends_with_its_connection_and_can_be_made_again(
    postgres_server: PostgresServer,
):
    url = await postgres_server.new_database()
    database = Database.open(url)
    first, second = database.shard_locks([0], 1), database.shard_locks([0], 1)
    await first.take()
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    await connection.close()
    with pytest.raises(StorageError):
        await first.take()
    assert await second.take() is None
    assert await first.take() == Obstacle(taken=frozenset({0}))
    await second.close()
    assert await first.take() is None
    await first.close()
