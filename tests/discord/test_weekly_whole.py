"""From /weekly on to the list in one's direct messages, and what happens where it cannot come."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from musicrec.domain.ids import ListenerId
from musicrec.domain.week import WeekState
from musicrec.services import Services
from tests.discord.playlist_town import press
from tests.discord.town import LIKE, Town, town_of, words
from tests.discord.weekly_town import tick, with_weekly

HOURS = timedelta(hours=1)


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


async def turned_on(town: Town, **options: Any) -> datetime:
    await town.alice.slash(town.channel, "weekly on", time_zone="Europe/Berlin", **options)
    due = await town.services.weekly.next_due(ListenerId(town.alice.id))
    assert due is not None
    return due


def received(town: Town) -> list[Any]:
    return [town.look(each) for each in town.alice.user.dm_channel.history()]


async def test_the_list_comes_once_when_it_is_due_and_can_be_used_at_once(town: Town):
    due = await turned_on(town, size=10)
    await tick(town, due - timedelta(minutes=1))
    assert received(town) == []
    for minutes in range(3):
        await tick(town, due + timedelta(minutes=minutes))
    (message,) = received(town)
    assert f"Your weekly list, Friday {due.day} " in words(message)
    assert "10 songs" in words(message)
    message = await press(town, town.alice.user, message, "Next")
    result = await town.click(town.alice.user, message, LIKE)
    assert "noted" in words(result.response)
    result = await town.alice.slash(town.channel, "weekly history")
    assert "10 songs" in words(result.response)
    await tick(town, due + timedelta(weeks=1))
    assert len(received(town)) == 2


async def test_a_reply_that_is_lost_makes_no_second_message(town: Town):
    due = await turned_on(town)
    await tick(town, due)
    # What a process leaves that dies between Discord's reply and noting it.
    async with town.services.edits._database.writing() as uow:
        (week,) = await uow.weeks.list_all(ListenerId(town.alice.id))
        assert week.id is not None
        await uow.week_work._update(state=WeekState.COMPOSED, message_id=None, channel_id=None)
    await tick(town, due + HOURS)
    (message,) = received(town)
    again = await town.services.weekly.get(week.id)
    assert again is not None
    assert again.state is WeekState.SENT
    assert again.message_id == message.id


async def test_closed_direct_messages_are_said_at_the_next_command_and_a_channel_helps(town: Town):
    due = await turned_on(town)
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
    await tick(town, due)
    assert received(town) == []
    result = await town.alice.slash(town.channel, "help")
    (notice,) = result.followups
    assert notice.ephemeral
    assert "your direct messages are closed to me" in words(notice)
    posted_there = len(town.channel.history())
    await town.alice.slash(town.channel, "weekly on", where="here")
    await tick(town, due + HOURS)
    await tick(town, due + 2 * HOURS)
    (message,) = town.channel.history()[posted_there:]
    assert f"Weekly list of <@{town.alice.id}>" in words(town.look(message))
    result = await town.alice.slash(town.channel, "weekly when")
    assert "Something is wrong" not in words(result.response)


async def test_nothing_comes_after_off(town: Town):
    due = await turned_on(town)
    await town.alice.slash(town.channel, "weekly off")
    await tick(town, due + HOURS)
    assert received(town) == []
