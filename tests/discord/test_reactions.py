"""👍 and 👎 as native reactions."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import discord
import pytest

from bot.client import MusicBot
from cogs._cards import post_card
from musicrec.domain.ids import ListenerId
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.town import Town, town_of


class Beside(MusicBot):
    """A bot beside another process that hears the same."""

    @property
    def is_doubled(self) -> bool:
        return True


@pytest.fixture
async def handover(services: Services) -> AsyncIterator[Town]:
    async with town_of(services, Beside(services)) as running:
        yield running


async def test_a_reaction_is_a_label_and_removing_it_takes_it_back(town: Town, song: Track):
    card = await town.post(song)
    await town.bob.set_reaction(card, "👎", reacted=True)
    assert await town.counts(town.bob) == (0, 1)
    await town.bob.set_reaction(card, "👎", reacted=False)
    assert await town.counts(town.bob) == (0, 0)


async def test_the_other_reaction_changes_the_label(town: Town, song: Track):
    card = await town.post(song)
    await town.bob.set_reaction(card, "👍", reacted=True)
    await town.bob.set_reaction(card, "👎", reacted=True)
    assert await town.counts(town.bob) == (0, 1)
    await town.bob.set_reaction(card, "👍", reacted=False)
    assert await town.counts(town.bob) == (0, 1)


@pytest.mark.parametrize("emoji", ["👍🏻", "👍🏽", "👍🏿"])
async def test_every_skin_tone_counts(town: Town, song: Track, emoji: str):
    card = await town.post(song)
    await town.bob.set_reaction(card, emoji, reacted=True)
    assert await town.counts(town.bob) == (1, 0)


async def test_reactions_stay_quiet(town: Town, song: Track):
    card = await town.post(song)
    before = len(town.channel.history())
    await town.bob.set_reaction(card, "👍", reacted=True)
    assert len(town.channel.history()) == before


async def test_reactions_count_after_a_restart(town: Town, song: Track):
    card = await town.post(song)
    await town.bob.set_reaction(card, "👍", reacted=True)
    await town.restart()
    await town.bob.set_reaction(card, "👍", reacted=False)
    await town.alice.set_reaction(card, "👎", reacted=True)
    assert await town.counts(town.bob) == (0, 0)
    assert await town.counts(town.alice) == (0, 1)


async def test_reactions_of_bots_do_not_count(town: Town, song: Track):
    card = await town.post(song)
    robot = town.guild.add_member(town.env.create_user("robot", bot=True))
    await robot.set_reaction(card, "👍", reacted=True)
    assert await town.counts(robot) == (0, 0)


async def test_the_bots_own_reaction_does_not_count(town: Town, song: Track):
    card = await town.post(song)
    channel = town.env.bot.get_channel(town.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        await channel.get_partial_message(card.id).add_reaction("👍")
    await town.env.settle()
    assert await town.counts(town.env.bot.user) == (0, 0)


async def test_other_emoji_and_other_messages_do_not_count(town: Town, song: Track):
    card = await town.post(song)
    chatter = await town.alice.send(town.channel, "what a song")
    await town.bob.set_reaction(card, "🎉", reacted=True)
    await town.bob.set_reaction(chatter, "👍", reacted=True)
    assert await town.counts(town.bob) == (0, 0)


async def test_reactions_in_direct_messages_count(town: Town, song: Track):
    carol = town.env.create_user("carol")
    with town.env._bot_scope():
        channel = await town.env.bot.create_dm(discord.Object(carol.id))
        message = await post_card(channel, song, town.services, datetime.now(UTC))
    await town.env.settle()
    await carol.set_reaction(message, "👍", reacted=True)
    assert await town.counts(carol) == (1, 0)
    await carol.set_reaction(message, "👍", reacted=False)
    assert await town.counts(carol) == (0, 0)


async def test_a_button_and_a_reaction_speak_of_one_label(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.bob, card, "👍")
    await town.bob.set_reaction(card, "👎", reacted=True)
    assert await town.counts(town.bob) == (0, 1)


async def test_what_another_process_heard_too_does_not_count_again_though_it_comes_late(
    handover: Town, song: Track
):
    town, heard = handover, list[discord.RawReactionActionEvent]()

    async def on_raw_reaction_add(event: discord.RawReactionActionEvent) -> None:
        heard.append(event)

    assert isinstance(town.env.bot, MusicBot)
    town.env.bot.add_listener(on_raw_reaction_add)
    card = await town.post(song)
    await town.bob.set_reaction(card, "👍", reacted=True)
    await town.click(town.bob, card, "👎")
    for event in [*heard]:
        with town.env._bot_scope():
            town.env.bot.dispatch("raw_reaction_add", event)
    await town.env.settle()
    assert len(heard) == 2
    assert await town.counts(town.bob) == (0, 1)
    shown = await town.services.privacy.show(ListenerId(town.bob.id))
    assert shown.held["label_events"] == 2


async def test_every_change_of_a_reaction_counts_during_a_handover(handover: Town, song: Track):
    card = await handover.post(song)
    for reacted in (True, False, True):
        await handover.bob.set_reaction(card, "👍", reacted=reacted)
        assert await handover.counts(handover.bob) == (int(reacted), 0)
