"""Brings reminders: a link to an account will end."""

import logging
from typing import Final

import discord
from discord.ext import commands

from cogs._bot import ServiceBot
from cogs._breaks import FAILURES
from cogs._layout import sentence
from cogs._refusals import Refusal, refusal_of
from cogs.accounts.text import reminder_text
from musicrec.domain.account import Account

_IN_VAIN: Final = frozenset({Refusal.CLOSED, Refusal.GONE})

_log = logging.getLogger(__name__)


class Reminders(commands.Cog):
    """Writes to listeners; whom it cannot write to learns it from /link status."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        """Offer to bring what is due."""
        self._bot.services.accounts.bring_reminders(self.bring)

    async def bring(self, account: Account) -> bool:
        """Write to a listener; tell whether that is done with, be it in vain."""
        try:
            channel = await self._bot.create_dm(discord.Object(account.listener_id))
            await channel.send(view=sentence(reminder_text(account)))
        except FAILURES as error:
            if refusal_of(error) in _IN_VAIN:
                _log.info("A listener cannot be written to; /link status tells them")
                return True
            _log.warning("A reminder could not be brought, it will be tried again: %s", error)
            return False
        return True
