"""Rating as a flow."""

from cogs._bot import ServiceBot
from cogs.rate.cog import Rate
from cogs.rate.components import (
    DuelButton,
    RateButton,
    StartRatingButton,
    UndoButton,
    UndoDuelButton,
)


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(DuelButton, RateButton, StartRatingButton, UndoButton, UndoDuelButton)
    await bot.add_cog(Rate())
