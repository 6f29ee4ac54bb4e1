"""Servers and their channels, also of servers whose events another process hears."""

import discord

from cogs._bot import ServiceBot


async def server_of(bot: ServiceBot, guild_id: int) -> discord.Guild:
    """Return a server from which can be told who may do what in its channels.

    Raises:
        discord.NotFound, discord.Forbidden: The bot is no member of it.
        discord.HTTPException: Discord could not be asked.
    """
    heard = bot.get_guild(guild_id)
    if heard is not None:
        return heard
    guild = await bot.fetch_guild(guild_id, with_counts=False)
    if bot.user is not None:
        me = await guild.fetch_member(bot.user.id)
        guild._add_member(me)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - for ``guild.me``
    return guild


async def channel_of(
    guild: discord.Guild, channel_id: int
) -> discord.abc.GuildChannel | discord.Thread:
    """Return a channel or thread of a server.

    Raises:
        discord.NotFound: It is gone.
        discord.Forbidden: The bot does not see it.
        discord.InvalidData: It is on another server.
        discord.HTTPException: Discord could not be asked.
    """
    heard = guild.get_channel_or_thread(channel_id)
    if heard is not None:
        return heard
    found = await guild.fetch_channel(channel_id)
    if isinstance(found, discord.Thread) and found.parent is None:
        parent = await guild.fetch_channel(found.parent_id)
        if not isinstance(parent, discord.Thread):
            guild._add_channel(parent)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - for its permissions
    return found
