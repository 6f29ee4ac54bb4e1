"""Commands around the catalogue."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs._attached import fetched
from cogs._bot import BotInteraction, now
from cogs._cards import public_card
from cogs._choices import country_choices, genre_choices, song_choices
from cogs._layout import sentence
from cogs._places import country_code
from cogs._posting import require_posting
from cogs._waiting import telling_place
from cogs.songs.render import NO_SONG, added_layout, results_layout


class Songs(commands.GroupCog, group_name="song", group_description="Find and post songs"):
    """Search the catalogue; post a card for everybody."""

    @app_commands.command()
    @app_commands.describe(
        text="Part of a title or an artist",
        genre="Only this genre",
        country="Only artists from this country: its name or two letters",
        years="Only these years, for example 1999 or 1990-1999",
        clean="Only songs known to be without explicit words",
    )
    @app_commands.autocomplete(genre=genre_choices, country=country_choices)
    async def search(  # noqa: PLR0917 -- each is an option, passed by name
        self,
        interaction: BotInteraction,
        text: app_commands.Range[str, 1, 200],
        genre: str | None = None,
        country: str | None = None,
        years: str | None = None,
        clean: bool = False,  # noqa: FBT001, FBT002 - Discord passes options by name
    ) -> None:
        """Search my songs by title or artist."""
        tracks = await interaction.client.services.songs.search(
            text,
            genre=genre,
            country=country_code(country, interaction.locale),
            years=years,
            clean=clean,
        )
        await interaction.response.send_message(view=results_layout(text, tracks), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        song="A link, an ISRC, or artist - title",
        file="A file of the song, for me to listen to: MP3, M4A, FLAC, OGG, Opus, WAV or AIFF",
        title="Which song the file is of, where it does not say so itself",
        artist="Who plays it, where the file does not say so itself",
    )
    async def add(
        self,
        interaction: BotInteraction,
        song: app_commands.Range[str, 1, 500] = "",
        file: discord.Attachment | None = None,
        title: app_commands.Range[str, 1, 200] = "",
        artist: app_commands.Range[str, 1, 200] = "",
    ) -> None:
        """Let me get to know a song that I do not find."""
        if not song and file is None:
            await interaction.response.send_message(view=sentence(NO_SONG), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True)
        adding = interaction.client.services.adding
        if file is None:
            added = await adding.add(song, at=now())
        else:
            adding.files.require_usable(file.filename, file.content_type, file.size)
            data = await fetched(file)
            async with telling_place(interaction):
                added = await adding.add_file(data, text=song, title=title, artist=artist, at=now())
        await interaction.edit_original_response(view=added_layout(added))

    @app_commands.command()
    @app_commands.describe(song="Type a title or an artist and pick one")
    @app_commands.autocomplete(song=song_choices)
    async def post(
        self, interaction: BotInteraction, song: app_commands.Range[str, 1, 200]
    ) -> None:
        """Post a song as a card that everybody here can rate."""
        require_posting(interaction)
        services = interaction.client.services
        track = await services.songs.resolve(song)
        await interaction.response.send_message(view=public_card(track))
        message = await interaction.original_response()
        await services.cards.record(
            message.id, message.channel.id, track.id, guild_id=interaction.guild_id, at=now()
        )
