"""The real clients against stand-ins that are served on 127.0.0.1."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from musicrec.sources import Clients, GenreVocabulary, HttpTransport, SongLookup, Surroundings
from musicrec.sources.settings import SourceSettings
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import CONTACT, PromptTransport, StandIns, serving
from tests.stand_ins.world import World

GENRES = GenreVocabulary(("rock", "r-n-b", "hip-hop", "folk", "afrobeat", "pop"))


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def stand_ins(clock: SkippingClock) -> StandIns:
    return StandIns.of(World(), clock)


@pytest.fixture
def store() -> MemoryAnswers:
    return MemoryAnswers()


@pytest.fixture
async def settings(stand_ins: StandIns) -> AsyncIterator[SourceSettings]:
    async with serving(stand_ins) as settings:
        yield settings


@pytest.fixture
async def surroundings(clock: SkippingClock, store: MemoryAnswers) -> AsyncIterator[Surroundings]:
    async with aiohttp.ClientSession() as session:
        transport = PromptTransport(HttpTransport(session, CONTACT), clock)
        yield Surroundings(transport, clock, store, chance=lambda: 0.5)


@pytest.fixture
async def clients(settings: SourceSettings, surroundings: Surroundings) -> AsyncIterator[Clients]:
    clients = Clients.of(settings, surroundings)
    yield clients
    await clients.close()


@pytest.fixture
def lookup(clients: Clients, settings: SourceSettings) -> SongLookup:
    return SongLookup(clients, settings.orders)
