"""What the bot asks of servers and of members: no more than its features need, and all of that."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.check import INTENTS, PERMISSIONS, READING, invite_url
from bot.client import MusicBot
from cogs.server.managing import _NEEDED
from cogs.weekly.rooms import _OF_ME
from musicrec.services import Services
from tests.discord.strangers import command, leaves
from tests.discord.test_server_posts import posted
from tests.discord.town import Town

DOCUMENT = (Path(__file__).parents[2] / "docs/security.md").read_text("utf-8")
IN_THREADS = "send_messages_in_threads"
SETTINGS = (
    "settings digest",
    "settings links",
    "settings quiet",
    "settings show",
    "settings songs",
)


def rows_below(heading: str) -> list[str]:
    """Return the first cells of a table."""
    table = DOCUMENT.split(f"| {heading} |")[1].split("\n\n")[0]
    return re.findall(r"(?m)^\| (`.*?) \|", table)


def named_below(heading: str) -> set[str]:
    return {name for row in rows_below(heading) for name in re.findall(r"`(\w+)`", row)}


def test_the_document_names_every_permission_that_features_look_for_and_no_other():
    assert named_below("Permission") == {*_NEEDED, *_OF_ME, IN_THREADS}


def test_the_invite_link_asks_for_what_the_document_names():
    query = parse_qs(urlsplit(invite_url(1)).query)
    asked = discord.Permissions(int(query["permissions"][0]))
    named = named_below("Permission") - {IN_THREADS}
    assert asked == discord.Permissions(**dict.fromkeys(named, True))
    assert set(PERMISSIONS) == named
    assert query["scope"] == ["bot applications.commands"]
    risky = discord.Permissions.elevated() | discord.Permissions(mention_everyone=True)
    assert not (asked & risky).value


def test_the_document_names_every_intent(services: Services):
    reading = MusicBot(services, reads_messages=True)
    asked = {name for name, on in reading.intents if on}
    assert asked == set(INTENTS) | set(READING) == named_below("Intent")
    assert {name for name, on in MusicBot(services).intents if on} == set(INTENTS)


async def test_discord_hides_settings_and_nothing_else_from_those_who_do_not_manage(town: Town):
    manage = str(discord.Permissions(manage_guild=True).value)
    published = next(r for r in town.env.http_requests if r.path.endswith("/commands"))
    asked = {one["name"]: one.get("default_member_permissions") for one in published.json or []}
    assert str(asked.pop("settings")) == manage
    assert {name: one for name, one in asked.items() if one is not None} == {}


async def test_every_setting_is_here(town: Town):
    found = [name for name in leaves(town.env.bot) if name.startswith("settings")]
    assert sorted(found) == sorted(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
async def test_settings_refuse_who_does_not_manage_even_where_the_server_shows_them(
    town: Town, name: str
):
    options: dict[str, Any] = {"channel": town.channel}
    if name in {"settings quiet", "settings show"}:
        options = {"begin": 1, "end": 2} if name.endswith("quiet") else {}
    seen = await command(town, town.bob, town.channel, name, options)
    assert "You may not do that here: you lack the permission “Manage Guild”." in seen.text
    assert await town.services.social.server_plans.of_server(town.guild.id) == []
    assert posted(town) == []
    _ = town.env.errors


@pytest.mark.parametrize("name", SETTINGS)
async def test_settings_are_for_servers(town: Town, name: str):
    seen = await command(town, town.bob.user, town.bob.user.dm_channel, name, {})
    assert "That is for servers" in seen.text
    _ = town.env.errors


async def test_who_manages_another_server_manages_nothing_here(town: Town):
    other = town.env.create_guild("Elsewhere")
    role = other.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    user = town.env.create_user("eve")
    there = other.add_member(user, roles=[role])
    here = town.guild.add_member(user)
    lobby = other.create_text_channel("lobby")
    assert "Posted" not in (await command(town, there, lobby, "settings show", {})).text
    seen = await command(town, here, town.channel, "settings songs", {"channel": town.channel})
    assert "You may not do that here" in seen.text
    assert await town.services.social.server_plans.of_server(town.guild.id) == []
    _ = town.env.errors
