"""Lists are brought once, found again, and what Discord refuses is said in our words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import pytest

from cogs.weekly.post import _said
from musicrec.domain.week_errors import PlaceClosedError, PlaceGoneError, PostingFailedError
from musicrec.services import Services, week_nonce
from tests.discord.playlist_town import press
from tests.discord.town import Town, town_of, words
from tests.discord.weekly_town import (
    FRIDAY,
    composed,
    find,
    list_of,
    plan_of,
    posted,
    send,
    with_weekly,
)


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


async def test_a_list_carries_the_nonce_of_its_week(town: Town):
    week, _ = await posted(town, town.alice)
    assert week.id is not None
    sent = next(r for r in reversed(town.env.http_requests) if r.path.endswith("/messages"))
    assert sent.json is not None
    assert sent.json["nonce"] == week_nonce(week.id)
    assert sent.json["enforce_nonce"] is True


@pytest.mark.parametrize("in_channel", [False, True])
async def test_a_list_is_found_again_whatever_page_it_shows(town: Town, in_channel: bool):
    channel = town.channel if in_channel else None
    plan = plan_of(town, town.alice, channel)
    week = await composed(town, town.alice)
    assert await find(town, plan, week) is None
    sent = await send(town, plan, week)
    assert await find(town, plan, week) == sent
    if in_channel:
        for number in range(3):
            await town.bob.send(town.channel, f"nice {number}")
    message = (channel or town.alice.user.dm_channel).history()[0]
    await press(town, town.alice if in_channel else town.alice.user, message, "Next")
    await town.restart()
    assert await find(town, plan, week) == sent


async def test_another_week_and_another_listener_are_not_taken_for_it(town: Town):
    await posted(town, town.alice, town.channel)
    other_week = await composed(town, town.alice, day=FRIDAY.replace(month=12))
    assert await find(town, plan_of(town, town.alice, town.channel), other_week) is None
    others = await composed(town, town.bob)
    assert await find(town, plan_of(town, town.bob, town.channel), others) is None


async def test_a_list_of_one_page_is_found_by_its_songs(town: Town):
    week = await composed(town, town.alice, list_of(town.services, 3))
    plan = plan_of(town, town.alice)
    sent = await send(town, plan, week)
    assert await find(town, plan, week) == sent


async def test_a_list_without_songs_says_why_and_is_found_by_its_button(town: Town):
    week = await composed(town, town.alice, list_of(town.services, 0, note="None is left."))
    plan = plan_of(town, town.alice)
    sent = await send(town, plan, week)
    assert await find(town, plan, week) == sent
    said = words(town.look(town.alice.user.dm_channel.history()[0]))
    assert "None is left." in said
    assert "0 songs" not in said
    assert "below" not in said


async def test_a_list_goes_to_a_thread(town: Town):
    thread = await _thread(town)
    week = await composed(town, town.alice)
    plan = plan_of(town, town.alice, thread)
    sent = await send(town, plan, week)
    assert sent.channel_id == thread.id
    assert await find(town, plan, week) == sent


async def test_a_locked_thread_is_closed(town: Town):
    thread = await _thread(town)
    with town.env._bot_scope():
        await thread.edit(locked=True)
    await town.env.settle()
    week = await composed(town, town.alice)
    with pytest.raises(PlaceClosedError, match="locked"):
        await send(town, plan_of(town, town.alice, thread), week)


async def test_closed_direct_messages_are_said(town: Town):
    week = await composed(town, town.alice)
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    with pytest.raises(PlaceClosedError, match="direct messages are closed"):
        await send(town, plan_of(town, town.alice), week)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (404, 10003, PlaceGoneError),
        (404, 10013, PlaceGoneError),
        (403, 50001, PlaceClosedError),
        (403, 50013, PlaceClosedError),
        (403, 50278, PlaceClosedError),
        (403, 99999, PlaceClosedError),
        (400, 50083, PlaceClosedError),
        (400, 40003, PostingFailedError),
        (500, 0, PostingFailedError),
        (404, 0, PostingFailedError),
    ],
)
@pytest.mark.parametrize("in_channel", [False, True])
async def test_discords_refusals_are_told_apart(
    town: Town, status: int, code: int, expected: type[Exception], in_channel: bool
):
    week = await composed(town, town.alice)
    plan = plan_of(town, town.alice, town.channel if in_channel else None)
    for method, act in (("POST", send), ("GET", find)):
        town.env.inject_error(method, "/channels/*/messages", status=status, code=code, times=9)
        with pytest.raises(expected):
            await act(town, plan, week)


async def test_a_failure_that_passes_leaves_it_to_the_next_try(town: Town):
    week = await composed(town, town.alice)
    plan = plan_of(town, town.alice)
    town.env.inject_error("POST", "/users/@me/channels", status=400, code=40003)
    with pytest.raises(PostingFailedError):
        await send(town, plan, week)
    assert await send(town, plan, week)


async def test_a_channel_that_is_deleted_is_gone(town: Town):
    week = await composed(town, town.alice)
    channel = town.env.bot.get_channel(town.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        await channel.delete()
    await town.env.settle()
    with pytest.raises(PlaceGoneError, match="deleted"):
        await send(town, plan_of(town, town.alice, town.channel), week)


async def test_who_left_the_server_gets_nothing_there(town: Town):
    week = await composed(town, town.alice)
    town.guild.remove_member(town.alice)
    await town.env.settle()
    with pytest.raises(PlaceGoneError, match="you left"):
        await send(town, plan_of(town, town.alice, town.channel), week)
    assert town.channel.history() == []


async def test_a_server_that_the_bot_left_is_gone(town: Town):
    week = await composed(town, town.alice)
    plan = replace(plan_of(town, town.alice, town.channel), guild_id=12345)
    with pytest.raises(PlaceGoneError, match="no member"):
        await send(town, plan, week)


async def test_a_channel_that_closes_to_the_bot_or_the_listener_gets_nothing(town: Town):
    week = await composed(town, town.alice)
    me = town.guild.me
    mute = discord.PermissionOverwrite(send_messages=False)
    no_files = discord.PermissionOverwrite(attach_files=False)
    for overwrites, reason in (
        ({me: mute}, "I lack the permissions “Send Messages”, "),
        ({me: no_files}, "I lack the permission “Attach Files” there"),
        ({town.alice: mute}, "You may not write in #shut"),
    ):
        shut = town.guild.create_text_channel("shut", overwrites=overwrites)
        await town.env.settle()
        with pytest.raises(PlaceClosedError, match=reason):
            await send(town, plan_of(town, town.alice, shut), week)
        assert shut.history() == []


async def _thread(town: Town) -> Any:
    channel = town.env.bot.get_channel(town.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        thread = await channel.create_thread(name="lists", type=discord.ChannelType.public_thread)
    await town.env.settle()
    return thread


@pytest.mark.parametrize("error", [aiohttp.ServerDisconnectedError(), ConnectionResetError()])
def test_a_connection_that_breaks_is_no_bug_and_leaves_it_open(error: Exception, town: Town):
    with (
        pytest.raises(PostingFailedError, match="Discord did not take the list"),
        _said(plan_of(town, town.alice, None)),
    ):
        raise error
