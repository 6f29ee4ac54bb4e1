"""/link and /unlink, with the real bot, its own web server and the stand-in of Spotify."""

import io
import logging
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import simcord

from bot.container import open_services
from bot.stand_in.accounts import REDIRECTS
from bot.stand_in.aside import aside
from bot.stand_in.exchange import Trouble
from bot.stand_in.people import Entry, Listener, Playlist
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from bot.web import serving_web
from cogs.accounts.text import linked_text
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.settings import AccountSettings
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    LinkingOffError,
    SourceUnavailableError,
)
from musicrec.domain.ids import ListenerId
from musicrec.services import Services
from tests.discord.town import Member, Town, buttons, names, town_of, words
from tests.stand_ins.clocks import START, LeapingClock
from tests.stand_ins.spotify.browser import account_settings, allow
from tests.stand_ins.spotify.openapi import check_exchanges
from tests.stand_ins.spotify.world import library_of, spotify_song
from tests.stand_ins.world import SONGS, SPOTIFY, World

DAYS = timedelta(days=100)


@pytest.fixture
def spotify() -> Iterator[Spotify]:
    stand_in = Spotify(library_of(World()), LeapingClock())
    stand_in.invite(Listener("orla", "Orla @everyone"))
    stand_in.invite(Listener("kwame", "Kwame"))
    with aside(serving_spotify(stand_in)):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
def redirect_uri() -> str:
    return REDIRECTS[0]


@pytest.fixture
async def services(
    small_catalogue: Path, tmp_path: Path, spotify: Spotify, redirect_uri: str
) -> AsyncIterator[Services]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    settings = AccountSettings(
        account_settings(spotify, redirect_uri=redirect_uri), TokenKeys([new_key()])
    )
    async with open_services(data_dir=tmp_path, worker_processes=1, accounts=settings) as opened:
        yield opened


def page_of(message: Any) -> str:
    return next(button["url"] for button in buttons(message) if "url" in button)


async def paste(town: Town, member: Member, message: Any, address: str) -> Any:
    window = await town.click(member, message, "Paste the address")
    return await member.submit_modal(window, {"line": address})


async def link(town: Town, spotify: Spotify, member: Member, visitor: str = "orla") -> Any:
    """Link by hand; return the offer."""
    offer = await member.slash(town.channel, "link spotify")
    address = await allow(spotify, page_of(offer.response), visitor)
    await paste(town, member, offer.response, address)
    return offer.response


async def ask_me(town: Town, member: Member) -> Any:
    session = town.services.accounts.session_of(ListenerId(member.id))
    return await session.ask("me", lambda api: api.me())


async def test_the_offer_says_in_private_what_is_asked_for_and_what_is_kept(town: Town):
    offer = await town.alice.slash(town.channel, "link spotify")
    assert offer.response.ephemeral
    said = words(offer.response)
    for part in (
        "change them",
        "encrypted",
        "six months",
        "five people",
        "learn from your ratings",
    ):
        assert part in said
    assert names(offer.response) == ["Allow at Spotify", "Paste the address"]
    assert len(page_of(offer.response)) <= 512


async def test_a_listener_links_by_hand_and_unlinks(town: Town, spotify: Spotify):
    offer = await link(town, spotify, town.alice)
    said = words(town.look(offer))
    assert "on Spotify is linked" in said
    assert "@everyone" not in said
    assert names(town.look(offer)) == []
    assert (await ask_me(town, town.alice))["account_id"] == "account-of-orla"

    status = await town.alice.slash(town.channel, "link status")
    assert status.response.ephemeral
    assert "Spotify: “Orla" in words(status.response)
    assert "ends the link around <t:" in words(status.response)
    nobody = await town.bob.slash(town.channel, "link status")
    assert "You have linked no account." in words(nobody.response)

    gone = await town.alice.slash(town.channel, "unlink", account="Spotify")
    assert gone.response.ephemeral
    assert "I have forgotten your Spotify account" in words(gone.response)
    again = await town.alice.slash(town.channel, "unlink", account="Spotify")
    assert "nothing has changed" in words(again.response)


