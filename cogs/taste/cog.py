"""Commands about one's own taste."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import start_rating_button
from cogs._layout import sentence
from cogs.taste.render import taste_layout


class Taste(commands.GroupCog, group_name="taste", group_description="What you like"):
    """See what your ratings say."""

    @app_commands.command()
    async def show(self, interaction: BotInteraction) -> None:
        """See what your ratings say about your taste, as a picture and in words."""
        await interaction.response.defer(ephemeral=True)
        view = await interaction.client.services.taste.show(listener_of(interaction))
        if view.picture is None:
            nothing = sentence("You have not rated a song yet.", start_rating_button())
            await interaction.edit_original_response(view=nothing)
            return
        layout, file = taste_layout(view, view.picture)
        await interaction.edit_original_response(view=layout, attachments=[file])
