"""A Discord server on simcord with the real bot, two members, and eyes for V2 messages."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeAlias

import discord
import simcord
from discord.ext import commands
from simcord.components import walk_components
from simcord.results import ResponseMessage

from bot.client import MusicBot
from cogs._cards import post_card
from cogs._limits import Limits
from cogs._watch import Watch
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.openapi import check_payloads

Member: TypeAlias = Any
"""A ``MemberActor``, or a ``UserHandle`` in direct messages."""

LIKE, DISLIKE = "👍", "👎"


@dataclass
class Town:
    """One running environment."""

    env: simcord.Env
    services: Services
    guild: Any
    channel: Any
    alice: Member
    bob: Member

    @property
    def watch(self) -> Watch:
        """What the bot that runs now knows of its answers."""
        assert isinstance(self.env.bot, MusicBot)
        return self.env.bot.watch

    async def restart(self) -> None:
        """Start a new bot on the same database and the same Discord."""
        await self.env.restart_bot(unlimited(self.services))

    async def post(self, track: Track) -> ResponseMessage:
        """Post a public card as the bot does by itself."""
        channel = self.env.bot.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        with self.env._bot_scope():
            message = await post_card(channel, track, self.services, datetime.now(UTC))
        await self.env.settle()
        return self.look(message)

    def look(self, message: Any) -> ResponseMessage:
        """Return a message as it is now."""
        channel_id = message.channel_id if hasattr(message, "channel_id") else message.channel.id
        return ResponseMessage(self.env, self.env.backend.get_message(channel_id, message.id))

    async def click(self, member: Member, message: Any, name: str) -> Any:
        """Click the first button with this emoji or label."""
        button = next(b for b in buttons(self.look(message)) if name_of(b) == name)
        return await member.click(message, custom_id=button["custom_id"])

    async def counts(self, member: Member) -> tuple[int, int]:
        """Return the likes and dislikes that are stored of a member."""
        summary = await self.services.privacy.show(ListenerId(member.id))
        counts = LabelCounts(summary.likes, summary.dislikes)
        return counts.likes, counts.dislikes

    async def rate(self, member: Member, n: int) -> list[Track]:
        """Rate ``n`` songs behind Discord's back; likes are the calm ones."""
        rated: list[Track] = []
        for number in range(n):
            at = datetime.now(UTC)
            song = await self.services.rating.next_song(ListenerId(member.id), at=at)
            value = LabelValue.LIKE if song.track.features["energy"] < 0.7 else LabelValue.DISLIKE
            await self.services.labels.press(
                ListenerId(member.id),
                song.track.id,
                value,
                at=at,
                event_key=f"behind:{member.id}:{song.track.id}:{number}",
            )
            rated.append(song.track)
        return rated


def unlimited(services: Services, *, reads_messages: bool = False) -> MusicBot:
    """Return a bot for which so much time passes between any two presses that none is too many."""
    limits = Limits(clock=count(step=1e6).__next__)
    return MusicBot(services, reads_messages=reads_messages, limits=limits)


@contextlib.asynccontextmanager
async def town_of(services: Services, bot: commands.Bot | None = None) -> AsyncGenerator[Town]:
    """Run the bot in a server with one channel and two members.

    Afterwards, errors that no test expected and payloads that Discord would refuse are failures.
    """
    # Not simcord.run(): it must be left in the context that entered it, and fixtures are not.
    env = simcord.Env(bot or unlimited(services), settle_timeout=60)
    await env.start()
    try:
        guild = env.create_guild("Town")
        channel = guild.create_text_channel("music")
        alice, bob = (guild.add_member(env.create_user(name)) for name in ("alice", "bob"))
        yield Town(env, services, guild, channel, alice, bob)
    finally:
        await env.shutdown()
    env._raise_errors_since(env._errors_acknowledged)
    check_payloads(env.http_requests)


def words(message: Any) -> str:
    """Return everything that a message says."""
    shown = [
        component["content"]
        for component in walk_components(message.components)
        if component["type"] == 10
    ]
    return "\n".join([message.content, *shown]).strip()


def buttons(message: Any) -> list[dict[str, Any]]:
    """Return the buttons of a message in their order."""
    return [
        component for component in walk_components(message.components) if component["type"] == 2
    ]


def names(message: Any) -> list[str]:
    """Return the emoji or label of every button."""
    return [name_of(button) for button in buttons(message)]


def name_of(button: dict[str, Any]) -> str:
    return button.get("label") or button["emoji"]["name"]


def track_id_of(message: Any) -> str:
    """Return the song that the first 👍 of a message is about."""
    like = next(b for b in buttons(message) if name_of(b) == LIKE)
    return like["custom_id"].split(":", 5 if like["custom_id"].startswith("rate") else 4)[-1]