async def test_a_restart_between_the_steps_changes_nothing(town: Town, spotify: Spotify):
    offer = await town.alice.slash(town.channel, "link spotify")
    await town.restart()
    address = await allow(spotify, page_of(offer.response))
    window = await town.click(town.alice, offer.response, "Paste the address")
    await town.restart()
    await town.alice.submit_modal(window, {"line": address})
    assert "is linked" in words(town.look(offer.response))


async def test_somebody_elses_address_is_refused_and_still_serves_its_owner(
    town: Town, spotify: Spotify
):
    hers = await town.alice.slash(town.channel, "link spotify")
    his = await town.bob.slash(town.channel, "link spotify")
    address = await allow(spotify, page_of(hers.response))
    refused = await paste(town, town.bob, his.response, address)
    assert "somebody else began" in words(refused.followups[-1])
    assert refused.followups[-1].ephemeral
    await paste(town, town.alice, hers.response, address)
    assert "is linked" in words(town.look(hers.response))
    assert await town.services.accounts.linked(ListenerId(town.bob.id)) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("hello", "That is not the address I need"),
        ("http://127.0.0.1/callback?code=1&state=2", "no link that I began"),
    ],
)
async def test_a_wrong_address_is_refused_and_the_offer_stays(town: Town, address: str, said: str):
    offer = await town.alice.slash(town.channel, "link spotify")
    refused = await paste(town, town.alice, offer.response, address)
    assert said in words(refused.followups[-1])
    assert names(town.look(offer.response)) == ["Allow at Spotify", "Paste the address"]


async def test_who_declines_or_comes_twice_is_told(town: Town, spotify: Spotify):
    offer = await town.alice.slash(town.channel, "link spotify")
    address = await allow(spotify, page_of(offer.response), visitor="")
    declined = await paste(town, town.alice, offer.response, address)
    assert "You declined at Spotify" in words(declined.followups[-1])
    twice = await paste(town, town.alice, offer.response, address)
    assert "used already" in words(twice.followups[-1])


async def test_an_account_that_is_not_invited_is_told_whom_to_ask(town: Town, spotify: Spotify):
    spotify.invite(Listener("mona", "Mona", is_invited=False))
    offer = await town.alice.slash(town.channel, "link spotify")
    address = await allow(spotify, page_of(offer.response), "mona")
    refused = await paste(town, town.alice, offer.response, address)
    assert "may invite five people" in words(refused.followups[-1])


async def test_without_the_operators_settings_nothing_can_be_linked(
    small_catalogue: Path, tmp_path: Path
):
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    async with (
        open_services(data_dir=tmp_path, worker_processes=1) as services,
        town_of(services) as town,
    ):
        result = await town.alice.slash(town.channel, "link spotify")
        assert "whoever runs me has not set SPOTIFY" in words(result.response)
        simcord.assert_error(town.env, LinkingOffError)


async def test_privacy_shows_exports_and_deletes_accounts_without_their_tokens(
    town: Town, spotify: Spotify
):
    await link(town, spotify, town.alice)
    shown = await town.alice.slash(town.channel, "privacy show")
    assert "the link to your Spotify account" in words(shown.response)
    exported = await town.alice.slash(town.channel, "privacy export")
    with zipfile.ZipFile(io.BytesIO(await exported.response.attachments[0].read())) as archive:
        everything = archive.read("everything.json").decode()
    assert "account-of-orla" in everything
    assert "sealed" not in everything
    for token in spotify.accounts.issued:
        assert token not in everything
    question = await town.alice.slash(town.channel, "privacy delete")
    await town.click(town.alice, question.response, "Delete everything")
    assert "No account of yours is linked any more" in words(town.look(question.response))
    assert await town.services.accounts.linked(ListenerId(town.alice.id)) == []


async def test_whom_spotify_has_ended_is_lost_once(town: Town, spotify: Spotify):
    await link(town, spotify, town.alice)
    spotify.accounts.revoke("orla")
    with pytest.raises(AccountLostError):
        await ask_me(town, town.alice)
    status = await town.alice.slash(town.channel, "link status")
    assert "You have linked no account." in words(status.response)


