"""Corrections of recommended songs, where the songs are."""

from cogs._bot import ServiceBot
from cogs.corrections.components import CorrectionSelect, TakeBackSaidButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(CorrectionSelect, TakeBackSaidButton)
