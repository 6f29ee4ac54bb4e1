"""The command that recommends."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._choices import country_choices, genre_choices
from cogs._layout import sentence
from cogs._places import country_code
from cogs._waiting import telling_place
from cogs.recommend.render import shortlist_layouts


class Recommend(commands.Cog):
    """Hand out songs that the listener will probably like."""

    @app_commands.command()
    @app_commands.describe(
        n="How many songs",
        genre="Only songs of this genre",
        country="Only artists from this country: its name or two letters",
        years="Only these years, for example 1999 or 1990-1999",
        clean="Only songs known to be without explicit words",
        share="Show them to everybody in this channel",
    )
    @app_commands.autocomplete(genre=genre_choices, country=country_choices)
    async def recommend(  # noqa: PLR0917 -- each is an option, passed by name
        self,
        interaction: BotInteraction,
        n: app_commands.Range[int, 1, 10] = 5,
        genre: str | None = None,
        country: str | None = None,
        years: str | None = None,
        clean: bool = False,  # noqa: FBT001, FBT002 - Discord passes options by name
        share: bool = False,  # noqa: FBT001, FBT002 - Discord passes options by name
    ) -> None:
        """Get songs that you will probably like and have not met here."""
        # Private until it has worked: a failure is nobody else's business.
        await interaction.response.defer(ephemeral=True)
        async with telling_place(interaction):
            found = await interaction.client.services.recommendations.recommend(
                listener_of(interaction),
                n=n,
                genre=genre,
                country=country_code(country, interaction.locale),
                years=years,
                clean=clean,
                guild_id=interaction.guild_id,
                at=now(),
            )
        if not share:
            first, *others = shortlist_layouts(found)
            await interaction.edit_original_response(view=first)
            for layout in others:
                await interaction.followup.send(view=layout, ephemeral=True)
            return
        await interaction.edit_original_response(view=sentence("Here you are, for everybody:"))
        for layout in shortlist_layouts(found, title=f"For {interaction.user.mention}"):
            await interaction.followup.send(view=layout)
