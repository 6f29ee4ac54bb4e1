"""The command that learns now."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._waiting import telling_place
from cogs.train.render import report_layout


class Train(commands.Cog):
    """Compare algorithms on the listener's ratings and keep the best."""

    @app_commands.command()
    async def train(self, interaction: BotInteraction) -> None:
        """Learn from your ratings now, and see how well each algorithm guesses."""
        await interaction.response.defer(ephemeral=True)
        listener_id = listener_of(interaction)
        async with telling_place(interaction):
            outcome = await interaction.client.services.training.train_now(listener_id, at=now())
        layout, file = report_layout(outcome.report, outcome.picture, listener_id)
        await interaction.edit_original_response(view=layout, attachments=[file])
