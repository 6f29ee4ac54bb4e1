"""Help, status, welcome, and how the commands present themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.client import EXTENSIONS, MusicBot
from cogs._last_hour import HourTally
from cogs._watch import Answered, Kind, Outcome, Watch
from cogs.guide.render import answers_line, sources_lines, status_text
from musicrec.domain.recall import AuditedFilter, RecallAudit
from musicrec.domain.source_answer import SourceClosure, SourceState
from musicrec.services import Services
from tests.discord.town import LIKE, Town, names, words


async def test_help_names_every_command(town: Town):
    result = await town.alice.slash(town.channel, "help")
    assert result.response.ephemeral
    others = {command.name for command in await _commands(town.services)} - {"help"}
    assert len(others) == 18
    assert {name for name in others if f"/{name}" not in words(result.response)} == set()


async def test_status_tells_version_songs_and_database(town: Town):
    result = await town.alice.slash(town.channel, "status")
    assert result.response.ephemeral
    said = words(result.response)
    assert "musicrec 0." in said
    assert " songs from " in said
    assert "The database (sqlite) answers" in said


async def test_status_does_not_pretend_to_have_counted_millions_of_ratings(services: Services):
    status = await services.status.status(at=datetime.now(UTC))
    tally = Watch().last_hour
    assert "- 0 ratings; " in status_text(status, tally)
    few, many = (replace(status, n_labels=n) for n in (99_999, 2_000_000))
    assert "- 99,999 ratings; " in status_text(few, tally)
    assert "- about 2,000,000 ratings; " in status_text(many, tally)


async def test_status_tells_what_audits_of_the_last_week_found(town: Town):
    at = discord.utils.snowflake_time(town.guild.id)
    found = RecallAudit("v1", 6_000, "blend", 20, AuditedFilter.NONE, 50, 50, 1.0, at)
    async with town.services.audits._database.writing() as uow:
        await uow.audits.add(replace(found, found=1, at=at - timedelta(days=8)))
    assert "best songs" not in words((await town.alice.slash(town.channel, "status")).response)
    async with town.services.audits._database.writing() as uow:
        await uow.audits.add(*[found] * 49, replace(found, found=49))
    said = words((await town.alice.slash(town.channel, "status")).response)
    assert "Lists hold 99.9 % of the best songs (50 checks this week)" in said


async def test_status_tells_how_many_answers_failed_since_the_start(town: Town):
    first = words((await town.alice.slash(town.channel, "status")).response)
    assert "Since I started 1 minute ago: nobody has asked me anything yet" in first
    for outcome in (Outcome.DONE, Outcome.REFUSED, Outcome.FAILED):
        town.watch.count(Answered(Kind.PRESS, "LabelButton", outcome, 0.1))
    said = words((await town.alice.slash(town.channel, "status")).response)
    assert "Since I started 1 minute ago: 4 answers, 25 % failed (1)" in said


def test_an_hour_without_failures_says_so_and_a_rare_failure_is_not_rounded_away():
    assert answers_line(HourTally(12_345, 0, 60)) == "- Last hour: 12,345 answers, none failed"
    assert "0.1 % failed (1)" in answers_line(HourTally(12_345, 1, 60))


async def test_status_tells_which_sources_answer_and_why_others_do_not(town: Town):
    said = words((await town.alice.slash(town.channel, "status")).response)
    assert "Not asked since I started: Deezer" in said
    at = discord.utils.snowflake_time(town.guild.id)
    sources = [
        SourceState("Deezer", at),
        SourceState("iTunes", at, "it did not answer in time"),
        SourceState("MusicBrainz", at, "HTTP 429"),
    ]
    closure = SourceClosure("MusicBrainz", "", at + timedelta(hours=1), "quota")
    stamp = int(at.timestamp())
    assert sources_lines(sources, [closure]) == [
        "- Answered when I asked last: Deezer",
        f"- iTunes failed <t:{stamp}:R>: it did not answer in time",
        f"- MusicBrainz is closed until <t:{stamp + 3600}:f>: quota",
    ]


async def test_a_new_server_is_welcomed_in_its_system_channel(town: Town):
    guild = town.env.create_guild("Newtown")
    channel = guild.create_text_channel("lobby")
    await _join(town, guild, system_channel=channel)
    welcome = channel.history()[-1]
    assert "/rate" in words(town.look(welcome))
    result = await town.click(
        guild.add_member(town.env.create_user("carol")), welcome, "Start rating"
    )
    assert LIKE in names(result.response)


async def test_a_server_without_a_system_channel_is_left_in_peace(town: Town):
    guild = town.env.create_guild("Silent")
    channel = guild.create_text_channel("lobby")
    await _join(town, guild, system_channel=None)
    assert channel.history() == []


async def test_a_closed_system_channel_is_respected(town: Town):
    guild = town.env.create_guild("Closed")
    me = guild.me
    assert me is not None
    channel = guild.create_text_channel(
        "lobby", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    await _join(town, guild, system_channel=channel)
    assert channel.history() == []


async def test_a_welcome_that_discord_refuses_harms_nothing(town: Town):
    guild = town.env.create_guild("Odd")
    channel = guild.create_text_channel("lobby")
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await _join(town, guild, system_channel=channel)
    assert channel.history() == []
    assert town.env.errors == []


async def _join(town: Town, guild: Any, *, system_channel: Any) -> None:
    """Let the bot notice that it joined; simcord has no system channels of its own."""
    found = town.env.bot.get_guild(guild.id)
    assert found is not None
    found._system_channel_id = system_channel.id if system_channel else None
    with town.env._bot_scope():
        town.env.bot.dispatch("guild_join", found)
    await town.env.settle()


async def _commands(services: Services) -> list[Any]:
    bot = MusicBot(services)
    for extension in EXTENSIONS:
        await bot.load_extension(extension)
    return bot.tree.get_commands()


def _leaves(commands: list[Any]) -> list[app_commands.Command[Any, ..., Any]]:
    leaves: list[Any] = []
    for command in commands:
        is_group = isinstance(command, app_commands.Group)
        leaves += _leaves(command.commands) if is_group else [command]
    return leaves


async def test_every_command_describes_itself_within_discords_limits(town: Town):
    leaves = _leaves(await _commands(town.services))
    assert {leaf.qualified_name for leaf in leaves} == {
        "blend",
        "bridge",
        "explore",
        "help",
        "link listenbrainz",
        "link spotify",
        "link status",
        "passport",
        "playlist doctor",
        "playlist export",
        "playlist history",
        "playlist make",
        "playlist prune",
        "playlist sort",
        "playlist undo",
        "predict",
        "privacy delete",
        "privacy export",
        "privacy show",
        "rate",
        "recommend",
        "share off",
        "share on",
        "settings digest",
        "settings links",
        "settings quiet",
        "settings show",
        "settings songs",
        "share status",
        "song add",
        "song post",
        "song search",
        "status",
        "taste compare",
        "taste corrections",
        "taste rewind",
        "taste scoreboard",
        "taste show",
        "taste undo",
        "train",
        "unlink",
        "weekly history",
        "weekly now",
        "weekly off",
        "weekly on",
        "weekly quiet",
        "weekly when",
    }
    for leaf in leaves:
        assert 10 < len(leaf.description) <= 100
        assert not leaf.description.endswith("…")
        for parameter in leaf.parameters:
            assert 5 < len(str(parameter.description)) <= 100, parameter.name


async def test_commands_are_there_for_servers_users_and_direct_messages(town: Town):
    published = next(r for r in town.env.http_requests if r.path.endswith("/commands"))
    assert len(published.json or []) == 19
    for command in published.json or []:
        # What people share and do together stays on their server, settings are a server's own.
        in_servers_alone = command["name"] in {"blend", "bridge", "settings", "share"}
        assert command["integration_types"] == ([0] if in_servers_alone else [0, 1])
        assert command["contexts"] == ([0] if in_servers_alone else [0, 1, 2])


async def test_the_bot_asks_for_no_privileged_intent_unless_it_shall_read_messages(
    services: Services,
):
    bot = MusicBot(services)
    assert {name for name, on in bot.intents if on} == {"guilds", "guild_reactions", "dm_reactions"}
    reading = MusicBot(services, reads_messages=True)
    more = {name for name, on in reading.intents if on} - {name for name, on in bot.intents if on}
    assert more == {"guild_messages", "message_content"}
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == {"parse": []}


@pytest.mark.parametrize("command", ["help", "status", "rate", "privacy show"])
async def test_commands_work_in_direct_messages(town: Town, command: str):
    carol = town.env.create_user("carol")
    result = await carol.slash(command)
    assert words(result.response)


async def test_a_second_start_publishes_the_same_commands(town: Town):
    await town.restart()
    published = [r.json for r in town.env.http_requests if r.path.endswith("/commands")]
    assert len(published) == 2
    assert published[0] == published[1]
    simcord.assert_no_errors(town.env)
