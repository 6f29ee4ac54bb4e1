"""Commands about one's own taste."""

from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import rewind_buttons, start_rating_button
from cogs._comparing import answer_comparison
from cogs._layout import sentence
from cogs._rating import event_key
from cogs.taste.components import profile_page
from cogs.taste.corrections import corrections_page
from cogs.taste.render import scoreboard_layout
from cogs.taste.text import (
    NO_SCORE,
    NOTHING_TO_UNDO,
    nothing_to_rewind,
    rewind_question,
    undone,
)

_WHENS = [
    app_commands.Choice(name="ten minutes ago", value=10),
    app_commands.Choice(name="an hour ago", value=60),
    app_commands.Choice(name="yesterday, at this time", value=24 * 60),
    app_commands.Choice(name="a week ago", value=7 * 24 * 60),
    app_commands.Choice(name="a month ago", value=30 * 24 * 60),
]
"""Each with its minutes."""


class Taste(commands.GroupCog, group_name="taste", group_description="What you like"):
    """See what your ratings say, take them back, and see how well they are understood."""

    @app_commands.command()
    async def show(self, interaction: BotInteraction) -> None:
        """See what your ratings say about your taste, as a picture and in words."""
        await interaction.response.defer(ephemeral=True)
        layout, files = await profile_page(interaction, listener_of(interaction))
        await interaction.edit_original_response(view=layout, attachments=files)

    @app_commands.command()
    async def scoreboard(self, interaction: BotInteraction) -> None:
        """See how often I guessed right before you rated, week by week."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        view = await services.scoreboard.show(listener_of(interaction), at=now())
        if view.picture is None:
            nothing = sentence(NO_SCORE, start_rating_button())
            await interaction.edit_original_response(view=nothing)
            return
        layout, file = scoreboard_layout(view, view.picture)
        await interaction.edit_original_response(view=layout, attachments=[file])

    @app_commands.command()
    async def undo(self, interaction: BotInteraction) -> None:
        """Take back what you said last; again, what you said before that, and so on."""
        await interaction.response.defer(ephemeral=True)
        outcome = await interaction.client.services.history.undo(
            listener_of(interaction), at=now(), event_key=event_key(interaction)
        )
        answer = NOTHING_TO_UNDO if outcome is None else undone(outcome)
        await interaction.edit_original_response(view=sentence(answer))

    @app_commands.command()
    async def corrections(self, interaction: BotInteraction) -> None:
        """See what you corrected about songs that I recommended, and take any of it back."""
        await interaction.response.defer(ephemeral=True)
        layout = await corrections_page(interaction.client.services, listener_of(interaction))
        await interaction.edit_original_response(view=layout)

    @app_commands.command()
    @app_commands.describe(when="Your ratings become what they were then")
    @app_commands.choices(when=_WHENS)
    async def rewind(self, interaction: BotInteraction, when: app_commands.Choice[int]) -> None:
        """Go back to your ratings of an earlier time; asks before it does."""
        await interaction.response.defer(ephemeral=True)
        to = (now() - timedelta(minutes=when.value)).replace(microsecond=0)
        plan = await interaction.client.services.history.plan_rewind(listener_of(interaction), to)
        question = (
            sentence(rewind_question(plan), *rewind_buttons(to))
            if plan.n_all
            else sentence(nothing_to_rewind(plan))
        )
        await interaction.edit_original_response(view=question)

    @app_commands.command()
    @app_commands.describe(user="Somebody on this server; both of you have to agree")
    async def compare(self, interaction: BotInteraction, user: discord.User) -> None:
        """See how your taste compares with somebody's, and a song for both of you."""
        await answer_comparison(interaction, interaction.user, user)
