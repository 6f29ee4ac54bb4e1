"""What local mode adds to simcord: a page that is up to date, and a clock that runs."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import aiohttp
import discord
import simcord

from bot.container import open_services
from bot.local import playground


class OpenPage:
    """What the page's own script does: open once, then read the published state."""

    def __init__(self, preview: simcord.Preview, session: aiohttp.ClientSession) -> None:
        self._address, capability = urldefrag(preview.url)
        self._headers = {"X-Simcord-Capability": capability}
        self._session = session

    async def open(self) -> None:
        async with self._session.post(
            f"{self._address}api/pages", json={}, headers=self._headers
        ) as answer:
            state = await answer.json()
        self._headers["X-Simcord-Context"] = state["context"]["id"]

    async def read(self) -> dict[str, Any]:
        async with self._session.get(f"{self._address}api/state", headers=self._headers) as answer:
            return await answer.json()


@contextlib.asynccontextmanager
async def local_mode(folder: Path) -> AsyncGenerator[tuple[simcord.Preview, OpenPage]]:
    # No fixture: simcord leaves its context variables in the task that entered it.
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        playground(services, 0) as preview,
        aiohttp.ClientSession() as session,
    ):
        page = OpenPage(preview, session)
        await page.open()
        yield preview, page


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - what changes is not ours to signal
            await asyncio.sleep(0.05)


def channel_of(preview: simcord.Preview) -> discord.TextChannel:
    channel = preview.env.bot.get_channel(preview.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_the_page_opens_with_the_welcome_and_the_first_card(tmp_path: Path):
    async with local_mode(tmp_path) as (_, page):
        assert len((await page.read())["messages"]) == 2


async def test_a_message_that_the_bot_sends_by_itself_reaches_an_open_page(tmp_path: Path):
    async with local_mode(tmp_path) as (preview, page):

        async def shows_it() -> bool:
            return str(message.id) in (await page.read())["messages"]

        message = await channel_of(preview).send("by myself")
        assert not await shows_it()
        await eventually(shows_it)


async def test_the_clock_of_the_playground_follows_real_time(tmp_path: Path):
    async with local_mode(tmp_path) as (preview, _):

        async def is_later() -> bool:
            return preview.env.now() > start + timedelta(seconds=1)

        start = preview.env.now()
        assert abs(datetime.now(UTC) - start) < timedelta(minutes=1)
        await eventually(is_later)


async def test_the_people_have_the_same_ids_in_every_run(tmp_path: Path):
    # Labels of earlier runs belong to these ids: 2 January 2026 in a snowflake's upper bits.
    first = discord.utils.time_snowflake(datetime(2026, 1, 2, tzinfo=UTC))
    async with local_mode(tmp_path) as (preview, _):
        assert [viewer.id for viewer in preview.viewers] == [first, first + 1]


async def test_the_first_of_the_people_manages_the_server_and_the_other_one_does_not(
    tmp_path: Path,
):
    async with local_mode(tmp_path) as (preview, _):
        channel = channel_of(preview)
        you, friend = [await channel.guild.fetch_member(viewer.id) for viewer in preview.viewers]
        assert channel.permissions_for(you).manage_guild
        assert not channel.permissions_for(friend).manage_guild
