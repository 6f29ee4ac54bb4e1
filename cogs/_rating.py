"""The rating flow: one ephemeral message that asks about song after song."""

import re
from functools import partial
from typing import Any

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import genre_of, rate_buttons, shortlist_of, undo_button
from cogs._cards import song_container
from cogs._deferring import deferring_late
from cogs._errors import user_message
from cogs._format import percent
from cogs._layout import Item, Layout, text
from cogs._leaning import leaning_words
from cogs._learned import learned
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.ids import TrackId
from musicrec.domain.label import LabelValue
from musicrec.services import LabelChange, LabelOutcome, Suggestion


async def press(interaction: BotInteraction, fields: re.Match[str]) -> LabelOutcome | None:
    """Store the verdict of a ``LABEL`` or ``RATE`` button.

    Returns:
        None for the echo of an earlier click, which is acknowledged and needs no answer.
    """
    message = interaction.message
    outcome = await interaction.client.services.labels.press(
        listener_of(interaction),
        TrackId(fields["track"]),
        LabelValue(fields["value"]),
        at=now(),
        event_key=event_key(interaction),
        card_message_id=message.id if message else None,
        shortlist_id=shortlist_of(fields),
    )
    if outcome.change is LabelChange.REPEATED:
        await interaction.response.defer()
        return None
    return outcome


def event_key(interaction: BotInteraction) -> str:
    """Name a click, so that one delivered twice counts once."""
    return f"interaction:{interaction.id}"


def genre_in(interaction: BotInteraction, fields: re.Match[str]) -> str | None:
    """Return the genre that the flow of a ``RATE`` or ``UNDO`` button stays in."""
    return genre_of(fields["genre"], interaction.client.services.songs.genres)


async def show_next_song(interaction: BotInteraction, *, genre: str | None = None) -> None:
    """Fill the deferred answer with the next song to rate; of a genre, if one is named.

    Raises:
        GenreNotFoundError: There is no such genre.
    """
    await interaction.edit_original_response(view=await _next_song(interaction, genre=genre))


async def answer_press(
    interaction: BotInteraction,
    outcome: LabelOutcome,
    *,
    genre: str | None = None,
    in_place: bool,
) -> None:
    """Say what became of a verdict, and ask about the next song.

    The verdict is stored by now, so that the answer may be the first sign of it.

    Args:
        interaction: The press, not answered.
        outcome: What became of it.
        genre: Ask about this genre only.
        in_place: The answer replaces the message of the button; otherwise it is one of its own.
    """
    response = interaction.response
    defer = response.defer if in_place else partial(response.defer, ephemeral=True, thinking=True)
    async with deferring_late(defer):
        taken_back = outcome.change is LabelChange.TAKEN_BACK
        layout = await _next_song(
            interaction,
            genre=genre,
            answer=learned(outcome),
            undo=None if taken_back else outcome.track.id,
        )
    if response.is_done():
        await interaction.edit_original_response(view=layout)
    elif in_place:
        await response.edit_message(view=layout)
    else:
        await response.send_message(view=layout, ephemeral=True)


async def _next_song(
    interaction: BotInteraction,
    *,
    genre: str | None = None,
    answer: str = "",
    undo: TrackId | None = None,
) -> Layout:
    """Lay out the next song to rate.

    Args:
        interaction: Of the listener.
        genre: Ask about this genre only.
        answer: What became of the last rating.
        undo: The song of the last rating, if it can be taken back.
    """
    parts = _answer(answer, undo, genre)
    try:
        suggestion = await interaction.client.services.rating.next_song(
            listener_of(interaction), genre=genre, guild_id=interaction.guild_id, at=now()
        )
    except NothingToRecommendError as error:
        parts.append(text(user_message(error)))
    else:
        track = suggestion.track
        # The track spells the genre as the catalogue does.
        buttons = rate_buttons(track.id, suggestion.shortlist_id, track.genre if genre else None)
        parts.append(song_container(track, buttons, note=_note(suggestion)))
    return Layout(*parts)


def guess(p_like: float | None) -> str:
    """Say how likely the listener likes a song; empty while nothing is known."""
    return "" if p_like is None else f"My guess: {percent(p_like)} that you like it"


def _note(suggestion: Suggestion) -> str:
    leaning = suggestion.leaning
    if leaning is None:
        return guess(suggestion.p_like)
    return f"{guess(suggestion.p_like)}. {leaning_words(leaning)}"


def _answer(answer: str, undo: TrackId | None, genre: str | None) -> list[Item]:
    if not answer:
        return []
    if undo is None:
        return [text(answer)]
    section: discord.ui.Section[Any] = discord.ui.Section(
        text(answer), accessory=undo_button(undo, genre)
    )
    return [section]
