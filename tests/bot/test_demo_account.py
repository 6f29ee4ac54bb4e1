"""The playground's demo account, linked with a browser's requests over real HTTP."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import aiohttp
import pytest

from bot.container import open_services
from bot.demo_account import N_SONGS, DemoAccount, demo_account
from bot.stand_in.asking import ALLOW, DECLINE
from bot.web import serving_web
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.settings import AccountSettings
from musicrec.accounts.spotify_playlists import SpotifyPlaylists
from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import ItemKind
from musicrec.services import Services
from musicrec.sources.clock import SystemClock

YOU = ListenerId(7)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def demo() -> Iterator[DemoAccount]:
    with demo_account(SystemClock(now)) as account:
        yield account


@pytest.fixture
async def services(demo: DemoAccount, tmp_path: Path) -> AsyncIterator[Services]:
    accounts = AccountSettings(demo.settings, TokenKeys([new_key()]))
    async with (
        open_services(data_dir=tmp_path, worker_processes=1, accounts=accounts) as opened,
        serving_web(opened.accounts, "127.0.0.1", demo.port),
    ):
        demo.furnish(opened.songs.suggest("", N_SONGS), at=now())
        yield opened


async def answered(services: Services, answer: str) -> tuple[str, str]:
    """Open the page that asks, press a button, and return both pages."""
    offer = await services.accounts.begin(YOU, at=now())
    assert offer.is_demo
    assert not offer.is_pasted
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as browser:
        page = await (await browser.get(offer.url)).text()
        links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
        pressed = next(link for link in links if f"answer={answer}" in link)
        address = offer.url.partition("/authorize")[0] + pressed
        return page, await (await browser.get(address)).text()


async def test_the_page_says_that_it_is_not_spotify_and_allowing_links_the_account(
    services: Services,
):
    asking, done = await answered(services, ALLOW)
    assert "A demo account, not Spotify" in asking
    assert "is linked" in done
    (account,) = await services.accounts.linked(YOU)
    assert (account.kind, account.name) == (AccountKind.SPOTIFY, "Demo account (made up)")


async def test_declining_links_nothing(services: Services):
    _, done = await answered(services, DECLINE)
    assert "You declined" in done
    assert not await services.accounts.linked(YOU)


async def test_its_playlists_hold_known_songs_duplicates_and_a_file(services: Services):
    await answered(services, ALLOW)
    home = SpotifyPlaylists(services.accounts.session_of(YOU), SystemClock(now))
    lists = {each.title: each for each in await home.lists()}
    assert set(lists) == {"Everything (demo)", "Party (demo)", "Rainy Sunday (demo)"}
    everything = await home.read(lists["Everything (demo)"].id)
    kinds = [item.kind for item in everything.items]
    assert kinds.count(ItemKind.LOCAL_FILE) == 1
    uris = [item.uri for item in everything.items if item.kind is ItemKind.SONG]
    assert len(uris) - len(set(uris)) == 3
    known = services.songs.suggest("", N_SONGS)
    assert {item.title for item in everything.items[:100]} <= {track.title for track in known}


async def test_its_saved_songs_may_be_a_start(services: Services):
    await answered(services, ALLOW)
    taken = await services.hints.take(YOU, at=now())
    assert (taken.n_taken, taken.n_unknown, taken.is_whole) == (40, 0, True)