async def cleaned(town: Town, spotify: Spotify) -> Playlist:
    """Link Alice's account and remove a duplicate from a list there."""
    first, second = [spotify_song(song) for song in SONGS if SPOTIFY in song.known_to][:2]
    entries = tuple(Entry(song.uri, START, "orla") for song in (first, second, first))
    mine = spotify.add(Playlist("M" * 22, "orla", "Mine", versions=[entries]))
    await link(town, spotify, town.alice)
    page = await town.alice.slash(town.channel, "playlist doctor", list=f"spotify:{mine.id}")
    await town.click(town.alice, page.response, "Remove 1 duplicate")
    assert len(mine.entries) == 2
    return mine


async def test_changes_outlive_a_link_that_spotify_ended_and_are_taken_back_after_linking_again(
    town: Town, spotify: Spotify
):
    mine = await cleaned(town, spotify)
    spotify.accounts.revoke("orla")
    spotify.accounts.expire_access()
    lost = words((await town.alice.slash(town.channel, "playlist undo")).response)
    assert "“Mine” is being restored. Spotify has ended my access" in lost
    assert "Until you say /unlink I keep what takes back my changes" in lost
    shown = await town.alice.slash(town.channel, "privacy show")
    assert "those of playlists there stay, so that undo works after you link" in words(
        shown.response
    )
    await link(town, spotify, town.alice)
    await town.services.edit_runs.resume()
    before = mine.versions[0]
    assert [each.uri for each in mine.entries] == [each.uri for each in before]


async def test_unlinking_forgets_changes_also_after_spotify_ended_the_link(
    town: Town, spotify: Spotify
):
    await cleaned(town, spotify)
    spotify.accounts.revoke("orla")
    spotify.accounts.expire_access()
    with pytest.raises(AccountLostError):
        await ask_me(town, town.alice)
    gone = await town.alice.slash(town.channel, "unlink", account="Spotify")
    assert "I cannot take it back any more" in words(gone.response)
    again = await town.alice.slash(town.channel, "unlink", account="Spotify")
    assert "nothing has changed" in words(again.response)
    history = await town.alice.slash(town.channel, "playlist history")
    assert "I have changed no playlist of yours" in words(history.response)


async def test_a_link_that_ends_soon_is_reminded_of_once(town: Town, spotify: Spotify):
    user = town.env.create_user("carol")
    await link(town, spotify, town.guild.add_member(user))
    at = datetime.now(UTC) + timedelta(days=161)
    await remind(town, at)
    await remind(town, at)
    (message,) = user.dm_channel.history()
    assert "will end my link to your account" in words(town.look(message))
    assert "/link spotify links it anew" in words(town.look(message))


async def test_a_reminder_that_cannot_be_brought_is_tried_again_unless_it_is_unwanted(
    town: Town, spotify: Spotify
):
    user = town.env.create_user("carol")
    await link(town, spotify, town.guild.add_member(user))
    at = datetime.now(UTC) + timedelta(days=161)
    town.env.inject_error("POST", "/channels/*/messages", status=400, code=40002)
    await remind(town, at)
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await remind(town, at)
    await remind(town, at)
    assert user.dm_channel.history() == []


def test_a_link_that_ends_soon_is_said_by_status():
    account = Account(
        ListenerId(1), AccountKind.SPOTIFY, "id", "Orla", datetime(2026, 1, 1, tzinfo=UTC), (), b""
    )
    early, late = (linked_text([account], at=account.authorised_at + d) for d in (DAYS, 2 * DAYS))
    assert "soon" not in early
    assert "**That is soon: /link spotify links it anew.**" in late


async def remind(town: Town, at: datetime) -> None:
    with town.env._bot_scope():
        await town.services.accounts.remind(at=at)
    await town.env.settle()


