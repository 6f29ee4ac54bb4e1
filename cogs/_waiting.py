"""Tells somebody where in the line their work stands, on the answer that they wait for."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from typing import Final

import discord

from cogs._bot import BotInteraction
from cogs._layout import sentence
from musicrec.domain.asker import asking

_SHORTER: Final = 0.7
"""Of the line that was told before, what is told next: a dozen times at most, in the longest line,
because Discord lets no message be changed many times a second."""
_YOUR_TURN: Final = "It is your turn: I am working on it."

_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def telling_place(interaction: BotInteraction) -> AsyncGenerator[None]:
    """Tell who asked where their work stands while the block waits for a worker.

    The words stand where the answer will: on the deferred response. What the block raises goes
    on, and they go away.

    Args:
        interaction: A command, deferred.
    """
    asker = asking.get()
    if asker is None:
        yield
        return
    teller = _Teller(interaction)
    asker.told = teller.hear
    telling = asyncio.create_task(teller.tell(), name="place in line")
    try:
        yield
    except BaseException:
        await teller.end(telling)
        await teller.take_back()
        raise
    else:
        await teller.end(telling)
    finally:
        asker.told = None


class _Teller:
    """Words the latest place, one after the other."""

    def __init__(self, interaction: BotInteraction) -> None:
        self._interaction = interaction
        self._place = 0
        self._told: int | None = None
        self._news = asyncio.Event()
        self._is_over = False

    def hear(self, place: int) -> None:
        """Note a place; 0 for being worked on."""
        self._place = place
        self._news.set()

    async def tell(self) -> None:
        """Tell places until it is over."""
        while not self._is_over:
            await self._news.wait()
            self._news.clear()
            if not self._is_over and self._is_worth_telling():
                await self._say(self._place)

    def _is_worth_telling(self) -> bool:
        if self._told is None:
            return self._place > 0
        return self._place <= _SHORTER * self._told and self._place != self._told

    async def end(self, telling: asyncio.Task[None]) -> None:
        """Tell nothing more; what is being said may not come after the answer."""
        self._is_over = True
        self._news.set()
        await telling

    async def take_back(self) -> None:
        """Delete what was told: an error's sentence is a message of its own."""
        if self._told is None:
            return
        try:
            await self._interaction.delete_original_response()
        except (discord.DiscordException, OSError) as error:
            _log.warning("An old place in line stays: %s", error)

    async def _say(self, place: int) -> None:
        self._told = place
        words = place_text(place)
        try:
            await self._interaction.edit_original_response(view=sentence(words))
        except (discord.DiscordException, OSError) as error:
            _log.warning("Somebody could not be told their place in line: %s", error)


def place_text(place: int) -> str:
    """Word a place: 1 is the next one, 0 is being worked on."""
    if not place:
        return _YOUR_TURN
    who = "you are next" if place == 1 else f"you are number {place} in line"
    return f"All my workers are busy; {who}. This message changes when it is your turn."
