"""The setting, and the ear for messages."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, ServiceBot, now
from cogs._cards import public_card
from cogs._layout import sentence
from cogs.links.text import NEVER_ON, NO_INTENT, OFF, on
from musicrec.domain.errors import MusicRecError, StorageError
from musicrec.domain.track import Track

_MANAGE = "manage_guild"
_NEEDED = ("view_channel", "send_messages", "read_message_history")

_log = logging.getLogger(__name__)


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class Links(commands.GroupCog, group_name="settings", group_description="Settings of this server"):
    """Answers links of songs with cards."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(channel="Where links of songs become cards to rate; none ends it")
    async def links(
        self, interaction: BotInteraction, channel: discord.TextChannel | None = None
    ) -> None:
        """Let links of songs in one channel become cards that everybody there can rate."""
        guild_id = _guild_managed_by(interaction)
        links = interaction.client.services.links
        if channel is None:
            words = OFF if await links.forget(guild_id) else NEVER_ON
        elif not interaction.client.intents.message_content:
            words = NO_INTENT
        else:
            _require_room(channel)
            await links.choose(guild_id, channel.id, at=now())
            words = on(channel.mention)
        await interaction.response.send_message(view=sentence(words), ephemeral=True)

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
        except discord.HTTPException as error:
            _log.warning("A link in channel %s stays without card: %s", message.channel.id, error)
        except MusicRecError:
            _log.exception("A link in channel %s could not be looked up", message.channel.id)

    async def _answer(self, message: discord.Message, track: Track) -> None:
        card = await message.reply(view=public_card(track), mention_author=False)
        await self._bot.services.cards.record(card.id, card.channel.id, track.id, at=now())

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the channel of a server that the bot is no longer in."""
        try:
            await self._bot.services.links.forget(guild.id)
        except StorageError:
            _log.exception("Could not forget the channel for links of guild %s", guild.id)


def _guild_managed_by(interaction: BotInteraction) -> int:
    """Return the server; servers may let others see the command than those who manage it.

    Raises:
        app_commands.MissingPermissions: The member does not manage the server.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions([_MANAGE])
    return interaction.guild_id


def _require_room(channel: discord.TextChannel) -> None:
    """Refuse a channel where no card could be posted.

    Raises:
        app_commands.BotMissingPermissions: The bot may not read or write there.
    """
    allowed = channel.permissions_for(channel.guild.me)
    missing = [name for name in _NEEDED if not getattr(allowed, name)]
    if missing:
        raise app_commands.BotMissingPermissions(missing)
