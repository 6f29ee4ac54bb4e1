"""The ear for messages; ``cogs.server`` has the setting."""

import logging

import discord
from discord.ext import commands

from cogs._bot import ServiceBot, now
from cogs._breaks import FAILURES
from cogs._cards import public_card
from musicrec.domain.errors import MusicRecError
from musicrec.domain.track import Track

_log = logging.getLogger(__name__)


class Links(commands.Cog):
    """Answers links of songs with cards."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer the links of a message, if it is a person's in the server's channel."""
        if message.author.bot or message.webhook_id is not None or message.guild is None:
            return
        try:
            tracks = await self._bot.services.links.songs_in(
                message.content,
                guild_id=message.guild.id,
                channel_id=message.channel.id,
                at=now(),
            )
            for track in tracks:
                await self._answer(message, track)
        except FAILURES as error:
            _log.warning("A link in channel %s stays without card: %s", message.channel.id, error)
        except MusicRecError:
            _log.exception("A link in channel %s could not be looked up", message.channel.id)

    async def _answer(self, message: discord.Message, track: Track) -> None:
        card = await message.reply(view=public_card(track), mention_author=False)
        guild_id = message.guild.id if message.guild else None
        await self._bot.services.cards.record(
            card.id, card.channel.id, track.id, guild_id=guild_id, at=now()
        )
