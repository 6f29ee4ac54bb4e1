"""Commands about one's own data."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import delete_data_buttons
from cogs._layout import sentence
from cogs.privacy.text import DELETE_QUESTION, EXPORTED, summary_text


class Privacy(commands.GroupCog, group_name="privacy", group_description="Your data"):
    """See, take along and delete what is stored about oneself."""

    @app_commands.command()
    async def show(self, interaction: BotInteraction) -> None:
        """See what I store about you."""
        await interaction.response.defer(ephemeral=True)
        summary = await interaction.client.services.privacy.show(listener_of(interaction))
        await interaction.edit_original_response(view=sentence(summary_text(summary)))

    @app_commands.command()
    async def export(self, interaction: BotInteraction) -> None:
        """Get everything I store about you as a file."""
        await interaction.response.defer(ephemeral=True)
        data = await interaction.client.services.privacy.export(listener_of(interaction))
        file = discord.File(io.BytesIO(data), "musicrec-export.zip")
        await interaction.edit_original_response(content=EXPORTED, attachments=[file])

    @app_commands.command()
    async def delete(self, interaction: BotInteraction) -> None:
        """Delete everything I store about you; asks before it does."""
        question = sentence(DELETE_QUESTION, *delete_data_buttons())
        await interaction.response.send_message(view=question, ephemeral=True)
