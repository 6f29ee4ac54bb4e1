"""Limits, retries, closures, kept answers: the same for every service."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import aiohttp
import pytest

from musicrec.domain.errors import SourceClosedError, SourceUnavailableError
from musicrec.sources import Clients, HttpTransport, Surroundings
from musicrec.sources.deezer import DeezerClient
from musicrec.sources.musicbrainz import MusicBrainzClient
from musicrec.sources.settings import SourceSettings
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.service import Asked, StandIn
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import StandIns
from tests.stand_ins.world import SONGS, uuid

SONG, OTHER = SONGS[0], SONGS[1]


def gaps_s(service: StandIn) -> list[float]:
    return [(later - earlier).total_seconds() for earlier, later in pairwise(service.times)]


async def test_musicbrainz_is_asked_once_a_second_by_all_together(
    clients: Clients, stand_ins: StandIns
):
    found = await asyncio.gather(*(clients.musicbrainz.of_isrc(song.isrc) for song in SONGS))

    assert len([each for each in found if each]) == 10  # 6 and 7 are known elsewhere only
    assert len(stand_ins.musicbrainz.log) == len(SONGS)
    assert min(gaps_s(stand_ins.musicbrainz)) >= 1


async def test_deezer_bears_what_it_is_asked(clients: Clients, stand_ins: StandIns):
    await asyncio.gather(*(clients.deezer.track(str(number)) for number in range(120)))

    assert len(stand_ins.deezer.log) == 120  # none was refused and tried again


async def test_itunes_bears_what_it_is_asked(clients: Clients, stand_ins: StandIns):
    await asyncio.gather(*(clients.itunes.track(str(number)) for number in range(50)))

    assert len(stand_ins.itunes.log) == 50


async def test_listenbrainz_is_left_alone_when_its_headers_say_so(
    settings: SourceSettings, surroundings: Surroundings, stand_ins: StandIns
):
    hasty = replace(settings, listenbrainz=replace(settings.listenbrainz, interval_s=0.2))
    hasty_clients = Clients.of(hasty, surroundings)
    await asyncio.gather(
        *(hasty_clients.listenbrainz.recording(uuid(1, number)) for number in range(65))
    )

    assert len(stand_ins.listenbrainz.log) == 65
    times = stand_ins.listenbrainz.times
    assert times[30] - times[29] >= timedelta(seconds=10)


async def test_listenbrainz_says_in_its_headers_how_long_it_refuses(
    clients: Clients, stand_ins: StandIns, store: MemoryAnswers
):
    for number in range(31):
        stand_ins.listenbrainz.handle(Asked(f"/{number}"))
    with pytest.raises(SourceClosedError):
        await clients.listenbrainz.recording(SONG.mbid)
    assert [each.closed_until for each in store.closed.values()] == [START + timedelta(seconds=10)]


async def test_a_caller_without_contact_is_refused_and_not_a_nuisance(
    settings: SourceSettings, clock: SkippingClock, store: MemoryAnswers, stand_ins: StandIns
):
    async with aiohttp.ClientSession() as session:
        nameless = Surroundings(HttpTransport(session, "python"), clock, store)
        client = MusicBrainzClient(settings.musicbrainz, nameless)
        with pytest.raises(SourceUnavailableError, match=r"it refuses us \(HTTP 403\)"):
            await client.of_isrc(SONG.isrc)
    assert len(stand_ins.musicbrainz.log) == 1


async def test_those_who_ask_for_the_same_at_once_make_one_call(
    clients: Clients, stand_ins: StandIns
):
    found = await asyncio.gather(*(clients.deezer.of_isrc(SONG.isrc) for _ in range(20)))

    assert {each.title for each in found if each} == {SONG.title}
    assert len(stand_ins.deezer.log) == 1


async def test_a_call_goes_on_for_the_others_when_its_first_caller_leaves(
    clients: Clients, stand_ins: StandIns
):
    stand_ins.deezer.switches.slow_s = 0.05
    first = asyncio.create_task(clients.deezer.of_isrc(SONG.isrc))
    second = asyncio.create_task(clients.deezer.of_isrc(SONG.isrc))
    while not stand_ins.deezer.log:
        await asyncio.sleep(0.01)
        if not first.done():
            first.cancel()
    found = await second

    assert first.cancelled()
    assert found is not None
    assert len(stand_ins.deezer.log) == 1


async def test_a_failure_reaches_all_who_wait_and_the_next_call_starts_anew(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock
):
    stand_ins.deezer.switches.status = 500
    asks = (clients.deezer.of_isrc(SONG.isrc) for _ in range(3))
    failed = await asyncio.gather(*asks, return_exceptions=True)
    assert [type(each) for each in failed] == [SourceUnavailableError] * 3
    assert len(stand_ins.deezer.log) == 3  # one call, tried three times

    stand_ins.deezer.switches.status = None
    clock.pass_(31)
    assert await clients.deezer.of_isrc(SONG.isrc)


async def test_what_was_answered_is_never_asked_again(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock
):
    first = await clients.deezer.of_isrc(SONG.isrc)
    clock.pass_(10 * 365 * 86_400)
    again = await clients.deezer.of_isrc(SONG.isrc)

    assert again == first
    assert again is not None
    assert again.learned_at == START
    assert len(stand_ins.deezer.log) == 1


async def test_what_was_unknown_is_asked_again_after_a_week(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock, store: MemoryAnswers
):
    assert await clients.musicbrainz.of_isrc("QZZZZ0000000") is None
    assert store.kept["MusicBrainz", "isrc/QZZZZ0000000"].answer is None
    clock.pass_(6.9 * 86_400)
    assert await clients.musicbrainz.of_isrc("QZZZZ0000000") is None
    assert len(stand_ins.musicbrainz.log) == 1
    clock.pass_(0.2 * 86_400)
    assert await clients.musicbrainz.of_isrc("QZZZZ0000000") is None
    assert len(stand_ins.musicbrainz.log) == 2


async def test_a_failure_is_no_negative_answer(
    clients: Clients, stand_ins: StandIns, store: MemoryAnswers
):
    stand_ins.deezer.switches.text = "<html>Welcome to this hotel"
    with pytest.raises(SourceUnavailableError, match="cannot be understood"):
        await clients.deezer.of_isrc(SONG.isrc)
    assert not store.kept


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_passing_failure_is_tried_again_after_a_growing_wait(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock, status: int
):
    stand_ins.deezer.switches.status, stand_ins.deezer.switches.times = status, 2
    assert await clients.deezer.of_isrc(SONG.isrc)

    assert len(stand_ins.deezer.log) == 3
    assert clock.slept == [0.5, 1.0]


async def test_a_service_that_failed_at_every_try_is_left_alone_for_a_while(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock
):
    stand_ins.musicbrainz.switches.is_down = True
    with pytest.raises(SourceUnavailableError, match="it cannot be reached"):
        await clients.musicbrainz.of_isrc(SONG.isrc)
    stand_ins.musicbrainz.switches.is_down = False
    slept = len(clock.slept)
    with pytest.raises(SourceUnavailableError, match="it failed a moment ago"):
        await clients.musicbrainz.of_isrc(SONG.isrc)
    assert len(clock.slept) == slept
    clock.pass_(31)
    assert await clients.musicbrainz.of_isrc(SONG.isrc)


async def test_a_clock_that_was_set_back_does_not_stop_everything(
    clients: Clients, clock: SkippingClock
):
    assert await clients.musicbrainz.of_isrc(SONG.isrc)
    clock.pass_(-5 * 3600)
    assert await clients.musicbrainz.of_isrc(OTHER.isrc)
    assert sum(clock.slept) < 5


async def test_a_service_that_takes_too_long_is_unavailable(
    settings: SourceSettings, surroundings: Surroundings, stand_ins: StandIns
):
    stand_ins.deezer.switches.slow_s = 5.0
    client = DeezerClient(replace(settings.deezer, timeout_s=0.1, tries=1), surroundings)
    with pytest.raises(SourceUnavailableError, match=r"no answer came within 0\.1 s"):
        await client.of_isrc(SONG.isrc)


async def test_a_short_retry_after_is_waited_for(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock, store: MemoryAnswers
):
    switches = stand_ins.reccobeats.switches
    switches.status, switches.retry_after, switches.times = 429, "3", 1
    assert await clients.reccobeats.features(SONG.isrc)

    assert clock.slept == [3.0]
    assert not store.closed


async def test_a_long_retry_after_closes_the_source_until_then(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock, store: MemoryAnswers
):
    switches = stand_ins.reccobeats.switches
    switches.status, switches.retry_after, switches.times = 429, "86236", 1
    until = START + timedelta(seconds=86_236)
    for song in (SONG, OTHER):
        with pytest.raises(SourceClosedError) as closed:
            await clients.reccobeats.features(song.isrc)
        assert closed.value.until == until
    assert clock.slept == []
    assert len(stand_ins.reccobeats.log) == 1
    assert [each.closed_until for each in store.closed.values()] == [until]

    clock.pass_(86_237)
    assert await clients.reccobeats.features(SONG.isrc)


async def test_a_closure_outlives_the_process(
    settings: SourceSettings, surroundings: Surroundings, clients: Clients, stand_ins: StandIns
):
    stand_ins.deezer.switches.status = 429
    with pytest.raises(SourceClosedError):
        await clients.deezer.of_isrc(SONG.isrc)
    stand_ins.deezer.switches.status = None
    restarted = Clients.of(settings, surroundings)
    with pytest.raises(SourceClosedError):
        await restarted.deezer.of_isrc(SONG.isrc)
    assert len(stand_ins.deezer.log) == 1


async def test_a_long_queue_dissolves_at_once_when_the_service_closes(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock
):
    switches = stand_ins.musicbrainz.switches
    switches.status, switches.retry_after = 503, "3600"
    asks = (clients.musicbrainz.of_isrc(song.isrc) for song in SONGS)
    answers = await asyncio.gather(*asks, return_exceptions=True)

    assert {type(each) for each in answers} == {SourceClosedError}
    assert len(stand_ins.musicbrainz.log) <= 2
    assert sum(clock.slept) < 5


async def test_deezers_quota_in_a_good_reply_is_waited_for(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock
):
    quota = '{"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}'
    stand_ins.deezer.switches.text, stand_ins.deezer.switches.times = quota, 1
    assert await clients.deezer.of_isrc(SONG.isrc)
    assert sum(clock.slept) == pytest.approx(5)


async def test_deezers_quota_closes_it_when_waiting_was_in_vain(
    clients: Clients, stand_ins: StandIns
):
    quota = '{"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}'
    stand_ins.deezer.switches.text = quota
    with pytest.raises(SourceClosedError):
        await clients.deezer.of_isrc(SONG.isrc)
    assert len(stand_ins.deezer.log) == 3


async def test_a_budget_closes_the_source_until_midnight(
    settings: SourceSettings, surroundings: Surroundings, stand_ins: StandIns, clock: SkippingClock
):
    client = DeezerClient(replace(settings.deezer, per_day=3), surroundings)
    for song in SONGS[:3]:
        await client.of_isrc(song.isrc)
    await client.of_isrc(SONGS[0].isrc)  # kept answers cost nothing
    with pytest.raises(SourceClosedError, match="its calls of today are used up") as closed:
        await client.of_isrc(SONGS[4].isrc)
    assert closed.value.until == datetime(2026, 11, 24, tzinfo=UTC)
    assert len(stand_ins.deezer.log) == 3
    clock.pass_(12 * 3600)
    assert await client.of_isrc(SONGS[4].isrc)


async def test_ids_that_are_asked_for_at_once_go_in_calls_of_forty(
    clients: Clients, stand_ins: StandIns
):
    ids = [*(song.isrc for song in SONGS), *(f"QZZZZ{number:07d}" for number in range(88))]
    found = await asyncio.gather(*(clients.reccobeats.features(one) for one in ids))

    assert [bool(each) for each in found[: len(SONGS)]] == [bool(song.features) for song in SONGS]
    assert not any(found[len(SONGS) :])
    asked = [each.query["ids"].split(",") for _, each in stand_ins.reccobeats.log]
    assert [len(each) for each in asked] == [40, 40, 20]


async def test_a_failed_call_for_several_fails_for_each_of_them(
    clients: Clients, stand_ins: StandIns
):
    stand_ins.reccobeats.switches.status = 429
    asks = (clients.reccobeats.features(song.isrc) for song in SONGS)
    answers = await asyncio.gather(*asks, return_exceptions=True)

    assert {type(each) for each in answers} == {SourceClosedError}
    assert len(stand_ins.reccobeats.log) == 1


async def test_calls_under_way_are_broken_off_at_the_end(clients: Clients, stand_ins: StandIns):
    stand_ins.reccobeats.switches.slow_s = 30.0
    asks = [asyncio.create_task(clients.reccobeats.features(song.isrc)) for song in SONGS]
    await asyncio.sleep(0.05)
    await clients.close()
    answers = await asyncio.gather(*asks, return_exceptions=True)
    assert {type(each) for each in answers} == {asyncio.CancelledError}
    stand_ins.reccobeats.switches.slow_s = 0.0


@pytest.mark.parametrize("text", ["", "NaN", '{"id": Infinity}', "[" * 100_000, "\x00", "{"])
async def test_what_is_no_json_is_a_failure(clients: Clients, stand_ins: StandIns, text: str):
    stand_ins.deezer.switches.text = text
    with pytest.raises(SourceUnavailableError, match="cannot be understood"):
        await clients.deezer.of_isrc(SONG.isrc)


async def test_redirects_are_not_followed(
    clients: Clients, settings: SourceSettings, stand_ins: StandIns
):
    stand_ins.deezer.switches.status = 302
    stand_ins.deezer.switches.location = settings.itunes.base_url
    with pytest.raises(SourceUnavailableError, match=r"it refuses us \(HTTP 302\)"):
        await clients.deezer.of_isrc(SONG.isrc)
    assert len(stand_ins.deezer.log) == 1
    assert stand_ins.itunes.log == []


async def test_an_answer_that_is_far_too_long_is_not_read_to_its_end(
    clients: Clients, stand_ins: StandIns
):
    stand_ins.deezer.switches.text = '"' + "x" * 3_000_000 + '"'
    with pytest.raises(SourceUnavailableError, match="far too long"):
        await clients.deezer.of_isrc(SONG.isrc)


async def test_each_service_says_how_it_did_when_it_was_asked_last(
    clients: Clients, stand_ins: StandIns
):
    assert {state.heard_at for state in clients.states} == {None}
    await clients.deezer.track("1")
    stand_ins.itunes.switches.is_down = True
    with pytest.raises(SourceUnavailableError):
        await clients.itunes.track("1")
    states = {state.source: state for state in clients.states}
    assert states["Deezer"].heard_at is not None
    assert states["Deezer"].problem == ""
    assert states["iTunes"].problem
    assert states["MusicBrainz"].heard_at is None
