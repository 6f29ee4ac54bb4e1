"""The command that starts the flow."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction
from cogs._choices import genre_choices
from cogs._rating import show_next_song


class Rate(commands.Cog):
    """Ask about songs, one after the other."""

    @app_commands.command()
    @app_commands.describe(genre="Only songs of this genre")
    @app_commands.autocomplete(genre=genre_choices)
    async def rate(self, interaction: BotInteraction, genre: str | None = None) -> None:
        """Rate songs one after the other, so that I learn what you like."""
        await interaction.response.defer(ephemeral=True)
        await show_next_song(interaction, genre=genre)
