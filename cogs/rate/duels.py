"""The flow of duels: one ephemeral message that asks "A or B?" again and again."""

from typing import Any

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import EMOJI, duel_buttons, undo_duel_button
from cogs._errors import user_message
from cogs._format import artists_of, count, facts_of, listen_link, song_name, title_of
from cogs._layout import ACCENT, Item, Layout, text
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.domain.track import Track
from musicrec.services import Duel, DuelChoice, DuelOutcome


async def show_next_duel(
    interaction: BotInteraction, *, genre: str | None = None, answered: Item | None = None
) -> None:
    """Fill the deferred answer with the next two songs.

    Args:
        interaction: Deferred; its answer is replaced.
        genre: Ask about this genre only.
        answered: What became of the last answer, shown above the songs.

    Raises:
        GenreNotFoundError: There is no such genre.
    """
    parts = [] if answered is None else [answered]
    try:
        duel = await interaction.client.services.rating.next_duel(
            listener_of(interaction), genre=genre, guild_id=interaction.guild_id, at=now()
        )
    except NothingToRecommendError as error:
        parts.append(text(user_message(error)))
    else:
        # The track spells the genre as the catalogue does.
        parts.append(duel_container(duel, duel.first.genre if genre else None))
    await interaction.edit_original_response(view=Layout(*parts))


def duel_container(duel: Duel, genre: str | None) -> discord.ui.Container[Any]:
    """Show two songs and the four answers."""
    return discord.ui.Container(
        text("Which one do you like better?"),
        text(_song("A", duel.first)),
        discord.ui.Separator[Any](),
        text(_song("B", duel.second)),
        discord.ui.ActionRow[Any](*duel_buttons(duel.shortlist_id, genre)),
        accent_colour=ACCENT,
    )


def answered(outcome: DuelOutcome, choice: DuelChoice, genre: str | None) -> Item:
    """Say which ratings an answer became, with a button that takes them back."""
    section: discord.ui.Section[Any] = discord.ui.Section(
        text(f"{_noted(outcome.duel, choice)}\n{progress(outcome)}"),
        accessory=undo_duel_button(outcome.duel.shortlist_id, genre),
    )
    return section


def progress(outcome: DuelOutcome) -> str:
    """Say how many ratings there are and how many are missing."""
    total = count(outcome.counts.total, "rating")
    if not outcome.missing_labels:
        return f"{total}. That is enough to learn from."
    return f"{total}; {outcome.missing_labels} more and I can start guessing.{_hint(outcome)}"


def _hint(outcome: DuelOutcome) -> str:
    """Name the answer that gives the kind of rating that is missing."""
    if outcome.counts == LabelCounts(outcome.counts.total, 0):
        return " I also need to know what you do not like: say so when it is neither."
    return ""


def _noted(duel: Duel, choice: DuelChoice) -> str:
    first, second = song_name(duel.first), song_name(duel.second)
    like, dislike = EMOJI[LabelValue.LIKE], EMOJI[LabelValue.DISLIKE]
    return {
        DuelChoice.FIRST: f"{like} noted: {first}.",
        DuelChoice.SECOND: f"{like} noted: {second}.",
        DuelChoice.BOTH: f"{like} noted: {first} and {second}.",
        DuelChoice.NEITHER: f"{dislike} noted: {first} and {second}.",
    }[choice]


def _song(letter: str, track: Track) -> str:
    small = " · ".join(part for part in (facts_of(track), listen_link(track)) if part)
    lines = [f"### {letter}: {title_of(track)}", artists_of(track)]
    return "\n".join([*lines, f"-# {small}"] if small else lines)
