"""Servers that the bot is in no longer are forgotten."""

import asyncio
import logging

import discord
from discord.ext import commands

from cogs._bot import ServiceBot
from musicrec.domain.errors import StorageError

_SNOWFLAKE_TIME = 22
"""Bits below the time in an id; Discord shards servers by what is above them."""

_log = logging.getLogger(__name__)


class Servers(commands.Cog):
    """Deletes what is kept about a server once the bot has been removed from it.

    An outage is no removal: discord.py tells of it by another event.
    """

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot
        self._looking = asyncio.Lock()
        self._has_looked = False

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server at once."""
        try:
            await self._forget(guild.id)
        except StorageError:  # the look at the next start finds it
            _log.exception("Could not forget guild %s", guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Forget, once a start, the servers that removed the bot while it was away."""
        async with self._looking:
            if self._has_looked:
                return
            try:
                await self._look()
                self._has_looked = True
            except (StorageError, discord.HTTPException):
                _log.exception("Could not look for guilds that were left")

    async def _look(self) -> None:
        here = [guild.id for guild in self._bot.guilds]
        for guild_id in await self._bot.services.privacy.servers_beside(here):
            if self._is_ours(guild_id) and await self._is_gone(guild_id):
                await self._forget(guild_id)

    async def _forget(self, guild_id: int) -> None:
        n_deleted = await self._bot.services.privacy.forget_server(guild_id)
        _log.info("Left guild %s; %d rows about it are deleted", guild_id, n_deleted)

    def _is_ours(self, guild_id: int) -> bool:
        """Tell whether this process would be told of a server, where several share the work."""
        count, shards = self._bot.shard_count, getattr(self._bot, "shard_ids", None)
        return not count or not shards or (guild_id >> _SNOWFLAKE_TIME) % count in shards

    async def _is_gone(self, guild_id: int) -> bool:
        """Ask Discord itself, because what is deleted does not come back."""
        try:
            await self._bot.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return True
        return False
