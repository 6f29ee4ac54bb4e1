"""The command that predicts."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._choices import song_choices
from cogs.predict.render import prediction_layout


class Predict(commands.Cog):
    """Would I like this song?"""

    @app_commands.command()
    @app_commands.describe(song="Type a title or an artist and pick one")
    @app_commands.autocomplete(song=song_choices)
    async def predict(
        self, interaction: BotInteraction, song: app_commands.Range[str, 1, 200]
    ) -> None:
        """Find out how likely you are to like a song, and why."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        track = await services.songs.resolve(song)
        prediction = await services.predictions.predict(
            listener_of(interaction), track.id, guild_id=interaction.guild_id, at=now()
        )
        await interaction.edit_original_response(view=prediction_layout(prediction))
