"""The real clients against stand-ins that are served on 127.0.0.1."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.stand_in.accounts import CLIENT_ID, CLIENT_SECRET
from bot.stand_in.service import PREFIX, Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.sources import Clients, GenreVocabulary, HttpTransport, SongLookup, Surroundings
from musicrec.sources.settings import SourceSettings, SpotifySettings
from musicrec.sources.spotify import SpotifyClient
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.spotify.openapi import check_exchanges
from tests.stand_ins.spotify.world import library_of
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


@pytest.fixture
async def spotify(clock: SkippingClock) -> AsyncIterator[Spotify]:
    stand_in = Spotify(library_of(World()), clock)
    async with serving_spotify(stand_in):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
def spotify_settings(spotify: Spotify) -> SpotifySettings:
    real = SpotifySettings(CLIENT_ID, CLIENT_SECRET)
    moved = replace(real.api, base_url=spotify.address + PREFIX)
    return replace(real, api=moved, accounts_url=spotify.address)


@pytest.fixture
async def client(
    spotify_settings: SpotifySettings, surroundings: Surroundings
) -> AsyncIterator[SpotifyClient]:
    client = SpotifyClient(spotify_settings, surroundings)
    yield client
    client.close()
