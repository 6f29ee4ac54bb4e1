"""The listener's profile, the way back in time, and the scoreboard."""

from cogs._bot import ServiceBot
from cogs.taste.cog import Taste
from cogs.taste.components import RewindButton, TastePictureButton
from cogs.taste.corrections import CorrectionsPageButton, TakeBackButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(RewindButton, TastePictureButton)
    bot.add_dynamic_items(CorrectionsPageButton, TakeBackButton)
    await bot.add_cog(Taste())
