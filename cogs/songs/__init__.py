"""The catalogue: searching it and posting from it."""

from cogs._bot import ServiceBot
from cogs.songs.cog import Songs


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Songs())
