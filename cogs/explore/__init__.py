"""Songs from elsewhere, and the passport."""

from cogs._bot import ServiceBot
from cogs.explore.cog import Explore
from cogs.explore.components import PlaceButton, WhereButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(PlaceButton, WhereButton)
    await bot.add_cog(Explore())
