"""A listener's browser at the stand-in of Spotify."""

from dataclasses import replace
from typing import Any

import aiohttp

from bot.stand_in.accounts import CLIENT_ID
from bot.stand_in.service import PREFIX, Spotify
from musicrec.accounts.settings import SpotifyAccountSettings


def account_settings(spotify: Spotify, **changes: Any) -> SpotifyAccountSettings:
    """The real limits at the stand-in's address, without pauses."""
    real = SpotifyAccountSettings(CLIENT_ID)
    api = replace(real.api, base_url=spotify.address + PREFIX, interval_s=0.0, tries=2)
    return replace(real, api=api, accounts_url=spotify.address, **changes)


async def allow(spotify: Spotify, url: str, visitor: str = "orla") -> str:
    """Open the page, allow what it asks for, and return the address where the browser ends.

    An empty ``visitor`` declines.
    """
    spotify.accounts.visitor = visitor
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session,
        session.get(url, allow_redirects=False) as reply,
    ):
        assert reply.status == 302, await reply.text()
        return reply.headers["Location"]
