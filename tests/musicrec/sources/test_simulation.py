"""Thousands of songs and hours of waiting, in simulated time: nothing here really waits."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest

from musicrec.domain.errors import SourceClosedError
from musicrec.sources import AskedSong, Clients, SongLookup, Surroundings
from musicrec.sources.settings import SourceSettings
from tests.musicrec.sources.conftest import GENRES
from tests.stand_ins.clocks import START, LoopClock, simulate
from tests.stand_ins.service import StandIn
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import DirectTransport, StandIns
from tests.stand_ins.world import AUDIO, GHANA, SWEDEN, TOWN, VILLAGE, Artist, Song, World

N_LINKS = 5_000
N_ARTISTS = 700
REPLY_S = 0.2
"""How long each answer takes on its way."""

AREAS = (SWEDEN, TOWN, VILLAGE, GHANA)


@dataclass
class Simulation:
    """Everything that a look-up needs, on a simulated clock."""

    stand_ins: StandIns
    store: MemoryAnswers
    settings: SourceSettings
    clients: Clients
    lookup: SongLookup


def simulation(world: World) -> Simulation:
    clock, store = LoopClock(), MemoryAnswers()
    stand_ins = StandIns.of(world, clock)
    transport = DirectTransport(stand_ins, REPLY_S)
    settings = stand_ins.settings(transport.address)
    clients = Clients.of(settings, Surroundings(transport, clock, store))
    return Simulation(stand_ins, store, settings, clients, SongLookup(clients, settings.orders))


def large_world() -> World:
    artists = [
        Artist(number, f"Artist {number}", area=AREAS[number % len(AREAS)], tags=(("rock", 1),))
        for number in range(N_ARTISTS)
    ]
    return World(
        [
            Song(
                number,
                f"Song {number}",
                artists[number % N_ARTISTS],
                listeners=number,
                rank=number,
                features=AUDIO if number % 2 else None,
            )
            for number in range(1, N_LINKS + 1)
        ]
    )


def slowest_allowed_s(run: Simulation) -> float:
    """Seconds that the service with the most waiting to do allows for the calls that it had."""
    services = run.stand_ins.services
    return max(
        (len(service.log) - 1) * getattr(run.settings, name).interval_s
        for name, service in services.items()
    )


def most_within(service: StandIn, seconds: float) -> int:
    """The most requests in any window of a length."""
    times, most, first = service.times, 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= timedelta(seconds=seconds):
            first += 1
        most = max(most, last - first + 1)
    return most


async def find_everything(run: Simulation, asked: list[AskedSong]) -> tuple[int, float]:
    """Return how many songs were found, and the seconds that it took."""
    n_found = 0
    async for _, found in run.lookup.find_all(asked, GENRES):
        n_found += found.song is not None
        assert {report.state.value for report in found.reports} <= {"ok", "unknown"}
    return n_found, asyncio.get_running_loop().time()


@pytest.mark.parametrize("kind", ["spotify_id", "deezer_id"])
def test_5000_links_with_a_cold_cache_obey_every_limit_and_take_what_the_slowest_allows(kind: str):
    world = large_world()
    asked = [AskedSong(**{kind: str(getattr(song, kind))}) for song in world.songs]

    async def program() -> tuple[Simulation, int, float]:
        run = simulation(world)
        return run, *await find_everything(run, asked)

    run, n_found, took_s = simulate(program())

    assert n_found == N_LINKS
    assert not run.store.closed
    musicbrainz = run.stand_ins.musicbrainz
    # One call a song and one an artist; an area is asked for once.
    assert N_LINKS + N_ARTISTS <= len(musicbrainz.log) <= N_LINKS + N_ARTISTS + 4
    assert most_within(musicbrainz, 1.0) == 1
    assert most_within(run.stand_ins.deezer, 5.0) <= 50
    assert most_within(run.stand_ins.listenbrainz, 10.0) <= 30
    assert most_within(run.stand_ins.reccobeats, 1.0) <= 10
    allowed_s = slowest_allowed_s(run)
    assert allowed_s == (len(musicbrainz.log) - 1) * run.settings.musicbrainz.interval_s
    # The last song's answers are still on their way when the last turn was had.
    assert allowed_s <= took_s <= allowed_s + 30 * REPLY_S


def test_links_that_are_known_take_no_time_and_no_call():
    world = large_world()
    asked = [AskedSong(isrc=song.isrc) for song in world.songs[:1_000]]

    async def program() -> tuple[int, float]:
        run = simulation(world)
        await find_everything(run, asked)
        n_before, at = run.stand_ins.n_requests, asyncio.get_running_loop().time()
        n_found, until = await find_everything(run, asked)
        assert n_found == len(asked)
        return run.stand_ins.n_requests - n_before, until - at

    assert simulate(program()) == (0, 0)


def test_somebody_who_asks_meanwhile_does_not_wait_for_the_whole_list():
    world = large_world()
    asked = [AskedSong(isrc=song.isrc) for song in world.songs[:700]]

    async def program() -> float:
        run = simulation(world)
        everything = asyncio.create_task(find_everything(run, asked))
        await asyncio.sleep(600)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await run.lookup.find(AskedSong(isrc=world.songs[-1].isrc), GENRES)
        took_s = loop.time() - began
        await everything
        return took_s

    assert simulate(program()) < 60


def test_a_queue_dissolves_at_once_when_its_service_closes():
    async def program() -> tuple[int, float]:
        run = simulation(large_world())
        switches = run.stand_ins.musicbrainz.switches
        switches.status, switches.retry_after = 503, "3600"
        ask = run.clients.musicbrainz.of_isrc
        asks = (ask(song.isrc) for song in run.stand_ins.musicbrainz.world.songs)
        answers = await asyncio.gather(*asks, return_exceptions=True)
        assert {type(each) for each in answers} == {SourceClosedError}
        return len(run.stand_ins.musicbrainz.log), asyncio.get_running_loop().time()

    n_calls, took_s = simulate(program())
    assert n_calls <= 2
    assert took_s < 3


def test_a_service_that_is_slow_keeps_its_pace():
    async def program() -> StandIn:
        run = simulation(large_world())
        slow = Surroundings(DirectTransport(run.stand_ins, 7.0), LoopClock(), run.store)
        clients = Clients.of(run.settings, slow)
        songs = run.stand_ins.musicbrainz.world.songs[:50]
        await asyncio.gather(*(clients.musicbrainz.of_isrc(song.isrc) for song in songs))
        return run.stand_ins.musicbrainz

    gaps = [later - earlier for earlier, later in pairwise(simulate(program()).times)]
    assert min(gaps) >= timedelta(seconds=1.1)
    assert max(gaps) < timedelta(seconds=1.2)


def test_a_source_that_closed_is_asked_again_when_it_opens():
    async def program() -> None:
        run = simulation(large_world())
        switches = run.stand_ins.deezer.switches
        switches.status, switches.retry_after, switches.times = 429, "100", 1
        with pytest.raises(SourceClosedError) as closed:
            await run.clients.deezer.track("9000001")
        assert closed.value.until - START < timedelta(seconds=101)
        await asyncio.sleep(101)
        assert await run.clients.deezer.track("9000001")

    simulate(program())
