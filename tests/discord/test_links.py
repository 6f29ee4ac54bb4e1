"""Links of songs become cards in the channel that a server chose, and nowhere else."""

import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.client import MusicBot
from bot.container import open_services
from musicrec.domain.errors import StorageError
from tests.discord.test_adding import _connected, stand_ins
from tests.discord.test_errors import Failing, _with
from tests.discord.town import LIKE, Town, names, town_of, words
from tests.stand_ins.town import StandIns, serving_aside, without_pauses
from tests.stand_ins.world import SONGS

__all__ = ["stand_ins"]


def link(number: int) -> str:
    return f"https://open.spotify.com/intl-de/track/{SONGS[number].spotify_id}?si=abc"


@pytest.fixture
async def town(small_catalogue: Path, tmp_path: Path, stand_ins: StandIns) -> AsyncIterator[Town]:
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    with serving_aside(stand_ins) as settings:
        async with (
            open_services(
                data_dir=tmp_path, worker_processes=1, sources=without_pauses(settings)
            ) as services,
            _connected(services, stand_ins),
            town_of(services, MusicBot(services, reads_messages=True)) as running,
        ):
            yield running


@pytest.fixture
def manager(town: Town) -> Any:
    return _manager(town)


def _manager(town: Town) -> Any:
    role = town.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    return town.guild.add_member(town.env.create_user("mia"), roles=[role])


@pytest.fixture
async def chosen(town: Town, manager: Any) -> Town:
    result = await manager.slash(town.channel, "settings links", channel=town.channel)
    assert result.response.ephemeral
    assert f"<#{town.channel.id}>" in words(result.response)
    return town


def cards(town: Town, channel: Any = None) -> list[Any]:
    """What the bot wrote in a channel, oldest first."""
    messages = (channel or town.channel).history()
    own = town.env.bot.user
    return [town.look(each) for each in messages if own and each.author.id == own.id]


async def test_a_link_gets_a_card_that_everybody_can_rate(chosen: Town) -> None:
    posted = await chosen.alice.send(chosen.channel, f"listen to this: {link(0)}!")
    (card,) = cards(chosen)
    assert "Lamplighter" in words(card)
    sent = next(r for r in reversed(chosen.env.http_requests) if r.path.endswith("/messages"))
    assert sent.json is not None
    assert sent.json["message_reference"]["message_id"] in {posted.id, str(posted.id)}
    assert sent.json["allowed_mentions"] == {"parse": [], "replied_user": False}
    await chosen.click(chosen.bob, card, LIKE)
    await chosen.alice.set_reaction(card, LIKE, reacted=True)
    assert await chosen.counts(chosen.bob) == await chosen.counts(chosen.alice) == (1, 0)


async def test_of_many_links_the_first_three_get_a_card_each(chosen: Town) -> None:
    await chosen.alice.send(chosen.channel, " ".join(link(n) for n in (0, 0, 1, 2, 3)))
    said = [words(card) for card in cards(chosen)]
    assert len(said) == 3
    assert "Lamplighter" in said[0]
    assert "Snow on the Quay" in said[1]
    assert "Market Day" in said[2]


async def test_a_known_song_gets_its_card_without_asking_anybody(
    chosen: Town, stand_ins: StandIns
) -> None:
    await chosen.alice.send(chosen.channel, link(0))
    n_requests = stand_ins.n_requests
    await chosen.bob.send(chosen.channel, link(0))
    assert len(cards(chosen)) == 2
    assert stand_ins.n_requests == n_requests


async def test_whoever_floods_the_channel_gets_six_cards_a_minute(chosen: Town) -> None:
    for _ in range(4):
        await chosen.alice.send(chosen.channel, " ".join(link(n) for n in (0, 1, 2)))
    assert len(cards(chosen)) == 6


async def test_messages_without_links_of_songs_elsewhere_or_of_bots_are_left_alone(
    chosen: Town, stand_ins: StandIns
) -> None:
    other = chosen.guild.create_text_channel("talk")
    robot = chosen.guild.add_member(chosen.env.create_user("robot", bot=True))
    await chosen.alice.send(other, link(0))
    await robot.send(chosen.channel, link(0))
    await chosen.alice.send(chosen.channel, "https://example.com/track/1 and just words")
    own = chosen.env.bot.user
    assert own is not None
    await chosen.alice.send(chosen.channel, f"<@{own.id}> what is this?")
    assert cards(chosen) == cards(chosen, other) == []
    assert not stand_ins.n_requests


