"""The commands that explore."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import start_rating_button
from cogs._choices import country_choices, genre_choices
from cogs._layout import sentence
from cogs._places import country_code, country_names, language_of
from cogs._waiting import telling_place
from cogs.explore.components import songs_layout, where_layout
from cogs.explore.render import passport_layout

_USUAL = 50


class Explore(commands.Cog):
    """Go where the listener has not been."""

    @app_commands.command()
    @app_commands.describe(
        genre="Songs of this genre; leave both empty and I propose where to go",
        country="Songs by artists from this country: its name or two letters",
        adventure="0: what you surely like; 100: what may surprise you",
    )
    @app_commands.autocomplete(genre=genre_choices, country=country_choices)
    async def explore(
        self,
        interaction: BotInteraction,
        genre: str | None = None,
        country: str | None = None,
        adventure: app_commands.Range[int, 0, 100] = _USUAL,
    ) -> None:
        """Get songs from genres and countries that you have hardly rated."""
        await interaction.response.defer(ephemeral=True)
        async with telling_place(interaction):
            if genre is None and country is None:
                layout = await where_layout(interaction, adventure)
            else:
                code = country_code(country, interaction.locale)
                layout = await songs_layout(interaction, genre, code, adventure)
        await interaction.edit_original_response(view=layout)

    @app_commands.command()
    async def passport(self, interaction: BotInteraction) -> None:
        """See the countries and genres that you rated songs from, on a map and in words."""
        await interaction.response.defer(ephemeral=True)
        language = language_of(interaction.locale)
        view = await interaction.client.services.passport.show(
            listener_of(interaction), country_names(language)
        )
        if view.picture is None:
            nothing = "Your passport is empty: rate three songs from a place, and it is stamped."
            await interaction.edit_original_response(view=sentence(nothing, start_rating_button()))
            return
        layout, file = passport_layout(view.passport, view.picture, language)
        await interaction.edit_original_response(view=layout, attachments=[file])
