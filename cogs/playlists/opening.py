"""Which playlist a command is about: one that is picked, or an attached file."""

import discord
from discord import app_commands

from cogs._attached import fetched
from cogs._bot import BotInteraction, listener_of
from cogs._format import MAX_CHOICE, count, plain
from cogs.playlists.text import told_plainly
from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist_edit import EditState
from musicrec.playlists.formats.limits import MOST_BYTES
from musicrec.services import PLACE_NAMES, ListChoice, OpenedList

_MAX_CHOICES = 25
"""Discord's limit."""


async def opened(
    interaction: BotInteraction, playlist: str | None, file: discord.Attachment | None
) -> OpenedList:
    """Read the playlist that a command names.

    Raises:
        BadInputError: Neither or both are named, or the file cannot be used.
        PlaylistUnusableError: There is no such playlist, or it may not be read.
        NotLinkedError, AccountLostError, SourceError: Its home cannot be asked.
    """
    if (playlist is None) == (file is None):
        msg = "name one playlist: pick it under “list”, or attach a file under “file”."
        raise BadInputError(msg)
    places = interaction.client.services.places
    if file is None:
        return await places.open(listener_of(interaction), playlist or "")
    if file.size > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        msg = f"{file.filename} is larger than {most} MB, too large for a playlist."
        raise BadInputError(msg)
    return await places.open_file(file.filename, await fetched(file))


async def list_choices(interaction: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
    """Complete a playlist; the choice's value is what opens it."""
    places = interaction.client.services.places
    found = await places.choices(listener_of(interaction), current, limit=_MAX_CHOICES)
    return [app_commands.Choice(name=_name(one), value=one.reference) for one in found]


async def edit_choices(interaction: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
    """Complete an edit that can be taken back; the choice's value is its number."""
    history = await interaction.client.services.edits.history(listener_of(interaction), most=100)
    made = [edit for edit in history if edit.state is EditState.DONE]
    named = ((plain(told_plainly(edit), MAX_CHOICE), str(edit.id)) for edit in made)
    fitting = [one for one in named if current.casefold() in one[0].casefold()]
    return [app_commands.Choice(name=name, value=value) for name, value in fitting[:_MAX_CHOICES]]


def _name(one: ListChoice) -> str:
    where = PLACE_NAMES.get(one.place.kind, str(one.place.kind))
    n = "" if one.n_items is None else f" ({count(one.n_items, 'song')})"
    title = plain(one.place.title or "Untitled", MAX_CHOICE - len(where) - len(n) - 2)
    return f"{where}: {title}{n}"
