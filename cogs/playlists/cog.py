"""Commands on playlists."""

import re
from typing import Final, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of
from cogs._format import count, safe
from cogs._layout import sentence
from cogs._waiting import telling_place
from cogs.playlists.answering import answer
from cogs.playlists.made import made_page
from cogs.playlists.opening import edit_choices, list_choices, opened
from cogs.playlists.render import edit_page, file_page, outcome_page, sort_page
from cogs.playlists.text import history_text
from musicrec.domain.errors import BadInputError, EditRefusedError
from musicrec.domain.playlist_edit import EditId
from musicrec.playlists.formats.files import PlaylistFormat
from musicrec.playlists.making import MOODS
from musicrec.playlists.sorting import Order
from musicrec.playlists.wishes import wishes_in
from musicrec.services import PROBABILITY

_Text: TypeAlias = app_commands.Range[str, 1, 200]

_LIST: Final = "One of your playlists; they appear while you type"
_FILE: Final = "Or a file: Exportify CSV, M3U8, JSPF, XSPF, a list of links"

_FORMATS: Final = [
    app_commands.Choice(name="CSV, as Exportify writes it", value=PlaylistFormat.CSV.value),
    app_commands.Choice(name="M3U8", value=PlaylistFormat.M3U8.value),
    app_commands.Choice(name="JSPF", value=PlaylistFormat.JSPF.value),
    app_commands.Choice(name="XSPF", value=PlaylistFormat.XSPF.value),
    app_commands.Choice(name="Spotify links, to paste there", value=PlaylistFormat.LINKS.value),
]
_ORDERS: Final = [
    app_commands.Choice(name="A smooth path from song to song", value=Order.SMOOTH.value),
    app_commands.Choice(name="Energy rises", value=Order.RISE.value),
    app_commands.Choice(name="Energy falls", value=Order.FALL.value),
    app_commands.Choice(name="Energy rises to the middle and falls", value=Order.ARC.value),
    app_commands.Choice(name="Tempo, slow songs first", value=Order.TEMPO.value),
    app_commands.Choice(name="How likely you like a song", value=PROBABILITY),
]
_MOODS: Final = [app_commands.Choice(name=mood.title(), value=mood) for mood in MOODS]
_BETWEEN_WISHES: Final = re.compile(r"[\s,;]+")


