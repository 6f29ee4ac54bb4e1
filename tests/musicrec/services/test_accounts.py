"""Linked Spotify accounts, against the stand-in on 127.0.0.1 and a real database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.stand_in.exchange import Trouble
from bot.stand_in.people import Listener, Playlist
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.link_answer import LinkAnswer
from musicrec.accounts.opening import Accounts, open_accounts
from musicrec.accounts.settings import AccountSettings
from musicrec.accounts.spotify_login import SCOPES
from musicrec.accounts.spotify_session import ME, PLAYLISTS, SpotifyForbiddenError
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    LinkFailedError,
    LinkingOffError,
    NotInvitedError,
    NotLinkedError,
    SealedError,
    SourceClosedError,
    SourceUnavailableError,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.quiet import QuietHours
from musicrec.services.accounts import AccountService
from musicrec.services.quiet import QuietService
from musicrec.services.source_answers import StoredAnswers
from musicrec.storage import Database, upgrade
from tests.musicrec.services.linked import Office, office
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.spotify.browser import account_settings, allow
from tests.stand_ins.spotify.openapi import check_exchanges
from tests.stand_ins.spotify.world import library_of
from tests.stand_ins.world import World

ANNA, BEN = ListenerId(101), ListenerId(102)
KEY, NEW = new_key(), new_key()
HOUR = 3_600


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
async def spotify(clock: SkippingClock) -> AsyncIterator[Spotify]:
    stand_in = Spotify(library_of(World()), clock)
    stand_in.invite(Listener("orla", "Orla 🎧"))
    stand_in.invite(Listener("kwame", "Kwame"))
    async with serving_spotify(stand_in):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
async def url(tmp_path: Path) -> str:
    address = f"sqlite+aiosqlite:///{tmp_path / 'musicrec.db'}"
    await upgrade(address)
    return address


@pytest.fixture
async def here(url: str, spotify: Spotify, clock: SkippingClock) -> AsyncIterator[Office]:
    async with office(url, spotify, clock, KEY) as opened:
        yield opened


async def ask_me(place: Office, listener: ListenerId = ANNA) -> Any:
    return await place.service.session_of(listener).ask(ME, lambda spotify: spotify.me())


async def failure(work: Awaitable[object]) -> str:
    with pytest.raises(LinkFailedError) as failed:
        await work
    return str(failed.value)


async def test_a_listener_allows_and_the_bot_acts_for_them(here: Office):
    account = await here.link(ANNA)
    assert (account.account_id, account.name) == ("account-of-orla", "Orla 🎧")
    assert set(account.scopes) == set(SCOPES)
    assert await here.service.linked(ANNA) == [account]
    assert await here.service.linked(BEN) == []
    assert (await ask_me(here))["account_id"] == "account-of-orla"


async def test_the_page_is_one_that_a_button_can_lead_to(here: Office):
    url = await here.begin(ANNA)
    assert len(url) <= 512
    assert "code_challenge_method=S256" in url
    assert (await here.service.begin(ANNA, at=here.clock.now())).is_pasted


async def test_a_link_may_be_finished_by_another_process(
    here: Office, url: str, spotify: Spotify, clock: SkippingClock
):
    address = await allow(spotify, await here.begin(ANNA))
    async with office(url, spotify, clock, KEY) as there:
        assert (await there.paste(ANNA, address)).name == "Orla 🎧"
    assert await ask_me(here)


async def test_a_strangers_answer_is_refused_and_does_not_use_up_the_link(
    here: Office, spotify: Spotify
):
    address = await allow(spotify, await here.begin(ANNA))
    assert "somebody else began" in await failure(here.paste(BEN, address))
    assert await here.paste(ANNA, address)


async def test_an_answer_to_nothing_is_refused(here: Office, spotify: Spotify):
    address = await allow(spotify, await here.begin(ANNA))
    changed = address.replace("state=", "state=x")
    assert "no link that I began" in await failure(here.paste(ANNA, changed))
    assert here.token_calls() == 0


async def test_a_late_answer_is_refused(here: Office, spotify: Spotify, clock: SkippingClock):
    address = await allow(spotify, await here.begin(ANNA))
    clock.pass_(601)
    for _ in range(2):
        assert "longer than ten minutes" in await failure(here.paste(ANNA, address))
    clock.pass_(86_400)
    await here.begin(ANNA)
    assert "no link that I began" in await failure(here.paste(ANNA, address))


async def test_an_answer_serves_once_also_for_two_at_the_same_time(here: Office, spotify: Spotify):
    address = await allow(spotify, await here.begin(ANNA))
    outcomes = await asyncio.gather(
        *(here.paste(ANNA, address) for _ in range(3)), return_exceptions=True
    )
    failed = [each for each in outcomes if isinstance(each, LinkFailedError)]
    assert len(failed) == 2
    assert all("used already" in str(each) for each in failed)
    assert here.token_calls() == 1


async def test_who_declines_is_told_so_and_the_link_is_over(here: Office, spotify: Spotify):
    address = await allow(spotify, await here.begin(ANNA), visitor="")
    assert "You declined" in await failure(here.paste(ANNA, address))
    assert "used already" in await failure(here.paste(ANNA, address))
    assert await here.service.linked(ANNA) == []


async def test_another_problem_at_spotify_is_told_without_its_words(here: Office, spotify: Spotify):
    address = await allow(spotify, await here.begin(ANNA), visitor="")
    told = await failure(here.paste(ANNA, address.replace("access_denied", "<b>@everyone")))
    assert "reported a problem" in told
    assert "everyone" not in told


async def test_a_code_that_serves_no_more_is_told(here: Office, spotify: Spotify):
    address = await allow(spotify, await here.begin(ANNA))
    spotify.accounts.revoke("orla")
    assert "not accept that answer any more" in await failure(here.paste(ANNA, address))
    assert await here.service.linked(ANNA) == []


@pytest.mark.parametrize(
    "text",
    ["", "hello", "http://127.0.0.1/callback", "http://127.0.0.1/callback?code=1", "http://[", "?"],
)
async def test_what_is_no_such_address_is_refused(here: Office, text: str):
    assert "not the address I need" in await failure(here.paste(ANNA, text))


async def test_an_account_that_is_not_invited_is_told_and_not_kept(here: Office, spotify: Spotify):
    spotify.invite(Listener("mona", "Mona", is_invited=False))
    with pytest.raises(NotInvitedError):
        await here.link(ANNA, "mona")
    assert await here.service.linked(ANNA) == []


async def test_spotify_being_down_in_the_middle_leaves_nothing(here: Office, spotify: Spotify):
    for only in ("/api/token", "/v1/me"):
        spotify.troubles = [Trouble(only, status=503)]
        with pytest.raises(SourceUnavailableError):
            await here.link(ANNA)
    spotify.troubles.clear()
    assert await here.service.linked(ANNA) == []


async def test_unlinking_while_spotify_is_asked_wins(here: Office, spotify: Spotify):
    address = await allow(spotify, await here.begin(ANNA))
    spotify.troubles.append(Trouble("/v1/me", slow_s=0.3))
    finishing = asyncio.create_task(here.paste(ANNA, address))
    await asyncio.sleep(0.1)
    await here.service.unlink(ANNA, AccountKind.SPOTIFY)
    await failure(finishing)
    assert await here.service.linked(ANNA) == []


async def test_linking_another_account_takes_the_place_of_the_first(here: Office):
    await here.link(ANNA)
    here.clock.pass_(60)
    second = await here.link(ANNA, "kwame")
    assert await here.service.linked(ANNA) == [second]
    assert (await ask_me(here))["account_id"] == "account-of-kwame"


async def test_unlinking_forgets_the_tokens_at_once(here: Office):
    await here.link(ANNA)
    assert await here.service.unlink(ANNA, AccountKind.SPOTIFY)
    assert not await here.service.unlink(ANNA, AccountKind.SPOTIFY)
    with pytest.raises(NotLinkedError):
        await ask_me(here)


async def test_a_token_is_renewed_before_its_end(here: Office, clock: SkippingClock):
    await here.link(ANNA)
    clock.pass_(HOUR - 301)
    await ask_me(here)
    assert here.token_calls() == 1
    clock.pass_(2)
    await ask_me(here)
    assert here.token_calls() == 2


@pytest.mark.parametrize("rotates", [False, True])
async def test_many_who_need_a_new_token_make_one_call(
    here: Office, url: str, spotify: Spotify, clock: SkippingClock, rotates: bool
):
    spotify.accounts.rotates = rotates
    await here.link(ANNA)
    clock.pass_(HOUR)
    spotify.troubles.append(Trouble("/api/token", slow_s=0.3))
    async with office(url, spotify, clock, KEY) as there:
        told = await asyncio.gather(*(ask_me(place) for place in (here, there) for _ in range(3)))
    assert {each["account_id"] for each in told} == {"account-of-orla"}
    assert here.token_calls() == 2
    clock.pass_(HOUR)
    assert await ask_me(here)


async def test_a_renewal_outlives_the_command_that_began_it(
    here: Office, spotify: Spotify, clock: SkippingClock
):
    spotify.accounts.rotates = True
    await here.link(ANNA)
    clock.pass_(HOUR)
    spotify.troubles.append(Trouble("/api/token", slow_s=0.3, times=1))
    asking = asyncio.create_task(ask_me(here))
    await asyncio.sleep(0.1)
    asking.cancel()
    await here.service.close()
    assert await ask_me(here)
    assert here.token_calls() == 2


async def test_a_process_that_dies_while_it_renews_hinders_others_for_a_minute_at_most(
    here: Office, clock: SkippingClock
):
    account = await here.link(ANNA)
    clock.pass_(HOUR)
    async with here.database.writing() as uow:
        assert await uow.accounts.claim(account, clock.now(), clock.now() + timedelta(minutes=1))
    clock.pass_(60)
    assert await ask_me(here)


async def test_a_token_that_spotify_rejects_is_renewed_and_the_call_repeated(
    here: Office, spotify: Spotify
):
    await here.link(ANNA)
    spotify.accounts.expire_access()
    assert await ask_me(here)
    assert here.token_calls() == 2
    spotify.troubles.append(Trouble("/v1/me", status=401))
    with pytest.raises(SourceUnavailableError):
        await ask_me(here)
    assert await here.service.linked(ANNA)


@pytest.mark.parametrize("how", ["revoked", "six months"])
async def test_what_spotify_has_ended_is_unlinked_and_told_once(
    here: Office, spotify: Spotify, clock: SkippingClock, how: str
):
    await here.link(ANNA)
    if how == "revoked":
        spotify.accounts.revoke("orla")
    else:
        clock.pass_(184 * 86_400)
    with pytest.raises(AccountLostError):
        await ask_me(here)
    assert await here.service.linked(ANNA) == []
    with pytest.raises(NotLinkedError):
        await ask_me(here)


async def test_a_failing_accounts_service_unlinks_nobody(
    here: Office, spotify: Spotify, clock: SkippingClock
):
    await here.link(ANNA)
    clock.pass_(HOUR - 120)
    spotify.troubles.append(Trouble("/api/token", status=503))
    assert await ask_me(here)  # the old token serves for two more minutes
    clock.pass_(100)
    with pytest.raises(SourceUnavailableError):
        await ask_me(here)
    spotify.troubles.clear()
    clock.pass_(60)
    assert await ask_me(here)


async def test_answers_are_told_apart(here: Office, spotify: Spotify):
    await here.link(ANNA)
    spotify.add(Playlist("K" * 22, "kwame", "Kwame's"))
    mine = spotify.add(Playlist("M" * 22, "orla", "Mine"))
    session = here.service.session_of(ANNA)
    unknown = await session.ask(PLAYLISTS, lambda api: api.playlist("9" * 22))
    assert unknown is None
    with pytest.raises(SpotifyForbiddenError, match="403"):
        await session.ask(PLAYLISTS, lambda api: api.playlist_items("K" * 22, limit=50))
    assert await session.ask(PLAYLISTS, lambda api: api.playlist_items(mine.id, limit=50))


async def test_an_answer_without_a_body_is_an_empty_object(here: Office, spotify: Spotify):
    await here.link(ANNA)
    mine = spotify.add(Playlist("M" * 22, "orla", "Mine"))
    uri = f"spotify:playlist:{mine.id}"
    session = here.service.session_of(ANNA)
    kept = await session.ask(
        PLAYLISTS, lambda api: as_any(api)._put("me/library", uris=uri), changes=True
    )
    assert kept == {}


def as_any(thing: Any) -> Any:
    return thing


async def test_what_changes_something_is_not_repeated_after_a_failure(
    here: Office, spotify: Spotify
):
    await here.link(ANNA)
    spotify.troubles.append(Trouble("POST /v1/me/playlists", is_down=True, takes_effect=True))
    session = here.service.session_of(ANNA)
    with pytest.raises(SourceUnavailableError):
        await session.ask(PLAYLISTS, create, changes=True)
    assert spotify.asked("POST") == ["POST /me/playlists"]
    spotify.troubles = [Trouble("POST", status=429, retry_after="0", times=1)]
    assert await session.ask(PLAYLISTS, create, changes=True)


def create(api: Any) -> Any:
    return api.current_user_playlist_create("New")


async def test_a_used_up_quota_closes_one_kind_of_call_for_everybody(
    here: Office, spotify: Spotify, clock: SkippingClock
):
    await here.link(ANNA)
    await here.link(BEN, "kwame")
    spotify.limits.a_day["me"] = 0
    for listener in (ANNA, BEN):
        with pytest.raises(SourceClosedError):
            await ask_me(here, listener)
    assert len(spotify.asked("GET /me")) == 3
    async with here.database.reading() as uow:
        (closure,) = await uow.sources.closures(clock.now())
    assert (closure.source, closure.bucket) == ("Spotify", ME)


async def test_every_call_counts_towards_the_budget_of_the_day(here: Office):
    await here.link(ANNA)
    day = here.clock.now().date()
    async with here.database.writing() as uow:
        for _ in range(498):
            await uow.sources.count_call("Spotify", ME, day)
    await ask_me(here)
    with pytest.raises(SourceClosedError, match="used up"):
        await ask_me(here)


async def test_no_token_is_in_the_database_a_log_or_a_file(
    here: Office,
    spotify: Spotify,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    for name in (None, "spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "musicrec"):
        caplog.set_level(logging.DEBUG, logger=name)
    spotify.accounts.rotates = True
    address = await allow(spotify, await here.begin(ANNA))
    await here.paste(ANNA, address)
    await ask_me(here)
    here.clock.pass_(HOUR)
    await ask_me(here)
    spotify.accounts.expire_access()
    await ask_me(here)
    spotify.troubles.append(Trouble("/api/token", status=503))
    spotify.accounts.expire_access()
    with pytest.raises(SourceUnavailableError) as failed:
        await ask_me(here)
    spotify.troubles.clear()
    here.clock.pass_(60)
    spotify.accounts.revoke("orla")
    with pytest.raises(AccountLostError):
        await ask_me(here)
    kept = b"".join(file.read_bytes() for file in files_in(tmp_path) if file.is_file())
    told = caplog.text + repr(failed.value) + str(await here.service.linked(ANNA))
    assert len(spotify.accounts.issued) >= 7
    for secret in [*spotify.accounts.issued, address.rpartition("state=")[2]]:
        assert secret not in told
        assert secret.encode() not in kept
    assert files_in(empty) == []


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def reseal(database: Database, keys: TokenKeys) -> int:
    async with database.writing() as uow:
        await uow.pending_links.reseal_all(keys.reseal)
        return await uow.accounts.reseal_all(keys.reseal)


async def test_another_key_takes_the_place_of_the_first_and_nobody_loses_access(
    here: Office, url: str, spotify: Spotify, clock: SkippingClock
):
    await here.link(ANNA)
    begun = await allow(spotify, await here.begin(BEN), "kwame")
    assert await reseal(here.database, TokenKeys([NEW, KEY])) == 1
    with pytest.raises(SealedError):
        await ask_me(here)
    async with office(url, spotify, clock, NEW) as there:
        assert await ask_me(there)
        assert await there.paste(BEN, begun)


async def test_without_the_old_key_nothing_is_put_under_the_new_one(here: Office):
    await here.link(ANNA)
    with pytest.raises(SealedError):
        await reseal(here.database, TokenKeys([NEW]))
    assert await ask_me(here)


async def test_a_renewal_under_way_is_not_lost_when_the_keys_change(
    here: Office, url: str, spotify: Spotify, clock: SkippingClock
):
    spotify.accounts.rotates = True
    await here.link(ANNA)
    clock.pass_(HOUR)
    spotify.troubles.append(Trouble("/api/token", slow_s=0.3, times=1))
    asking = asyncio.create_task(ask_me(here))
    await asyncio.sleep(0.1)
    await reseal(here.database, TokenKeys([NEW, KEY]))
    assert await asking
    async with office(url, spotify, clock, NEW, KEY) as there:
        assert await ask_me(there)
        assert here.token_calls() == 2


async def test_old_links_are_reminded_of_once_in_all_processes(
    here: Office, url: str, spotify: Spotify, clock: SkippingClock
):
    account = await here.link(ANNA)
    brought: list[Account] = []

    async def bring(account: Account) -> bool:
        brought.append(account)
        return len(brought) > 1

    clock.pass_(160 * 86_400)
    async with office(url, spotify, clock, KEY) as there:
        for place in (here, there):
            place.service.bring_reminders(bring)
            await place.service.remind(at=clock.now())
        assert brought == []
        clock.pass_(1)
        for n_brought in (1, 2, 2):  # the first one was in vain
            await asyncio.gather(*(each.service.remind(at=clock.now()) for each in (here, there)))
            assert len(brought) >= n_brought
    assert brought == [account, account]


async def test_nobody_is_reminded_where_nobody_can_bring_it(here: Office, clock: SkippingClock):
    account = await here.link(ANNA)
    clock.pass_(161 * 86_400)
    await here.service.remind(at=clock.now())
    assert await here.service.linked(ANNA) == [account]


@pytest.mark.parametrize(
    ("missing", "change"),
    [
        ("SPOTIFY_CLIENT_ID", lambda accounts: replace(accounts, spotify=None)),
        ("TOKEN_KEYS", lambda accounts: replace(accounts, keys=None)),
    ],
)
async def test_what_the_operator_has_not_set_up_is_told(
    here: Office, missing: str, change: Callable[[Accounts], Accounts]
):
    settings = AccountSettings(account_settings(here.spotify), TokenKeys([KEY]))
    store = StoredAnswers(here.database)
    async with open_accounts(settings, store, here.clock.now, program="x/1") as accounts:
        service = AccountService(here.database, change(accounts))
        for call in (
            lambda: service.begin(ANNA, at=here.clock.now()),
            lambda: service.finish(LinkAnswer("state", "code"), at=here.clock.now()),
        ):
            with pytest.raises(LinkingOffError, match=missing):
                await call()
        with pytest.raises(LinkingOffError, match=missing):
            service.session_of(ANNA)
        assert await service.linked(ANNA) == []
        await service.close()


async def test_nobody_is_reminded_in_their_quiet_hours(here: Office, clock: SkippingClock):
    account = await here.link(ANNA)
    brought: list[Account] = []

    async def bring(account: Account) -> bool:
        brought.append(account)
        return True

    here.service.bring_reminders(bring)
    clock.pass_(161 * 86_400)
    midnight = clock.now().replace(hour=0, minute=0) + timedelta(days=1)
    database = here.service._database
    hours = QuietHours(23 * 60, 7 * 60, "UTC")
    await QuietService(database).keep(ANNA, hours, at=clock.now())
    await here.service.remind(at=midnight)
    assert brought == []
    for hour in (7, 8):
        await here.service.remind(at=midnight + timedelta(hours=hour))
    assert brought == [account]
