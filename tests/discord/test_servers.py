"""What is sent into servers whose events another process hears: this one never cached them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from musicrec.domain.week_errors import PlaceClosedError
from musicrec.services import Services
from musicrec.services.server_slots import next_slot
from tests.discord.test_links import _manager
from tests.discord.test_weekly import _thread
from tests.discord.town import Town, town_of, words
from tests.discord.weekly_town import composed, find, plan_of, send, with_weekly


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


def unheard(town: Town) -> None:
    """Leave the bot as a process is that serves other shards."""
    guild = town.env.bot.get_guild(town.guild.id)
    assert guild is not None
    town.env.bot._connection._remove_guild(guild)
    assert town.env.bot.get_guild(town.guild.id) is None


@pytest.mark.parametrize("in_thread", [False, True])
async def test_a_weekly_list_arrives_there_and_is_found_again(town: Town, in_thread: bool):
    room = await _thread(town) if in_thread else town.channel
    plan, week = plan_of(town, town.alice, room), await composed(town, town.alice)
    unheard(town)
    sent = await send(town, plan, week)
    assert sent.channel_id == room.id
    assert await find(town, plan, week) == sent


async def test_rights_are_looked_at_there_too(town: Town):
    mute = discord.PermissionOverwrite(send_messages=False)
    news = town.guild.create_text_channel("news", overwrites={town.alice: mute})
    plan, week = plan_of(town, town.alice, news), await composed(town, town.alice)
    unheard(town)
    with pytest.raises(PlaceClosedError, match="You may not write in #news yourself"):
        await send(town, plan, week)


async def test_a_song_to_rate_is_posted_there(town: Town):
    mia = _manager(town)
    await mia.slash(town.channel, "settings songs", channel=town.channel)
    (plan,) = await town.services.social.server_plans.of_server(town.guild.id)
    unheard(town)
    with town.env._bot_scope():
        due = next_slot(plan, datetime.now(UTC)).due_at
        assert await town.services.social.server_posts.tick(due) == 1
    await town.env.settle()
    assert "A song to rate" in words(town.look(town.channel.history()[-1]))


async def test_a_plan_for_there_can_be_changed_by_direct_message(town: Town):
    await town.alice.slash(
        town.channel, "weekly on", channel=town.channel, time_zone="Europe/Berlin"
    )
    unheard(town)
    result: Any = await town.alice.user.slash("weekly on", hour="9")
    assert f"<#{town.channel.id}>" in words(result.response)
