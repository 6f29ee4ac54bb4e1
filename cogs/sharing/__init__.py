"""Letting others lean on one's taste."""

from cogs._bot import ServiceBot
from cogs.sharing.cog import Share


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Share())
