"""Commands for several people at once."""

from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._comparing import answer_comparison, asks_for_consent, guild_of, require_people
from cogs.together.render import blend_page, blend_words
from musicrec.domain.ids import ListenerId

_SOMEBODY: Final = "Somebody on this server who agreed to be compared"


class Together(commands.Cog):
    """Finds what suits two people, or up to eight."""

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(first=_SOMEBODY, second="Somebody else who agreed")
    async def bridge(
        self, interaction: BotInteraction, first: discord.User, second: discord.User
    ) -> None:
        """See how two people's tastes compare, and a song that would bridge them."""
        await answer_comparison(interaction, first, second)

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(
        user1=_SOMEBODY,
        n="How many songs",
        name="What to call the playlist",
        **{f"user{number}": "One more person" for number in range(2, 8)},
    )
    async def blend(  # noqa: PLR0917 - each is an option, passed by name
        self,
        interaction: BotInteraction,
        user1: discord.User,
        user2: discord.User | None = None,
        user3: discord.User | None = None,
        user4: discord.User | None = None,
        user5: discord.User | None = None,
        user6: discord.User | None = None,
        user7: discord.User | None = None,
        n: app_commands.Range[int, 1, 50] = 20,
        name: app_commands.Range[str, 1, 80] = "Blend",
    ) -> None:
        """Make one playlist for you and up to seven others, whom each song suits."""
        others = [who for who in (user1, user2, user3, user4, user5, user6, user7) if who]
        people = [interaction.user, *others]
        guild_id = guild_of(interaction)
        require_people(*people)
        if await asks_for_consent(interaction, guild_id, people):
            return
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        ids = [ListenerId(who.id) for who in people]
        blend = await services.social.blends.blend(guild_id, ids, name, n=n, at=now())
        accounts = await services.copies.accounts(listener_of(interaction))
        page = blend_page(blend.made, accounts=accounts, above=blend_words(blend, others, n))
        await interaction.edit_original_response(view=page)
