"""The clients with the database that they will have."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from musicrec.domain.errors import SourceClosedError
from musicrec.services.source_answers import StoredAnswers
from musicrec.sources import (
    AskedSong,
    Clients,
    GenreVocabulary,
    HttpTransport,
    SongLookup,
    Surroundings,
)
from musicrec.storage import Database, upgrade
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.town import CONTACT, PromptTransport, StandIns, serving
from tests.stand_ins.world import SONGS, World

GENRES = GenreVocabulary(("rock",))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.sqlite'}"
    await upgrade(url)
    opened = Database.open(url)
    yield opened
    await opened.close()


async def test_answers_and_closures_outlive_the_process(database: Database):
    clock = SkippingClock()
    stand_ins = StandIns.of(World(), clock)
    async with serving(stand_ins) as settings, aiohttp.ClientSession() as session:
        transport = PromptTransport(HttpTransport(session, CONTACT), clock)

        def restarted() -> Clients:
            return Clients.of(settings, Surroundings(transport, clock, StoredAnswers(database)))

        clients = restarted()
        asked = [AskedSong(isrc=song.isrc) for song in SONGS]
        lookup = SongLookup(clients, settings.orders)
        first = await asyncio.gather(*(lookup.find(each, GENRES) for each in asked))
        stand_ins.deezer.switches.status = 429
        with pytest.raises(SourceClosedError):
            await clients.deezer.track("1")
        n_requests = stand_ins.n_requests

        again = SongLookup(restarted(), settings.orders)
        assert await asyncio.gather(*(again.find(each, GENRES) for each in asked)) == first
        with pytest.raises(SourceClosedError):
            await restarted().deezer.track("2")
        assert stand_ins.n_requests == n_requests
        async with database.reading() as uow:
            closed = await uow.sources.closures(clock.now())
        assert [each.source for each in closed] == ["Deezer"]
