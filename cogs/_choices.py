"""Autocomplete of songs, genres and countries."""

from discord import app_commands

from cogs._bot import BotInteraction, listener_of
from cogs._format import MAX_CHOICE, choice_name, plain
from cogs._places import complete_country

_MAX_CHOICES = 25
"""Discord's limit."""


async def song_choices(interaction: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
    """Complete a song; the choice's value is its track id."""
    songs = interaction.client.services.songs
    tracks = await songs.complete(listener_of(interaction), current, limit=_MAX_CHOICES)
    return [app_commands.Choice(name=choice_name(track), value=track.id) for track in tracks]


async def country_choices(
    interaction: BotInteraction, current: str
) -> list[app_commands.Choice[str]]:
    """Complete a country by its name in the language of whoever types, or by its code."""
    codes = interaction.client.services.songs.countries
    found = complete_country(current, interaction.locale, codes, _MAX_CHOICES)
    return [
        app_commands.Choice(name=plain(f"{name} ({code})", MAX_CHOICE), value=code)
        for code, name in found
    ]


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
