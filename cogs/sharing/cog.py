"""Commands about letting others lean on one's taste."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, ServiceBot, listener_of, now
from cogs._layout import sentence
from cogs.sharing.text import NEVER_ON, OFF, ON, STATUS_OFF
from musicrec.domain.errors import StorageError

_log = logging.getLogger(__name__)


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class Share(
    commands.GroupCog, group_name="share", group_description="Let others here lean on your taste"
):
    """Opt in and out, server by server."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def on(self, interaction: BotInteraction) -> None:
        """Let guesses for people here who have few ratings lean on how you rate."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        await services.sharing.share(listener_of(interaction), _guild_of(interaction), at=now())
        await interaction.edit_original_response(view=sentence(ON))

    @app_commands.command()
    async def off(self, interaction: BotInteraction) -> None:
        """Keep your taste to yourself on this server, from now on."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        stopped = await services.sharing.stop(listener_of(interaction), _guild_of(interaction))
        await interaction.edit_original_response(view=sentence(OFF if stopped else NEVER_ON))

    @app_commands.command()
    async def status(self, interaction: BotInteraction) -> None:
        """See whether others on this server may lean on your taste, and what that means."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        shared = await services.sharing.is_shared(listener_of(interaction), _guild_of(interaction))
        await interaction.edit_original_response(view=sentence(ON if shared else STATUS_OFF))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget who shared on a server that the bot is no longer in."""
        try:
            await self._bot.services.sharing.forget_guild(guild.id)
        except StorageError:
            _log.exception("Could not forget who shared on guild %s", guild.id)


def _guild_of(interaction: BotInteraction) -> int:
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id
