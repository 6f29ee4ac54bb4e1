"""Files that people attach: whoever asks has looked at size and kind before."""

import asyncio
from typing import Final

import discord

from cogs._format import plain
from musicrec.domain.errors import BadInputError

_PATIENCE_S: Final = 30.0
"""Discord's limit of 25 MB takes seconds; an answer is due within 15 minutes."""


async def fetched(file: discord.Attachment) -> bytes:
    """Fetch a file from Discord, from nowhere else.

    Raises:
        BadInputError: Discord does not hand it out any more, or not in time, or it grew.
    """
    name = plain(file.filename, 60)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            data = await file.read()
    except TimeoutError as error:
        msg = f"Discord did not hand me {name} within {_PATIENCE_S:.0f} seconds; attach it again."
        raise BadInputError(msg) from error
    except (discord.DiscordException, OSError) as error:
        msg = f"Discord did not hand me {name}; attach it again."
        raise BadInputError(msg) from error
    if len(data) > file.size:
        msg = f"{name} is larger than Discord said; attach it again."
        raise BadInputError(msg)
    return data
