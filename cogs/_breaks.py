"""How talking to Discord fails; discord.py lets aiohttp's errors of connections through."""

from typing import Final

import aiohttp
import discord

from cogs._bot import BotInteraction
from cogs._layout import Layout

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError)
"""All that sending something to Discord may raise."""

_ACKNOWLEDGED: Final = 40060
"""Discord has a first answer already. Source: Discord's list of JSON error codes."""


def broke_off(error: Exception) -> bool:
    """Tell whether an answer may have arrived although sending it failed.

    Interactions that come twice are passed over, so a first answer that Discord has already was
    ours, and only the reply to it was lost.
    """
    if isinstance(error, discord.HTTPException) and error.code == _ACKNOWLEDGED:
        return True
    return isinstance(error, aiohttp.ClientError | discord.DiscordServerError)


async def send_alone(interaction: BotInteraction, answer: Layout) -> None:
    """Send an answer to the one who asked, whether or not a first answer arrived before.

    Raises:
        DiscordException, aiohttp.ClientError, OSError: Discord did not take it.
    """
    if not interaction.response.is_done() and await _is_first(interaction, answer):
        return
    await interaction.followup.send(view=answer, ephemeral=True)


async def _is_first(interaction: BotInteraction, answer: Layout) -> bool:
    """Send a first answer; False where Discord has one."""
    try:
        await interaction.response.send_message(view=answer, ephemeral=True)
    except discord.HTTPException as error:
        if error.code != _ACKNOWLEDGED:
            raise
        return False
    return True
