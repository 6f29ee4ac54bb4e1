"""The command that starts the flow."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction
from cogs._choices import genre_choices
from cogs._rating import show_next_song
from cogs.rate.duels import show_next_duel


class Rate(commands.Cog):
    """Ask about songs, one after the other."""

    @app_commands.command()
    @app_commands.describe(
        genre="Only songs of this genre",
        mode="Song after song (as usual), or duels: which of two do you like better?",
    )
    @app_commands.autocomplete(genre=genre_choices)
    async def rate(
        self,
        interaction: BotInteraction,
        genre: str | None = None,
        mode: Literal["song", "duel"] = "song",
    ) -> None:
        """Rate songs one after the other, so that I learn what you like."""
        await interaction.response.defer(ephemeral=True)
        show_next = show_next_duel if mode == "duel" else show_next_song
        await show_next(interaction, genre=genre)
