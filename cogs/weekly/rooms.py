"""Channels and threads: whether a list may be posted there."""

from typing import Any, Final, TypeAlias

import discord
from discord import app_commands

from cogs._servers import channel_of

Room: TypeAlias = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

_TYPES: Final = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]

_OF_ME: Final = ("view_channel", "send_messages", "attach_files", "read_message_history")
"""History, because a list whose sending broke off is looked for before it is sent again."""
_OF_MEMBERS: Final = ("view_channel", "send_messages")


class RoomOption(app_commands.Transformer):
    """A channel or thread as Discord names it; whether the bot sees it is found out later."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The kind of option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What Discord lets members choose from."""
        return _TYPES

    async def transform(
        self,
        _interaction: discord.Interaction[Any],
        value: app_commands.AppCommandChannel | app_commands.AppCommandThread,
        /,
    ) -> int:
        """Return its id."""
        return value.id


async def room_of(guild: discord.Guild, channel_id: int) -> Room | None:
    """Return a channel or thread of a server; None for what is no place for messages.

    Raises:
        discord.NotFound: It is gone.
        discord.Forbidden: The bot does not see it.
        discord.InvalidData: It is on another server.
        discord.HTTPException: Discord could not be asked.
    """
    found = await channel_of(guild, channel_id)
    return found if isinstance(found, Room) else None


def why_closed(room: Room, member: discord.Member) -> str:
    """Return why no list of a member's may be posted in a room; empty where it may."""
    name = f"#{room.name}"
    if isinstance(room, discord.Thread) and room.locked:
        return f"The thread {name} is locked."
    if lacking := _lacking(room, room.guild.me, _OF_ME):
        return f"I may not post in {name}: I lack {_permissions(lacking)} there."
    if _lacking(room, member, _OF_MEMBERS):
        return f"You may not write in {name} yourself, so I post no list of yours there."
    return ""


def _lacking(room: Room, member: discord.Member, needed: tuple[str, ...]) -> list[str]:
    allowed = room.permissions_for(member)
    if isinstance(room, discord.Thread):
        needed = tuple(name.replace("send_messages", "send_messages_in_threads") for name in needed)
    return [name for name in needed if not getattr(allowed, name)]


def _permissions(names: list[str]) -> str:
    quoted = ", ".join(f"“{name.replace('_', ' ').title()}”" for name in names)
    return f"the permission {quoted}" if len(names) == 1 else f"the permissions {quoted}"
