"""What those who manage a server have posted there by the clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from cogs.server.post import DiscordServerPost
from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import ListenerId
from musicrec.domain.server_post import Cadence, ServerPlan, ServerPostKind
from musicrec.services.server_slots import next_slot
from tests.discord.test_links import ShownToAll, _manager
from tests.discord.town import DISLIKE, LIKE, Town, names, words

HOUR = timedelta(hours=1)


@pytest.fixture
def mia(town: Town) -> Any:
    """Who manages the server."""
    return _manager(town)


async def plan_of(town: Town, kind: ServerPostKind = ServerPostKind.SONG) -> ServerPlan:
    plans = await town.services.social.server_plans.of_server(town.guild.id)
    return next(plan for plan in plans if plan.kind is kind)


async def next_due(town: Town, kind: ServerPostKind = ServerPostKind.SONG) -> datetime:
    return next_slot(await plan_of(town, kind), datetime.now(UTC)).due_at


async def tick(town: Town, at: datetime) -> int:
    with town.env._bot_scope():
        n_sent = await town.services.social.server_posts.tick(at)
    await town.env.settle()
    return n_sent


def posted(town: Town, channel: Any = None) -> list[Any]:
    """What the bot wrote in a channel by itself, oldest first."""
    own = town.env.bot.user
    assert own is not None
    messages = (channel or town.channel).history()
    return [town.look(one) for one in messages if int(one.author.id) == own.id]


async def test_a_song_to_rate_is_posted_as_a_card_that_everybody_can_rate(town: Town, mia: Any):
    result = await mia.slash(
        town.channel, "settings songs", channel=town.channel, hour=7, zone="Europe/Berlin"
    )
    said = words(result.response)
    assert result.response.ephemeral
    assert f"a song to rate in <#{town.channel.id}>, every day at 7:00 (Europe/Berlin)" in said
    assert "No song comes twice." in said
    due = await next_due(town)
    assert f"<t:{int(due.timestamp())}:F>" in said
    assert await tick(town, due - HOUR) == 0
    assert await tick(town, due) == 1
    assert await tick(town, due + HOUR) == 0
    (card,) = posted(town)
    assert "### A song to rate · " in words(card)
    assert names(card)[:2] == [LIKE, DISLIKE]
    await town.click(town.alice, card, LIKE)
    await town.bob.set_reaction(card, LIKE, reacted=True)
    assert await town.counts(town.alice) == await town.counts(town.bob) == (1, 0)


async def test_the_message_has_a_nonce_of_its_own_and_pings_nobody(town: Town, mia: Any):
    await mia.slash(town.channel, "settings songs", channel=town.channel)
    await tick(town, await next_due(town))
    sent = next(r for r in reversed(town.env.http_requests) if r.path.endswith("/messages"))
    assert sent.json is not None
    assert str(sent.json["nonce"]).startswith("server-post-")
    assert sent.json["enforce_nonce"] is True
    assert sent.json["allowed_mentions"] == {"parse": []}


async def test_a_post_is_found_again_by_its_headline(town: Town, mia: Any):
    await mia.slash(town.channel, "settings songs", channel=town.channel)
    due = await next_due(town)
    await tick(town, due)
    await tick(town, due + 24 * HOUR)
    post = DiscordServerPost(town.env.bot)  # pyright: ignore[reportArgumentType] - it is ours
    plan = await plan_of(town)
    database = town.services.social.server_plans._database
    async with database.reading() as uow:
        tracks = await uow.planned_posts.tracks_of(town.guild.id)
        lines = [await uow.planned_posts.get(number) for number in range(1, 3)]  # pyright: ignore[reportArgumentType] - ids are numbers
    assert len(tracks) == 2
    with town.env._bot_scope():
        found = [await post.find(plan, line) for line in lines if line is not None]
    assert found == [line.message_id for line in lines if line is not None]
    assert len(set(found)) == 2


async def test_discord_failing_delays_a_post_and_repeats_nothing(town: Town, mia: Any):
    await mia.slash(town.channel, "settings songs", channel=town.channel)
    due = await next_due(town)
    town.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    assert await tick(town, due) == 0
    assert posted(town) == []
    assert await tick(town, due + timedelta(minutes=3)) == 1
    assert len(posted(town)) == 1


async def test_a_deleted_channel_ends_it_and_managers_are_told_at_their_next_settings(
    town: Town, mia: Any
):
    other = town.guild.create_text_channel("songs")
    await mia.slash(town.channel, "settings songs", channel=other)
    due = await next_due(town)
    channel = town.env.bot.get_channel(other.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        await channel.delete()
    await town.env.settle()
    assert await tick(town, due) == 0
    told = words((await mia.slash(town.channel, "settings links")).response)
    assert "I stopped posting a song to rate: the channel was deleted." in told
    assert "Choose a channel with `/settings songs`." in told
    again = await mia.slash(town.channel, "settings songs", channel=town.channel)
    assert "I stopped" not in words(again.response)


async def test_a_channel_that_was_closed_to_the_bot_ends_it_with_the_permission(
    town: Town, mia: Any
):
    closed = town.guild.create_text_channel(
        "songs", overwrites={town.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    plan = ServerPlan(
        town.guild.id, ServerPostKind.SONG, closed.id, Cadence.DAILY, 0, 0, "UTC", datetime.now(UTC)
    )
    begun = await town.services.social.server_plans.begin(plan)
    assert await tick(town, begun.first_at) == 0
    told = words((await mia.slash(town.channel, "settings show")).response)
    assert "I lack the permission “Send Messages” in \\#songs." in told
    assert "I post nothing here by the clock." in told


async def test_what_discord_forbids_ends_it(town: Town, mia: Any):
    await mia.slash(town.channel, "settings songs", channel=town.channel)
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    assert await tick(town, await next_due(town)) == 0
    told = words((await mia.slash(town.channel, "settings show")).response)
    assert "Discord does not let me write in the channel any more." in told


async def test_a_digest_tells_numbers_and_names_the_first_liker_who_agreed(town: Town, mia: Any):
    song = town.services.songs.suggest("")[5]
    card = await town.post(song)
    carol = town.guild.add_member(town.env.create_user("carol"))
    for member in (town.alice, town.bob, carol):
        await town.click(member, card, LIKE)
    await town.services.social.comparing.allow(
        ListenerId(town.alice.id), town.guild.id, at=datetime.now(UTC)
    )
    other = town.guild.create_text_channel("week")
    soon = datetime.now(UTC) + timedelta(days=3)
    begun = await mia.slash(
        town.channel, "settings digest", channel=other, day=soon.weekday(), hour=9
    )
    assert "the week's digest in" in words(begun.response)
    assert "counts only what is said on the public cards of this server" in words(begun.response)
    assert f"every {soon:%A} at 9:00 (UTC)" in words(begun.response)
    due = await next_due(town, ServerPostKind.DIGEST)
    assert await tick(town, due) == 1
    (digest,) = posted(town, other)
    told = words(digest)
    assert "### The week of this server · " in told
    assert "3 verdicts by 3 people" in told
    assert "3 👍, 0 👎" in told
    assert "First to like the first of them: **alice**." in told


async def test_a_week_without_enough_verdicts_has_no_digest(town: Town, mia: Any):
    card = await town.post(town.services.songs.suggest("")[5])
    await town.click(town.alice, card, LIKE)
    await mia.slash(town.channel, "settings digest", channel=town.channel)
    before = len(posted(town))
    assert await tick(town, await next_due(town, ServerPostKind.DIGEST)) == 0
    assert len(posted(town)) == before


async def test_the_settings_are_shown_and_end_without_a_channel(town: Town, mia: Any):
    nothing = await mia.slash(town.channel, "settings show")
    assert "I post nothing here by the clock." in words(nothing.response)
    await mia.slash(
        town.channel, "settings songs", channel=town.channel, when="weekly", day=4, hour=20
    )
    shown = words((await mia.slash(town.channel, "settings show")).response)
    assert "every Friday at 20:00 (UTC)" in shown
    ended = await mia.slash(town.channel, "settings songs")
    assert "I do not post a song to rate any more." in words(ended.response)
    again = await mia.slash(town.channel, "settings songs")
    assert "I did not post a song to rate anyway." in words(again.response)


async def test_an_unknown_time_zone_is_refused_and_known_ones_complete(town: Town, mia: Any):
    result = await mia.slash(
        town.channel, "settings songs", channel=town.channel, zone="Middle Earth"
    )
    assert "I know no time zone “Middle Earth”" in words(result.response)
    simcord.assert_error(town.env, BadInputError)
    choices = await mia.autocomplete(town.channel, "settings songs", "zone", "berl")
    assert "Europe/Berlin" in [choice["value"] for choice in choices]


async def test_a_channel_where_the_bot_may_not_write_is_refused(town: Town, mia: Any):
    closed = town.guild.create_text_channel(
        "closed", overwrites={town.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await mia.slash(town.channel, "settings songs", channel=closed)
    assert "I lack the permission “Send Messages”" in words(result.response)
    simcord.assert_error(town.env, app_commands.BotMissingPermissions)


@pytest.mark.parametrize("command", ["songs", "digest", "quiet", "show"])
async def test_only_those_who_manage_the_server_may_choose(town: Town, command: str):
    await town.env.restart_bot(ShownToAll(town.services, reads_messages=True))
    result = await town.alice.slash(town.channel, f"settings {command}")
    assert "you lack the permission “Manage Guild”" in words(result.response)
    simcord.assert_error(town.env, app_commands.MissingPermissions)


async def test_a_server_that_the_bot_leaves_is_forgotten(town: Town, mia: Any):
    await mia.slash(town.channel, "settings songs", channel=town.channel)
    guild = town.env.bot.get_guild(town.guild.id)
    with town.env._bot_scope():
        town.env.bot.dispatch("guild_remove", guild)
    await town.env.settle()
    assert await town.services.social.server_plans.of_server(town.guild.id) == []
