"""Predictions for single songs."""

from cogs._bot import ServiceBot
from cogs.predict.cog import Predict


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Predict())
