"""The database is locked, full, gone or restarted under a whole bot: one sentence, nothing lost."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from musicrec.domain.ids import TrackId
from musicrec.storage import sqlite_file, sqlite_url
from tests.chaos.bots import until
from tests.chaos.lives import Lives
from tests.chaos.town import Town, living_town
from tests.postgres import PostgresServer, running_server

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENTENCE = "I cannot reach my memory right now. Please try again in a few minutes."


@pytest_asyncio.fixture(loop_scope="session")
async def town(bot_lives: Lives, tmp_path: Path) -> AsyncGenerator[Town]:
    async with living_town(bot_lives, tmp_path, sqlite_url(tmp_path / "data")) as town:
        await town.is_asked_on(await town.likes(town.song()))
        yield town


async def refused(town: Town) -> TrackId:
    """Press in vain: the first answer comes in time, and is one sentence."""
    song = town.song()
    town.front.faults.deadline_s = 12.0  # instead of 3 s, on a slow machine; SQLite's own is 15 s
    number = await town.likes(song)
    await town.reads(number, SENTENCE)
    assert [kind_of(said) for said in town.taken(number)] == [4]
    town.front.faults.deadline_s = None
    return song


def kind_of(said: object) -> object:
    return said.get("type") if isinstance(said, dict) else None


async def goes_on(town: Town, *songs: TrackId) -> None:
    """See that nothing of the songs was stored, and that another press is as ever."""
    for song in songs:
        await town.is_asked_on(await town.likes(song))
        assert await town.stored(song) == ["like"]


@contextmanager
def locked(town: Town) -> Generator[None]:
    file = sqlite_file(town.bots.folder / "data")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_a_locked_database_is_told_before_discord_loses_patience(town: Town):
    with locked(town):
        songs = await asyncio.gather(*(refused(town) for _ in range(4)))
    await goes_on(town, *songs)


async def test_a_lock_of_a_moment_is_waited_for(town: Town):
    song = town.song()
    with locked(town):
        number = await town.likes(song)
        await asyncio.sleep(0.2)
        assert town.taken(number) == []
    await town.is_asked_on(number)
    assert await town.stored(song) == ["like"]


async def test_a_full_disk_is_told_and_used_again_when_there_is_room(town: Town):
    no_limit = resource.RLIM_INFINITY
    resource.prlimit(town.life.number, resource.RLIMIT_FSIZE, (0, no_limit))
    song = await refused(town)
    resource.prlimit(town.life.number, resource.RLIMIT_FSIZE, (no_limit, no_limit))
    await goes_on(town, song)


async def test_a_file_that_is_gone_is_told_and_taken_up_when_it_is_back(town: Town):
    file = sqlite_file(town.bots.folder / "data")
    aside = file.with_name("aside.db")
    file.rename(aside)
    song = await refused(town)
    assert not file.exists()
    aside.rename(file)
    await goes_on(town, song)


async def test_a_restart_of_postgresql_loses_nothing_that_was_acknowledged(
    bot_lives: Lives, tmp_path: Path
):
    with running_server() as server:
        await server.create_template()
        async with living_town(bot_lives, tmp_path, await server.new_database()) as town:
            await town.is_asked_on(await town.likes(town.song()))
            songs = {await town.likes(song): song for song in [town.song() for _ in range(40)]}
            await asyncio.to_thread(server.stop)
            await refused(town)
            await asyncio.to_thread(server.start)
            await until(lambda: all(town.taken(one) for one in songs), town.log)
            await survived(town, songs)


async def survived(town: Town, songs: dict[str, TrackId]) -> None:
    for number, song in songs.items():
        stored, taken = await town.stored(song), town.taken(number)
        # Only what is stored is deferred; whoever is answered at once reads how it went.
        is_refused = kind_of(taken[0]) != 5 and SENTENCE in str(taken)
        assert stored == ["like"] or is_refused
        assert len(stored) <= 1
    await goes_on(town, town.song())


async def test_postgresql_that_comes_back_is_used_by_the_same_process(
    bot_lives: Lives, tmp_path: Path, postgres_server: PostgresServer
):
    """Connections that the server ends, as a restart or a proxy does, are no failure at all."""
    url = await postgres_server.new_database()
    async with living_town(bot_lives, tmp_path, url) as town:
        await town.is_asked_on(await town.likes(town.song()))
        await asyncio.to_thread(end_connections, postgres_server, url)
        await goes_on(town, town.song(), town.song())


def end_connections(server: PostgresServer, url: str) -> None:
    ours = "datname = current_database() AND pid <> pg_backend_pid()"
    everyone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}"  # noqa: S608 - a constant
    server.run("psql", "-q", "-c", everyone, url)
