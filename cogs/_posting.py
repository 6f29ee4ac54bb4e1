"""Who may let the bot write where everybody reads."""

import discord
from discord import app_commands

from cogs._bot import BotInteraction


def require_posting(interaction: BotInteraction) -> None:
    """Ask of a public answer what Discord asks of a message, so that no channel rule is evaded.

    Raises:
        app_commands.MissingPermissions: The member may not write here.
        app_commands.BotMissingPermissions: The bot is a member and may not write here.
    """
    guild_id = interaction.guild_id
    if guild_id is None:
        return
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = "send_messages_in_threads" if in_thread else "send_messages"
    if not getattr(interaction.permissions, needed):
        raise app_commands.MissingPermissions([needed])
    # Where only the user installed the bot, it is no member and has no permissions of its own.
    is_member = interaction.client.get_guild(guild_id) is not None
    if is_member and not getattr(interaction.app_permissions, needed):
        raise app_commands.BotMissingPermissions([needed])
