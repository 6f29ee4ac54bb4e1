"""The listener's profile."""

from cogs._bot import ServiceBot
from cogs.taste.cog import Taste


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Taste())
