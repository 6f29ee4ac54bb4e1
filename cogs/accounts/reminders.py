"""Tells listeners in time that a link will end."""

import logging
from datetime import datetime

import discord
from discord.ext import commands, tasks

from cogs._bot import ServiceBot, now
from cogs._layout import sentence
from cogs.accounts.text import reminder_text
from musicrec.domain.account import Account
from musicrec.domain.errors import MusicRecError

_EVERY_H = 6.0

_log = logging.getLogger(__name__)


class Reminders(commands.Cog):
    """Looks four times a day; whom it cannot write to learns it from /link status."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        """Begin to look."""
        self._look.start()

    async def cog_unload(self) -> None:
        """Look no more."""
        self._look.cancel()

    async def remind(self, *, at: datetime) -> None:
        """Write to everybody whose link ends soon, once."""
        for account in await self._bot.services.accounts.reminders(at=at):
            try:
                channel = await self._bot.create_dm(discord.Object(account.listener_id))
                await channel.send(view=sentence(reminder_text(account)))
            except discord.Forbidden:
                _log.info("A listener cannot be written to; /link status tells them")
            except (discord.DiscordException, OSError):
                await self._again_later(account)

    async def _again_later(self, account: Account) -> None:
        _log.warning("A reminder could not be brought; it will be tried again")
        await self._bot.services.accounts.take_back_reminder(account)

    @tasks.loop(hours=_EVERY_H)
    async def _look(self) -> None:
        try:
            await self.remind(at=now())
        except MusicRecError as error:
            _log.error("Reminders could not be looked for: %s", error)

    @_look.before_loop
    async def _wait(self) -> None:
        await self._bot.wait_until_ready()