class Playlists(
    commands.GroupCog, group_name="playlist", group_description="Prune, sort and make playlists"
):
    """Look playlists through, change them when the listener says so, and take it back."""

    @app_commands.command()
    @app_commands.rename(playlist="list")
    @app_commands.describe(
        playlist=_LIST, file=_FILE, sure="Percent of the removed songs that you really dislike"
    )
    @app_commands.autocomplete(playlist=list_choices)
    async def prune(
        self,
        interaction: BotInteraction,
        playlist: _Text | None = None,
        file: discord.Attachment | None = None,
        sure: app_commands.Range[int, 50, 99] = 90,
    ) -> None:
        """See which songs of a playlist you would definitely dislike; remove them if you like."""
        await interaction.response.defer(ephemeral=True)
        playlists = interaction.client.services.playlists
        async with telling_place(interaction):
            read = await opened(interaction, playlist, file)
            edit = await playlists.prune(listener_of(interaction), read, precision=sure / 100)
        await answer(interaction, edit_page(edit))

    @app_commands.command()
    @app_commands.rename(playlist="list")
    @app_commands.describe(playlist=_LIST, file=_FILE)
    @app_commands.autocomplete(playlist=list_choices)
    async def doctor(
        self,
        interaction: BotInteraction,
        playlist: _Text | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Find duplicates, songs out of character and sleeping favourites of a playlist."""
        await interaction.response.defer(ephemeral=True)
        playlists = interaction.client.services.playlists
        async with telling_place(interaction):
            read = await opened(interaction, playlist, file)
            edit = await playlists.doctor(listener_of(interaction), read)
        await answer(interaction, edit_page(edit))

    @app_commands.command()
    @app_commands.rename(playlist="list")
    @app_commands.describe(
        playlist=_LIST,
        file=_FILE,
        by="The new order",
        like="Or a song of the list, by words or number: what is near it comes first",
    )
    @app_commands.choices(by=_ORDERS)
    @app_commands.autocomplete(playlist=list_choices)
    async def sort(
        self,
        interaction: BotInteraction,
        playlist: _Text | None = None,
        file: discord.Attachment | None = None,
        by: str = Order.SMOOTH.value,
        like: _Text | None = None,
    ) -> None:
        """See a playlist in another order; sort it if you like."""
        await interaction.response.defer(ephemeral=True)
        playlists = interaction.client.services.playlists
        async with telling_place(interaction):
            read = await opened(interaction, playlist, file)
            sorting = await playlists.sort(listener_of(interaction), read, by=by, like=like)
        layout, files = sort_page(sorting)
        await answer(interaction, layout, files)

    @app_commands.command()
    @app_commands.rename(playlist="list")
    @app_commands.describe(
        playlist="Songs like those of this playlist",
        file="Or like those of this file",
        mood="Or for a mood",
        features="Or that sound so, for example: energy=0.8 tempo_bpm=120",
        n="How many songs",
        name="What to call the new playlist",
    )
    @app_commands.choices(mood=_MOODS)
    @app_commands.autocomplete(playlist=list_choices)
    async def make(  # noqa: PLR0917 - each is an option, passed by name
        self,
        interaction: BotInteraction,
        playlist: _Text | None = None,
        file: discord.Attachment | None = None,
        mood: str | None = None,
        features: _Text | None = None,
        n: app_commands.Range[int, 1, 50] = 15,
        name: app_commands.Range[str, 1, 80] | None = None,
    ) -> None:
        """Make a playlist of songs that you do not know from here."""
        await interaction.response.defer(ephemeral=True)
        wanted = wishes_in(mood, filter(None, _BETWEEN_WISHES.split(features or "")))
        if bool(wanted) == bool(playlist or file):
            msg = "say either what it shall be like (“list” or “file”), or a mood or features."
            raise BadInputError(msg)
        services = interaction.client.services
        async with telling_place(interaction):
            like = None if wanted else await opened(interaction, playlist, file)
            title = name or _title(None if like is None else like.playlist.title, mood)
            made = await services.making.make(
                listener_of(interaction), title, like=like, wanted=wanted, n=n
            )
        accounts = await services.copies.accounts(listener_of(interaction))
        await answer(interaction, made_page(made, accounts=accounts, n_asked=n))

    @app_commands.command()
    @app_commands.rename(playlist="list", kind="format")
    @app_commands.describe(playlist=_LIST, file=_FILE, kind="What to write it as")
    @app_commands.choices(kind=_FORMATS)
    @app_commands.autocomplete(playlist=list_choices)
    async def export(
        self,
        interaction: BotInteraction,
        playlist: _Text | None = None,
        file: discord.Attachment | None = None,
        kind: str = PlaylistFormat.CSV.value,
    ) -> None:
        """Get a playlist as a file."""
        await interaction.response.defer(ephemeral=True)
        read = await opened(interaction, playlist, file)
        written = await interaction.client.services.playlists.write(
            read.playlist, PlaylistFormat(kind)
        )
        title = safe(read.playlist.title or read.place.title, 60) or "Untitled"
        words = f"“{title}”, {count(len(read.playlist), 'song')}."
        layout, files = file_page(words, written)
        await answer(interaction, layout, files)

    @app_commands.command()
    @app_commands.describe(edit="Which change; without it the latest one")
    @app_commands.autocomplete(edit=edit_choices)
    async def undo(self, interaction: BotInteraction, edit: _Text | None = None) -> None:
        """Take back what I did to a playlist, however long ago."""
        await interaction.response.defer(ephemeral=True)
        outcome = await interaction.client.services.edits.undo(
            listener_of(interaction), _edit_in(edit)
        )
        layout, files = outcome_page(outcome)
        await answer(interaction, layout, files)

    @app_commands.command()
    async def history(self, interaction: BotInteraction) -> None:
        """See what I did to your playlists."""
        await interaction.response.defer(ephemeral=True)
        edits = await interaction.client.services.edits.history(listener_of(interaction), most=20)
        await answer(interaction, sentence(history_text(edits)))


def _edit_in(text: str | None) -> EditId | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()):
        msg = "Pick the change from those that appear while you type."
        raise EditRefusedError(msg)
    return EditId(int(text[:18]))


def _title(like: str | None, mood: str | None) -> str:
    if like is not None:
        return f"Like {like}" if like else "New songs"
    return mood.title() if mood else "New songs"
