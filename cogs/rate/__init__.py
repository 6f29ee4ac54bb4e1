"""Rating as a flow."""

from cogs._bot import ServiceBot
from cogs.rate.cog import Rate
from cogs.rate.components import RateButton, StartRatingButton, UndoButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(RateButton, StartRatingButton, UndoButton)
    await bot.add_cog(Rate())
