"""Brings what is due in servers to Discord, each once."""

import contextlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import discord

from cogs._bot import ServiceBot
from cogs._breaks import FAILURES
from cogs._buttons import label_buttons
from cogs._cards import song_container
from cogs._comparing_text import name_of
from cogs._layout import Layout, text
from cogs._refusals import Refusal, refusal_of
from cogs._servers import channel_of, server_of
from cogs.server.managing import missing_in
from cogs.server.text import digest_headline, digest_text, song_headline
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.server_post import DigestTallies, PlannedPost, ServerPlan, ServerPostKind
from musicrec.domain.server_post_errors import ChannelLostError, PostDelayedError
from musicrec.domain.track import Track
from musicrec.services import post_nonce

_LOOK_BACK: Final = 100
"""Messages among which a post is looked for: what Discord gives at once."""

_GONE: Final = "the channel was deleted."
_LOST: Final[Mapping[Refusal | None, str]] = MappingProxyType(
    {
        Refusal.GONE: _GONE,
        Refusal.CLOSED: "Discord does not let me write in the channel any more.",
    }
)


class DiscordServerPost:
    """Sends a post as one message, and finds it again by its headline."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    async def send_song(self, plan: ServerPlan, post: PlannedPost, track: Track) -> int:
        """Send a card that everybody there can rate."""
        card = song_container(track, label_buttons(track.id))
        return await self._send(plan, post, Layout(text(song_headline(post)), card))

    async def send_digest(
        self,
        plan: ServerPlan,
        post: PlannedPost,
        told: DigestTallies,
        tracks: Mapping[TrackId, Track],
    ) -> int:
        """Send a digest; it names somebody only if they are still there."""
        first = await self._name(plan.guild_id, told.first_liker)
        words = digest_text(told, tracks, first)
        return await self._send(plan, post, Layout(text(f"{digest_headline(post)}\n{words}")))

    async def find(self, plan: ServerPlan, post: PlannedPost) -> int | None:
        """Look for a post among the channel's last messages."""
        is_song = post.kind is ServerPostKind.SONG
        headline = song_headline(post) if is_song else digest_headline(post)
        me = self._bot.user
        with _said():
            channel = await self._channel(plan)
            async for message in channel.history(limit=_LOOK_BACK):
                is_own = me is not None and message.author.id == me.id
                if is_own and any(one.startswith(headline) for one in _texts(message.components)):
                    return message.id
        return None

    async def _send(self, plan: ServerPlan, post: PlannedPost, layout: Layout) -> int:
        if post.id is None:
            msg = "This post is not in the ledger."
            raise PostDelayedError(msg)
        with _said():
            channel = await self._channel(plan)
            message = await channel.send(
                view=layout,
                nonce=post_nonce(post.id),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return message.id

    async def _channel(self, plan: ServerPlan) -> discord.TextChannel:
        try:
            guild = await server_of(self._bot, plan.guild_id)
        except (discord.NotFound, discord.Forbidden) as error:
            msg = "I am no member of that server any more."
            raise ChannelLostError(msg) from error
        if guild.unavailable:
            msg = "That server cannot be reached at the moment."
            raise PostDelayedError(msg)
        channel = await channel_of(guild, plan.channel_id)
        if not isinstance(channel, discord.TextChannel):
            raise ChannelLostError(_GONE)
        if missing := missing_in(channel):
            names = ", ".join(f"“{name.replace('_', ' ').title()}”" for name in missing)
            msg = f"I lack the permission {names} in #{channel.name}."
            raise ChannelLostError(msg)
        return channel

    async def _name(self, guild_id: int, listener_id: ListenerId | None) -> str | None:
        if listener_id is None:
            return None
        try:
            guild = await server_of(self._bot, guild_id)
            member = guild.get_member(listener_id) or await guild.fetch_member(listener_id)
        except FAILURES:
            return None
        return name_of(member)


@contextlib.contextmanager
def _said() -> Generator[None]:
    """Say in our words what Discord refuses."""
    try:
        yield
    except FAILURES as error:
        if (refusal := refusal_of(error)) in _LOST:
            raise ChannelLostError(_LOST[refusal]) from error
        msg = f"Discord did not take the post: {error}."
        raise PostDelayedError(msg) from error


def _texts(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _texts(getattr(component, "children", ()))
