"""Shortlists."""

from cogs._bot import ServiceBot
from cogs.recommend.cog import Recommend


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Recommend())
