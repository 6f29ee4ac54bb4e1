"""Autocomplete of songs and genres."""

from discord import app_commands

from cogs._bot import BotInteraction
from cogs._format import MAX_CHOICE, choice_name, plain

_MAX_CHOICES = 25
"""Discord's limit."""


async def song_choices(interaction: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
    """Complete a song; the choice's value is its track id."""
    tracks = interaction.client.services.songs.suggest(current, limit=_MAX_CHOICES)
    return [app_commands.Choice(name=choice_name(track), value=track.id) for track in tracks]


async def genre_choices(
    interaction: BotInteraction, current: str
) -> list[app_commands.Choice[str]]:
    """Complete a genre."""
    genres = interaction.client.services.songs.suggest_genres(current)
    return [
        app_commands.Choice(name=plain(genre, MAX_CHOICE), value=genre)
        for genre in genres[:_MAX_CHOICES]
        if len(genre) <= MAX_CHOICE
    ]
