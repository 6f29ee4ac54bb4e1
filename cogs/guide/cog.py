"""Help, status, and the welcome in a new server."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import start_rating_button
from cogs._layout import sentence
from cogs._learned import acceptance_words
from cogs.guide.render import status_text, welcome_layout
from cogs.guide.text import HELP

_log = logging.getLogger(__name__)


class Guide(commands.Cog):
    """Explains the bot."""

    @app_commands.command()
    async def help(self, interaction: BotInteraction) -> None:
        """See what I can do and where to start."""
        await interaction.response.send_message(
            view=sentence(HELP, start_rating_button()), ephemeral=True
        )

    @app_commands.command()
    async def status(self, interaction: BotInteraction) -> None:
        """See whether I am well: songs, database, sources, work, and how often I fail."""
        services = interaction.client.services
        status = await services.status.status(at=interaction.created_at)
        words = status_text(status, interaction.client.watch.last_hour)
        if status.database_ok:
            accepted = await services.scoreboard.accepted(listener_of(interaction), at=now())
            if accepted.n_shown:
                words += f"\n- {acceptance_words(accepted)}"
        await interaction.response.send_message(view=sentence(words), ephemeral=True)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say in the system channel what to do, where that is allowed."""
        channel = guild.system_channel
        if channel is None:
            return
        allowed = channel.permissions_for(guild.me)
        if not (allowed.view_channel and allowed.send_messages):
            return
        try:
            await channel.send(view=welcome_layout())
        except discord.HTTPException as error:
            _log.warning("Could not welcome guild %s: %s", guild.id, error)
