"""Commands about one's own data."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import delete_data_buttons
from cogs._layout import sentence
from cogs.privacy.render import summary_layout
from cogs.privacy.text import DELETE_QUESTION, README, exported_text


class Privacy(commands.GroupCog, group_name="privacy", group_description="Your data"):
    """See, take along and delete what is stored about oneself."""

    @app_commands.command()
    async def show(self, interaction: BotInteraction) -> None:
        """See what I store about you, why, and where it came from."""
        await interaction.response.defer(ephemeral=True)
        summary = await interaction.client.services.privacy.show(listener_of(interaction))
        await interaction.edit_original_response(view=summary_layout(interaction, summary))

    @app_commands.command()
    async def export(self, interaction: BotInteraction) -> None:
        """Get everything I store about you as a file."""
        await interaction.response.defer(ephemeral=True)
        most_bytes = interaction.filesize_limit
        first, *others = await interaction.client.services.privacy.export(
            listener_of(interaction), readme=README, part_bytes=most_bytes
        )
        await interaction.edit_original_response(
            content=exported_text(1 + len(others), most_bytes),
            attachments=[_file(first, "-1" if others else "")],
        )
        for number, part in enumerate(others, start=2):
            await interaction.followup.send(file=_file(part, f"-{number}"), ephemeral=True)

    @app_commands.command()
    async def delete(self, interaction: BotInteraction) -> None:
        """Delete everything I store about you; asks before it does."""
        question = sentence(DELETE_QUESTION, *delete_data_buttons())
        await interaction.response.send_message(view=question, ephemeral=True)


def _file(content: bytes, number: str) -> discord.File:
    return discord.File(io.BytesIO(content), f"musicrec-export{number}.zip")
