"""/weekly on, off, when, now and history."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
import simcord

from musicrec.domain.errors import BadInputError, LinkingOffError
from musicrec.domain.ids import ListenerId
from musicrec.domain.weekly_plan import PlaceOfWeek, SpotifyCopy, WeeklyPlan
from musicrec.services import Sent, Services
from tests.discord.playlist_town import press
from tests.discord.town import Town, names, town_of, words
from tests.discord.weekly_town import (
    FRIDAY,
    composed,
    list_of,
    noted,
    plan_of,
    posted,
    speaking,
    with_weekly,
)

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


async def plan(town: Town, member: Any = None) -> WeeklyPlan:
    found = await town.services.weekly.plan(ListenerId((member or town.alice).id))
    assert found is not None
    return found


async def turned_on(town: Town, **options: Any) -> str:
    wished = {"time_zone": "Europe/Berlin"} | options
    given = {name: value for name, value in wished.items() if value is not None}
    result = await town.alice.slash(town.channel, "weekly on", **given)
    assert result.response.ephemeral
    return words(result.response)


async def refused(town: Town, error: type[Exception] = BadInputError, **options: Any) -> str:
    said = await turned_on(town, **options)
    simcord.assert_error(town.env, error)
    assert await town.services.weekly.plan(ListenerId(town.alice.id)) is None
    return said


async def test_on_says_by_the_listeners_own_clock_when_the_next_list_comes(town: Town):
    said = await turned_on(town)
    here = datetime.now(BERLIN)
    due = await town.services.weekly.next_due(ListenerId(town.alice.id))
    assert due is not None
    assert (due.weekday(), due.hour, due.minute) == (4, 18, 0)
    assert "Every **Friday at 18:00**, by direct message" in said
    times = {f"{here - timedelta(minutes=back):%H:%M}" for back in (0, 1)}
    assert any(
        f"(Europe/Berlin, UTC+{here.utcoffset()!s:.1}) it is now **{t}**" in said for t in times
    )
    assert f"Next: **Friday {due.day} {due:%B}, 18:00** (<t:{int(due.timestamp())}:F>" in said
    assert "30 songs, adventure 50: about 24 new to you, 2 ⚓ familiar, 4 🧭 exploring" in said
    assert "So far you rated 0" in said
    assert "language of your Discord" not in said


async def test_without_a_zone_that_of_the_language_is_taken_and_said(town: Town):
    with speaking("de"):
        said = await turned_on(town, time_zone=None)
    assert (await plan(town)).zone == "Europe/Berlin"
    assert "I took Europe/Berlin because of the language of your Discord" in said
    with speaking("fr"):
        said = await turned_on(town, time_zone=None)
    assert (await plan(town)).zone == "Europe/Berlin"
    assert "I took" not in said


async def test_an_unsure_guess_of_the_zone_is_said_to_be_one(town: Town):
    said = await turned_on(town, time_zone=None)
    assert (await plan(town)).zone == "America/New_York"
    assert "I took America/New_York" in said
    assert "which is spoken in other zones too" in said


async def test_what_is_left_out_stays_as_it_was(town: Town):
    await turned_on(
        town, day=0, hour="6:30pm", size=12, adventure=0, where="here", time_zone="Asia/Tokyo"
    )
    first = await plan(town)
    assert (first.weekday, first.minute, first.zone) == (0, 18 * 60 + 30, "Asia/Tokyo")
    assert (first.n_songs, first.adventure) == (12, 0)
    assert (first.place, first.channel_id) == (PlaceOfWeek.CHANNEL, town.channel.id)
    said = await turned_on(town, time_zone=None, hour="7")
    assert "Every **Monday at 7:00**, in <#" in said
    second = await plan(town)
    assert (second.minute, second.zone, second.n_songs) == (7 * 60, "Asia/Tokyo", 12)
    assert second.channel_id == town.channel.id
    await turned_on(town, time_zone=None, where="dm")
    assert (await plan(town)).place is PlaceOfWeek.DM
    assert (await plan(town)).channel_id is None


async def test_the_dial_answers_with_what_it_changes(town: Town):
    await turned_on(town)
    said = await turned_on(town, adventure=100)
    assert "adventure 100: about 18 new to you, 2 ⚓ familiar, 10 🧭 exploring" in said
    assert "As it was set before, a list would have been about 24 new to you" in said
    assert "As it was set" not in await turned_on(town, hour="9")


async def test_who_rated_enough_is_not_told_of_starter_lists(town: Town):
    await town.rate(town.alice, 10)
    assert "well-known" not in await turned_on(town)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"time_zone": "Europe/Berln"}, "Did you mean Europe/Berlin"),
        ({"time_zone": "Mars"}, "I know no time zone “Mars”"),
        ({"time_zone": "@everyone"}, "I know no time zone “@\u200beveryone”"),
        ({"hour": "29:00"}, "“29:00” is no time of day"),
        ({"hour": "25"}, "“25” is no time of day"),
        ({"hour": "18:61"}, "Write it like 18, 18:30 or 6pm"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_a_way_on(
    town: Town, options: dict[str, Any], expected: str
):
    assert expected in await refused(town, **options)


@pytest.mark.parametrize("size", [9, 51])
async def test_discord_itself_refuses_sizes_out_of_range(town: Town, size: int):
    with pytest.raises(simcord.OptionError):
        await turned_on(town, size=size)


async def test_a_channel_or_thread_can_be_chosen(town: Town):
    other = town.guild.create_text_channel("lists")
    said = await turned_on(town, channel=other)
    assert f"in <#{other.id}>" in said
    assert "Everybody there sees the list" in said
    chosen = await plan(town)
    assert (chosen.channel_id, chosen.guild_id) == (other.id, town.guild.id)


async def test_a_thread_can_be_chosen_from_inside_it(town: Town):
    thread = await _thread(town)
    handle = town.channel.threads[0]
    result = await town.alice.slash(handle, "weekly on", where="here", time_zone="Europe/Berlin")
    assert f"in <#{thread.id}>" in words(result.response)
    assert (await plan(town)).channel_id == thread.id


async def test_a_channel_where_the_bot_may_not_write_is_refused_at_once(town: Town):
    mute = discord.PermissionOverwrite(send_messages=False)
    shut = town.guild.create_text_channel("shut", overwrites={town.guild.me: mute})
    said = await refused(town, channel=shut)
    assert "I may not post in \\#shut: I lack the permissions “Send Messages”" in said
    assert "Choose another place" in said


async def test_a_channel_where_the_member_may_not_write_is_refused(town: Town):
    mute = discord.PermissionOverwrite(send_messages=False)
    news = town.guild.create_text_channel("news", overwrites={town.alice: mute})
    assert "You may not write in \\#news yourself" in await refused(town, channel=news)


async def test_a_channel_that_the_bot_does_not_see_is_refused(town: Town):
    town.env.inject_error("GET", "/channels/*", status=403, code=50001, times=9)
    hidden = town.guild.create_text_channel("hidden")
    found = town.env.bot.get_guild(town.guild.id)
    assert found is not None
    found._channels.pop(hidden.id)
    assert "I do not see that channel" in await refused(town, channel=hidden)


async def test_two_places_are_one_too_many(town: Town):
    assert "two places" in await refused(town, where="dm", channel=town.channel)


async def test_in_direct_messages_there_is_no_channel_of_a_server(town: Town):
    result = await town.alice.user.slash("weekly on", where="here", time_zone="Europe/Berlin")
    assert "no channel of a server here" in words(result.response)
    simcord.assert_error(town.env, BadInputError)
    result = await town.alice.user.slash("weekly on", time_zone="Europe/Berlin")
    assert "by direct message" in words(result.response)


async def test_a_channel_that_is_deleted_since_is_said_when_something_else_is_changed(town: Town):
    other = town.guild.create_text_channel("lists")
    await turned_on(town, channel=other)
    await _delete(town, other)
    said = await turned_on(town, hour="9")
    assert "that channel is gone" in said
    simcord.assert_error(town.env, BadInputError)
    said = await turned_on(town, hour="9", where="dm")
    assert "Every **Friday at 9:00**, by direct message" in said


async def test_a_server_that_the_bot_left_is_said_when_something_else_is_changed(town: Town):
    elsewhere = replace(plan_of(town, town.alice, town.channel), guild_id=12345)
    await town.services.weekly.turn_on(elsewhere, at=elsewhere.since)
    assert "I am no member of that server" in await turned_on(town, hour="9")
    simcord.assert_error(town.env, BadInputError)


async def test_a_copy_on_spotify_needs_an_account_there(town: Town):
    said = await refused(town, LinkingOffError, spotify="same")
    assert "Spotify accounts cannot be linked here" in said
    await turned_on(town, spotify="none")
    assert (await plan(town)).spotify is SpotifyCopy.NONE


async def test_zones_are_completed_with_the_time_there(town: Town):
    choices = await town.alice.autocomplete(town.channel, "weekly on", "time_zone", "tokyo")
    assert [choice["value"] for choice in choices] == ["Asia/Tokyo"]
    assert choices[0]["name"].startswith("Asia/Tokyo · Japan · ")
    assert choices[0]["name"].endswith("(UTC+9)")
    with speaking("de"):
        choices = await town.alice.autocomplete(town.channel, "weekly on", "time_zone", "")
    assert choices[0]["name"].startswith("Europe/Berlin · Deutschland · ")
    assert len(choices) == 25


async def test_when_says_where_and_when_or_how_to_start(town: Town):
    result = await town.alice.slash(town.channel, "weekly when")
    assert "You get no weekly lists" in words(result.response)
    await turned_on(town, day=6, hour="0")
    result = await town.alice.slash(town.channel, "weekly when")
    assert "Every **Sunday at 0:00**" in words(result.response)
    assert "Next: **Sunday" in words(result.response)


async def test_off_ends_it_and_on_starts_it_again_as_it_was(town: Town):
    result = await town.alice.slash(town.channel, "weekly off")
    assert "You get no weekly lists" in words(result.response)
    await turned_on(town, size=11)
    result = await town.alice.slash(town.channel, "weekly off")
    assert "Weekly lists are off" in words(result.response)
    assert await town.services.weekly.next_due(ListenerId(town.alice.id)) is None
    result = await town.alice.slash(town.channel, "weekly when")
    assert "Weekly lists are off" in words(result.response)
    assert "11 songs" in await turned_on(town, time_zone=None)


async def test_the_history_finds_the_week_that_had_a_song_and_opens_it(town: Town):
    result = await town.alice.slash(town.channel, "weekly history")
    assert "no weekly list so far" in words(result.response)
    week, _ = await posted(town, town.alice, town.channel)
    assert week.content is not None
    song = week.content.songs[6]
    result = await town.alice.slash(town.channel, "weekly history", search=song.title.upper())
    said = words(result.response)
    assert result.response.ephemeral
    assert "Friday 27 November 2026: 30 songs" in said
    assert "7. **" in said
    assert names(result.response) == ["27 Nov 2026"]
    opened = await press(town, town.alice, result.response, "27 Nov")
    assert "Your weekly list, Friday 27 November 2026" in words(opened)
    assert len(opened.attachments) == 2
    turned = await press(town, town.alice, opened, "Next")
    assert "Songs 6 to 10 of 30" in words(turned)
    result = await town.alice.slash(town.channel, "weekly history", search="no such song @here")
    assert "No weekly list of yours had that" in words(result.response)
    result = await town.bob.slash(town.channel, "weekly history")
    assert "no weekly list so far" in words(result.response)


async def test_where_there_are_more_weeks_than_are_listed_the_history_says_so(town: Town):
    for number in range(11):
        week = await composed(town, town.alice, day=FRIDAY - timedelta(weeks=number))
        await noted(town, week, Sent(town.channel.id, 1000 + number))
    title = list_of(town.services).songs[0].title
    result = await town.alice.slash(town.channel, "weekly history")
    assert len(names(result.response)) == 10
    assert "These are the latest 10; `search` finds older ones." in words(result.response)
    found = await town.alice.slash(town.channel, "weekly history", search=title)
    assert f"Weeks with “{title}”" in words(found.response)
    await town.services.privacy.delete(ListenerId(town.alice.id))
    await noted(town, await composed(town, town.alice), Sent(town.channel.id, 1))
    result = await town.alice.slash(town.channel, "weekly history")
    assert "the latest" not in words(result.response)


async def test_trouble_is_said_once_after_the_next_command_and_by_when_until_it_is_solved(
    town: Town,
):
    await turned_on(town)
    await _trouble(town, "Your direct messages are closed to me.")
    result = await town.alice.slash(town.channel, "weekly when")
    assert "closed to me" in words(result.response)
    assert result.followups == []
    result = await town.alice.slash(town.channel, "status")
    (notice,) = result.followups
    assert notice.ephemeral
    assert "Something is wrong with your weekly list" in words(notice)
    assert "**/weekly on** `where` or `channel` chooses another place" in words(notice)
    result = await town.alice.slash(town.channel, "status")
    assert result.followups == []
    await _trouble(town, "Your direct messages are closed to me.")
    assert (await town.alice.slash(town.channel, "help")).followups == []
    await _trouble(town, "The channel is gone.")
    (notice,) = (await town.alice.slash(town.channel, "help")).followups
    assert "The channel is gone" in words(notice)
    assert (await town.bob.slash(town.channel, "help")).followups == []
    await turned_on(town, where="here")
    result = await town.alice.slash(town.channel, "weekly when")
    assert "Something is wrong" not in words(result.response)


async def _trouble(town: Town, why: str) -> None:
    async with town.services.edits._database.writing() as uow:
        await uow.weekly_plans.set_trouble(ListenerId(town.alice.id), why)


async def _thread(town: Town) -> Any:
    channel = town.env.bot.get_channel(town.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        thread = await channel.create_thread(name="lists", type=discord.ChannelType.public_thread)
    await town.env.settle()
    return thread


async def _delete(town: Town, handle: Any) -> None:
    channel = town.env.bot.get_channel(handle.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        await channel.delete()
    await town.env.settle()
