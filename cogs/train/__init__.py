"""Training on demand."""

from cogs._bot import ServiceBot
from cogs.train.cog import Train
from cogs.train.components import TrainPictureButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(TrainPictureButton)
    await bot.add_cog(Train())
