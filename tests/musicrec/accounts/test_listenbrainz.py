"""An account on ListenBrainz, on the stand-in over HTTP."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from musicrec.accounts.listenbrainz import LISTENBRAINZ_ACCOUNTS, ListenBrainzAccounts
from musicrec.accounts.listenbrainz_verdicts import Score, Verdict
from musicrec.domain.errors import AccountLostError, SourceClosedError, SourceUnavailableError
from musicrec.sources import HttpTransport, Surroundings
from musicrec.sources.api import Call
from musicrec.sources.transport import Request
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.listenbrainz import ListenBrainz
from tests.stand_ins.listenbrainz_accounts import Given
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import CONTACT, PromptTransport, StandIns, serving
from tests.stand_ins.world import SONGS, World, uuid

TOKEN = "0b9e9a10-6a4e-4a66-9c1d-3d8d5d2f7a11"  # noqa: S105 - nobody's
USER = "Orla Å. & co? #1"


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def stand_ins(clock: SkippingClock) -> StandIns:
    return StandIns.of(World(), clock)


@pytest.fixture
def service(stand_ins: StandIns) -> ListenBrainz:
    stand_ins.listenbrainz.accounts.join(USER, TOKEN)
    return stand_ins.listenbrainz


@pytest.fixture
async def accounts(
    stand_ins: StandIns, clock: SkippingClock
) -> AsyncIterator[ListenBrainzAccounts]:
    async with serving(stand_ins) as settings, aiohttp.ClientSession() as session:
        transport = PromptTransport(HttpTransport(session, CONTACT), clock)
        surroundings = Surroundings(transport, clock, MemoryAnswers(), chance=lambda: 0.5)
        moved = replace(LISTENBRAINZ_ACCOUNTS, base_url=settings.listenbrainz.base_url, most_ids=40)
        yield ListenBrainzAccounts(moved, surroundings)


def given(number: int, score: int) -> Given:
    return Given(uuid(1, number), score, int(START.timestamp()) - number)


async def test_a_token_says_whose_it_is(accounts: ListenBrainzAccounts, service: ListenBrainz):
    assert await accounts.user_of(TOKEN) == USER
    assert await accounts.user_of(TOKEN.replace("0", "1")) is None
    assert service.log[0][1].headers["Authorization"] == f"Token {TOKEN}"


@pytest.mark.parametrize(
    "token", ["", "short", "two words of a token", "a\r\nX-Header: b", "ü" * 9]
)
async def test_what_is_no_token_is_not_sent(
    accounts: ListenBrainzAccounts, service: ListenBrainz, token: str
):
    assert await accounts.user_of(token) is None
    with pytest.raises(AccountLostError):
        await accounts.give(token, SONGS[0].mbid, Score.LOVED)
    assert not service.log


async def test_all_verdicts_are_read_page_by_page(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    scores = [1 if number % 3 else -1 for number in range(1, 101)]
    service.accounts.given[USER] = [given(*each) for each in enumerate(scores, start=1)]
    verdicts = await accounts.verdicts(TOKEN, USER)
    assert [verdict.score for verdict in verdicts.found] == scores
    assert verdicts.found[0] == Verdict(
        SONGS[0].mbid,
        Score.LOVED,
        "Lamplighter",
        "The Paper Lanterns",
    )
    assert verdicts.found[0].track_id == f"mbid:{SONGS[0].mbid}"
    assert verdicts.found[50].title == ""
    assert [asked.query["offset"] for _, asked in service.log] == ["0", "40", "80"]


async def test_what_has_no_recording_is_counted_only(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    now = int(START.timestamp())
    mapped = Given(None, 1, now, mapped=SONGS[1].mbid)
    service.accounts.given[USER] = [Given(None, 1, now - 1), mapped, given(3, -1)]
    verdicts = await accounts.verdicts(TOKEN, USER)
    assert [verdict.mbid for verdict in verdicts.found] == [SONGS[1].mbid, SONGS[2].mbid]
    assert verdicts.n_unknown == 1


async def test_nonsense_is_left_out(accounts: ListenBrainzAccounts, service: ListenBrainz):
    good = given(1, 1)
    strange = [given(2, 7), Given("no id", 1, 0), Given(uuid(1, 4), 1, 10**30)]
    service.accounts.given[USER] = [good, *strange]
    verdicts = await accounts.verdicts(TOKEN, USER)
    assert [verdict.mbid for verdict in verdicts.found] == [good.mbid, uuid(1, 4)]


async def test_somebody_unknown_said_nothing_that_could_be_read(accounts: ListenBrainzAccounts):
    with pytest.raises(SourceUnavailableError, match="does not know this listener"):
        await accounts.verdicts(TOKEN, "Nobody")


async def test_a_verdict_is_given_changed_and_taken_back(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    mbid = SONGS[0].mbid
    for score in (Score.LOVED, Score.HATED, Score.HATED):
        await accounts.give(TOKEN, mbid, score)
        assert [(each.mbid, each.score) for each in service.accounts.given[USER]] == [(mbid, score)]
    await accounts.give(TOKEN, mbid, Score.NOTHING)
    assert service.accounts.given[USER] == []


async def test_a_list_is_published_in_one_call(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    mbids = [uuid(1, number) for number in range(1, 151)]
    made = await accounts.publish(TOKEN, " This\nweek ", "For Orla", mbids)
    found = service.accounts.playlists[made.id]
    assert (found.owner, found.title, found.annotation) == (USER, "This week", "For Orla")
    assert (found.is_public, found.mbids) == (False, mbids)
    assert (made.title, made.n_items) == ("This week", 150)
    assert made.url == f"https://listenbrainz.org/playlist/{made.id}"
    await accounts.publish(TOKEN, "", "", [], is_public=True)
    assert [(each.title, each.is_public) for each in service.accounts.playlists.values()] == [
        ("This week", False),
        ("Untitled", True),
    ]


async def test_a_revoked_token_is_told_apart_from_a_service_that_fails(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    service.accounts.users.clear()
    with pytest.raises(AccountLostError):
        await accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED)
    with pytest.raises(AccountLostError):
        await accounts.publish(TOKEN, "A list", "", [])
    service.switches.status = 403
    with pytest.raises(SourceUnavailableError):
        await accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED)


async def test_a_verdict_is_given_again_after_a_failure_and_a_list_is_not_made_again(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    service.switches.status, service.switches.times = 502, 1
    await accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED)
    assert len(service.log) == 2
    service.switches.times = 1
    with pytest.raises(SourceUnavailableError):
        await accounts.publish(TOKEN, "A list", "", [])
    assert len(service.log) == 3


@pytest.mark.parametrize("path", ["give", "publish", "verdicts", "user_of"])
async def test_an_answer_that_says_nothing_is_a_failure(
    accounts: ListenBrainzAccounts, service: ListenBrainz, path: str
):
    service.switches.text = "{}"
    calls = {
        "user_of": lambda: accounts.user_of(TOKEN),
        "give": lambda: accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED),
        "publish": lambda: accounts.publish(TOKEN, "A list", "", []),
        "verdicts": lambda: accounts.verdicts(TOKEN, USER),
    }
    with pytest.raises(SourceUnavailableError):
        await calls[path]()


async def test_the_limits_in_the_headers_are_obeyed(
    accounts: ListenBrainzAccounts, service: ListenBrainz, clock: SkippingClock
):
    accounts.api.settings = replace(accounts.api.settings, interval_s=0.0)
    for _ in range(70):
        await accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED)
    assert len(service.log) == 70
    assert clock.now() - START >= timedelta(seconds=20)


async def test_a_long_throttle_closes_accounts_and_nothing_else(
    accounts: ListenBrainzAccounts, service: ListenBrainz
):
    service.switches.status, service.switches.retry_after = 429, "600"
    with pytest.raises(SourceClosedError):
        await accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED)
    with pytest.raises(SourceClosedError) as closed:
        await accounts.give(TOKEN, SONGS[0].mbid, Score.LOVED)
    assert closed.value.until == START + timedelta(seconds=600)
    assert len(service.log) == 1


async def test_a_token_is_never_shown_or_logged(
    accounts: ListenBrainzAccounts, service: ListenBrainz, caplog: pytest.LogCaptureFixture
):
    headers = {"Authorization": f"Token {TOKEN}"}
    shown = f"{Request('x', headers=headers)} {Call('x', headers=headers)}"
    with caplog.at_level(logging.DEBUG):
        await accounts.user_of(TOKEN)
        service.switches.status = 500
        with pytest.raises(SourceUnavailableError) as failed:
            await accounts.publish(TOKEN, "A list", "", [])
    told = f"{shown} {caplog.text} {failed.value!r} {failed.value.__cause__!r}"
    assert TOKEN not in told
