"""Training on demand."""

from cogs._bot import ServiceBot
from cogs.train.cog import Train


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Train())
