"""Who may manage a server, and where the bot could post."""

from typing import Final

import discord
from discord import app_commands

from cogs._bot import BotInteraction

_MANAGE: Final = "manage_guild"
_NEEDED: Final = ("view_channel", "send_messages", "read_message_history")


def guild_managed_by(interaction: BotInteraction) -> int:
    """Return the server; servers may let others see the command than those who manage it.

    Raises:
        app_commands.MissingPermissions: The member does not manage the server.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions([_MANAGE])
    return interaction.guild_id


def require_room(channel: discord.TextChannel) -> None:
    """Refuse a channel where no card could be posted.

    Raises:
        app_commands.BotMissingPermissions: The bot may not read or write there.
    """
    if missing := missing_in(channel):
        raise app_commands.BotMissingPermissions(missing)


def missing_in(channel: discord.abc.GuildChannel) -> list[str]:
    """Return the permissions that the bot lacks for posting in a channel."""
    allowed = channel.permissions_for(channel.guild.me)
    return [name for name in _NEEDED if not getattr(allowed, name)]
