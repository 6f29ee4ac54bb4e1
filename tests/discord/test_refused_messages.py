"""Every code with which Discord can refuse what the bot writes by itself: nothing breaks."""

import logging
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import discord
import pytest
import pytest_asyncio

from bot.client import MusicBot
from bot.container import open_services
from cogs._refusals import CODES, Refusal
from cogs.accounts.reminders import Reminders
from cogs.server.post import DiscordServerPost
from musicrec.domain.ids import ListenerId
from musicrec.domain.server_post import (
    Cadence,
    PlannedPost,
    PlannedPostId,
    ServerPlan,
    ServerPostKind,
)
from musicrec.domain.server_post_errors import ChannelLostError, PostDelayedError
from musicrec.domain.week import Week
from musicrec.domain.week_errors import PlaceClosedError, PlaceGoneError, PostingFailedError
from tests.discord.test_refusals import status_of
from tests.discord.town import Town, town_of
from tests.discord.weekly_town import composed, find, plan_of, send
from tests.musicrec.storage.test_accounts import account

pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGE: Final = ("POST", "/channels/*/messages")
CALLS: Final = {
    "message": MESSAGE,
    "history": ("GET", "/channels/*/messages"),
    "member": ("GET", "/guilds/*/members/*"),
    "direct message": ("POST", "/users/@me/channels"),
}
WEEKLY: Final = {
    Refusal.GONE: PlaceGoneError,
    Refusal.CLOSED: PlaceClosedError,
    Refusal.FILTERED: PlaceClosedError,
}
"""What is told to the listener; after anything else it is tried again."""
SERVER: Final = {Refusal.GONE: ChannelLostError, Refusal.CLOSED: ChannelLostError}
"""What ends a plan of a server; after anything else it is tried again."""
_numbers = count()
IN_VAIN: Final = {Refusal.GONE, Refusal.CLOSED}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("refused")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services, MusicBot(services, reads_messages=True)) as running,
    ):
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def week(town: Town) -> Week:
    return await composed(town, town.alice)


@pytest.fixture(autouse=True)
def _no_other_fault(town: Town) -> Any:
    yield
    town.env.backend.faults.clear()


@pytest.fixture(params=sorted(CODES))
def code(request: pytest.FixtureRequest) -> int:
    return request.param


def refuse(town: Town, call: str, code: int) -> None:
    method, path = CALLS[call]
    town.env.inject_error(method, path, status=status_of(code), code=code, times=None)


@pytest.mark.parametrize("call", ["message", "history", "member"])
async def test_a_weekly_list_in_a_channel(town: Town, week: Week, code: int, call: str):
    refuse(town, call, code)
    act = find if call == "history" else send
    with pytest.raises(WEEKLY.get(CODES[code], PostingFailedError)):
        await act(town, plan_of(town, town.alice, town.channel), week)


@pytest.mark.parametrize("call", ["message", "direct message"])
async def test_a_weekly_list_in_direct_messages(town: Town, week: Week, code: int, call: str):
    refuse(town, call, code)
    with pytest.raises(WEEKLY.get(CODES[code], PostingFailedError)):
        await send(town, plan_of(town, _somebody(town)), week)


@pytest.mark.parametrize("call", ["message", "history"])
async def test_a_post_in_a_server(town: Town, code: int, call: str):
    refuse(town, call, code)
    at = datetime(2026, 11, 27, tzinfo=UTC)
    kind = ServerPostKind.SONG
    plan = ServerPlan(town.guild.id, kind, town.channel.id, Cadence.DAILY, 0, 60, "UTC", at)
    line = PlannedPost(town.guild.id, kind, date(2026, 11, 27), at, id=PlannedPostId(1))
    post = DiscordServerPost(_bot(town))
    track = town.services.songs.suggest("")[0]
    with (
        town.env._bot_scope(),
        pytest.raises(SERVER.get(CODES[code], PostDelayedError)),
    ):
        await (post.find(plan, line) if call == "history" else post.send_song(plan, line, track))


@pytest.mark.parametrize("call", ["message", "direct message"])
async def test_a_reminder_is_brought_again_unless_that_would_be_in_vain(
    town: Town, code: int, call: str
):
    refuse(town, call, code)
    linked = account(ListenerId(_somebody(town).id))
    with town.env._bot_scope():
        is_done = await Reminders(_bot(town)).bring(linked)
    assert is_done is (CODES[code] in IN_VAIN)


async def test_a_welcome(town: Town, code: int, caplog: pytest.LogCaptureFixture):
    refuse(town, "message", code)
    guild = town.env.bot.get_guild(town.guild.id)
    assert guild is not None
    guild._system_channel_id = town.channel.id
    n_errors = len(town.env.errors)
    with town.env._bot_scope():
        town.env.bot.dispatch("guild_join", guild)
    await town.env.settle()
    assert len(town.env.errors) == n_errors
    assert "Could not welcome" in caplog.text


async def test_a_card_for_a_link(town: Town, code: int, caplog: pytest.LogCaptureFixture):
    refuse(town, "message", code)
    channel = town.guild.create_text_channel(f"links-{code}")  # each takes a few links a minute
    await town.services.links.choose(town.guild.id, channel.id, at=datetime.now(UTC))
    track = next(one for one in town.services.songs.suggest("") if one.id.startswith("spotify:"))
    n_errors = len(town.env.errors)
    with caplog.at_level(logging.WARNING):
        await town.bob.send(
            channel, f"https://open.spotify.com/track/{track.id.rpartition(':')[2]}"
        )
    assert len(town.env.errors) == n_errors
    assert "stays without card" in caplog.text


async def test_unknown_codes_are_tried_again(town: Town, week: Week):
    plan = plan_of(town, town.alice, town.channel)
    for status, expected in ((400, PostingFailedError), (403, PlaceClosedError)):
        town.env.inject_error(*MESSAGE, status=status, code=123_456)
        with pytest.raises(expected):
            await send(town, plan, week)


def _somebody(town: Town) -> Any:
    """Return somebody to whom the bot never wrote, so that it must open direct messages first."""
    return town.guild.add_member(town.env.create_user(f"somebody{next(_numbers)}"))


def _bot(town: Town) -> MusicBot:
    bot = town.env.bot
    assert isinstance(bot, MusicBot)
    assert isinstance(bot.user, discord.ClientUser)
    return bot