async def test_a_song_that_nobody_knows_is_left_alone_with_a_line_in_the_log(
    chosen: Town, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="musicrec.services.links"):
        unknown = "https://open.spotify.com/track/" + "0" * 22
        await chosen.alice.send(chosen.channel, f"{unknown} {link(0)}")
    (card,) = cards(chosen)
    assert "Lamplighter" in words(card)
    assert "leads to no song that is known" in caplog.text


async def test_without_a_channel_the_setting_ends(chosen: Town, manager: Any) -> None:
    result = await manager.slash(chosen.channel, "settings links")
    assert "left alone from now on" in words(result.response)
    await chosen.alice.send(chosen.channel, link(0))
    assert cards(chosen) == []
    again = await manager.slash(chosen.channel, "settings links")
    assert "left alone already" in words(again.response)


async def test_the_channel_survives_a_restart_of_the_bot_and_is_forgotten_when_it_leaves(
    chosen: Town,
) -> None:
    await chosen.env.restart_bot(MusicBot(chosen.services, reads_messages=True))
    await chosen.alice.send(chosen.channel, link(0))
    assert len(cards(chosen)) == 1
    guild = chosen.env.bot.get_guild(chosen.guild.id)
    with chosen.env._bot_scope():
        chosen.env.bot.dispatch("guild_remove", guild)
    await chosen.env.settle()
    await chosen.alice.send(chosen.channel, link(1))
    assert len(cards(chosen)) == 1


class ShownToAll(MusicBot):
    """The bot on a server whose managers let everybody see its settings."""

    async def setup_hook(self) -> None:
        await super().setup_hook()
        settings = self.tree.get_command("settings")
        assert isinstance(settings, app_commands.Group)
        settings.default_permissions = None
        await self.tree.sync()


async def test_only_those_who_manage_the_server_may_choose(town: Town) -> None:
    await town.env.restart_bot(ShownToAll(town.services, reads_messages=True))
    result = await town.alice.slash(town.channel, "settings links", channel=town.channel)
    assert "you lack the permission “Manage Guild”" in words(result.response)
    simcord.assert_error(town.env, app_commands.MissingPermissions)


async def test_others_do_not_even_see_the_setting(town: Town) -> None:
    assert "settings links" not in town.alice.available_commands(town.channel)
    assert "settings links" in _manager(town).available_commands(town.channel)
    published = next(r for r in town.env.http_requests if r.path.endswith("/commands"))
    settings = next(each for each in published.json or [] if each["name"] == "settings")
    manage_guild = discord.Permissions(manage_guild=True).value
    assert int(settings["default_member_permissions"]) == manage_guild


async def test_a_channel_where_the_bot_may_not_write_is_refused(town: Town, manager: Any) -> None:
    closed = town.guild.create_text_channel(
        "closed", overwrites={town.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await manager.slash(town.channel, "settings links", channel=closed)
    assert "I lack the permission “Send Messages”" in words(result.response)
    simcord.assert_error(town.env, app_commands.BotMissingPermissions)


async def test_a_card_that_discord_refuses_is_a_line_in_the_log(
    chosen: Town, caplog: pytest.LogCaptureFixture
) -> None:
    chosen.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await chosen.alice.send(chosen.channel, link(0))
    assert cards(chosen) == []
    assert "stays without card" in caplog.text


async def test_a_database_out_of_reach_is_in_the_log_and_nowhere_else(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    broken = _with(town.services, links=Failing(StorageError("gone")))
    await town.env.restart_bot(MusicBot(broken, reads_messages=True))
    await town.alice.send(town.channel, link(0))
    assert cards(town) == []
    assert "could not be looked up" in caplog.text


async def test_without_the_intent_the_setting_says_what_the_operator_must_do(
    town: Town, manager: Any
) -> None:
    await town.restart()
    result = await manager.slash(town.channel, "settings links", channel=town.channel)
    assert "“Message Content Intent”" in words(result.response)
    assert "READ_MESSAGES=true" in words(result.response)
    assert names(result.response) == []
    await town.alice.send(town.channel, link(0))
    assert cards(town) == []
