"""Comparing people: who may be compared, asking those who may not yet, and the answer."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import allow_comparing_button
from cogs._comparing_text import (
    asked_of_oneself,
    asked_of_others,
    comparison_layout,
    name_of,
)
from cogs._format import plain
from cogs._layout import Item, Layout, sentence, text
from cogs._posting import require_posting
from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import ListenerId

_IN_A_ROW: Final = 5
"""Buttons (Discord's limit)."""


async def answer_comparison(
    interaction: BotInteraction, first: discord.abc.User, second: discord.abc.User
) -> None:
    """Compare two members, to whoever asks alone; or ask those who have not agreed.

    Raises:
        BadInputError: It is not on a server, one person twice, or somebody who is not there.
    """
    guild_id = guild_of(interaction)
    require_people(first, second)
    if await asks_for_consent(interaction, guild_id, (first, second)):
        return
    await interaction.response.defer(ephemeral=True)
    comparison = await interaction.client.services.social.comparing.compare(
        guild_id,
        ListenerId(first.id),
        ListenerId(second.id),
        asker=listener_of(interaction),
        at=now(),
    )
    a, b = (None if who.id == interaction.user.id else name_of(who) for who in (first, second))
    await interaction.edit_original_response(view=comparison_layout(comparison, a, b))


async def asks_for_consent(
    interaction: BotInteraction, guild_id: int, people: Sequence[discord.abc.User]
) -> bool:
    """Ask those people who cannot be compared, with a button for each; tell whether there are any.

    Whether somebody has not agreed or merely has no model is told to nobody.
    """
    asker = listener_of(interaction)
    found = await interaction.client.services.social.comparing.missing(
        guild_id, [ListenerId(who.id) for who in people], asker=asker
    )
    if asker in found:
        question = sentence(asked_of_oneself(), allow_comparing_button(asker))
        await interaction.response.send_message(view=question, ephemeral=True)
    elif found:
        require_posting(interaction)
        missing = [who for who in people if who.id in found]
        await interaction.response.send_message(view=_question(missing))
    return bool(found)


def guild_of(interaction: BotInteraction) -> int:
    """Return the server.

    Raises:
        BadInputError: There is none.
    """
    if interaction.guild_id is None:
        msg = "people are compared on a server where they agreed to it; ask me there."
        raise BadInputError(msg)
    return interaction.guild_id


def require_people(*people: discord.abc.User) -> None:
    """Refuse whoever is no person on this server.

    Raises:
        BadInputError: Somebody is a bot, or has left, or is named twice.
    """
    for who in people:
        if who.bot or not isinstance(who, discord.Member):
            what = "is a bot" if who.bot else "is not on this server"
            msg = f"{plain(who.display_name, 40)} {what}; name a person who is here."
            raise BadInputError(msg)
    if len({who.id for who in people}) < len(people):
        msg = "that is one person twice; name somebody else."
        raise BadInputError(msg)


def _question(missing: Sequence[discord.abc.User]) -> Layout:
    buttons = [
        allow_comparing_button(ListenerId(who.id), plain(who.display_name, 30)) for who in missing
    ]
    rows: list[Item] = [
        discord.ui.ActionRow[Any](*buttons[start : start + _IN_A_ROW])
        for start in range(0, len(buttons), _IN_A_ROW)
    ]
    return Layout(text(asked_of_others([name_of(who) for who in missing])), *rows)