class TestBrowsersReachTheBot:
    @pytest.fixture
    def redirect_uri(self) -> str:
        return REDIRECTS[1]

    @pytest.fixture
    async def address(self, services: Services) -> AsyncIterator[str]:
        async with serving_web(services.accounts, "127.0.0.1", 0) as port:
            yield f"http://127.0.0.1:{port}"

    async def test_a_listener_links_in_the_browser(
        self, town: Town, spotify: Spotify, address: str
    ):
        offer = await town.alice.slash(town.channel, "link spotify")
        assert names(offer.response) == ["Allow at Spotify"]
        back = await allow(spotify, page_of(offer.response))
        status, page = await visit(address, back)
        assert status == 200
        assert "Your Spotify account is linked. You can close this page" in page
        assert "Orla" not in page
        linked = await town.alice.slash(town.channel, "link status")
        assert "Spotify: “Orla" in words(linked.response)
        status, page = await visit(address, back)
        assert (status, "used already" in page) == (400, True)

    async def test_what_goes_wrong_is_said_without_a_word_of_the_address(
        self, town: Town, spotify: Spotify, address: str
    ):
        offer = await town.alice.slash(town.channel, "link spotify")
        back = await allow(spotify, page_of(offer.response), visitor="")
        for path, said in (
            (back, "You declined at Spotify"),
            (f"{REDIRECTS[1]}?state=<script>x</script>&code=<b>", "no link that I began"),
            (REDIRECTS[1], "nothing else to see"),
            (f"{REDIRECTS[1]}?error=<script>", "nothing else to see"),
        ):
            status, page = await visit(address, path)
            assert status == 400
            assert said in page
            assert "script" not in page

    async def test_spotify_being_down_is_said(self, town: Town, spotify: Spotify, address: str):
        offer = await town.alice.slash(town.channel, "link spotify")
        back = await allow(spotify, page_of(offer.response))
        spotify.troubles.append(Trouble("/api/token", status=503))
        status, page = await visit(address, back)
        assert (status, "Spotify did not answer me" in page) == (400, True)

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 404),
            ("GET", "/favicon.ico", 404),
            ("GET", "/spotify/callback/", 404),
            ("GET", "/spotify/../etc/passwd", 404),
            ("POST", "/spotify/callback", 405),
            ("DELETE", "/spotify/callback", 405),
        ],
    )
    async def test_there_is_nothing_else(self, address: str, method: str, path: str, status: int):
        async with browser() as session, session.request(method, address + path) as reply:
            assert reply.status == status
            assert await reply.text() == ""
            assert_strict(reply)

    async def test_long_addresses_are_refused(self, address: str):
        url = f"{address}/spotify/callback?code={'x' * 9_000}"
        async with browser() as session, session.get(url) as reply:
            assert reply.status == 400

    async def test_no_code_or_token_is_logged(
        self, town: Town, spotify: Spotify, address: str, caplog: pytest.LogCaptureFixture
    ):
        for name in (None, "aiohttp", "aiohttp.server", "aiohttp.access", "spotipy", "urllib3"):
            caplog.set_level(logging.DEBUG, logger=name)
        offer = await town.alice.slash(town.channel, "link spotify")
        back = await allow(spotify, page_of(offer.response))
        caplog.clear()  # the page is in Discord's answer, which discord.py logs
        await visit(address, back)
        await visit(address, back)
        await ask_me(town, town.alice)
        spotify.troubles.append(Trouble("/v1/me", status=502))
        with pytest.raises(SourceUnavailableError):
            await ask_me(town, town.alice)
        assert len(spotify.accounts.issued) >= 3
        for secret in [*spotify.accounts.issued, back.rpartition("state=")[2]]:
            assert secret not in caplog.text


async def visit(address: str, back: str) -> tuple[int, str]:
    """Follow a redirect to the bot, which is at another address here."""
    url = address + back.removeprefix("https://bot.example.invalid")
    async with browser() as session, session.get(url) as reply:
        assert_strict(reply)
        assert reply.content_type == "text/html"
        return reply.status, await reply.text()


def browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))


def assert_strict(reply: aiohttp.ClientResponse) -> None:
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
