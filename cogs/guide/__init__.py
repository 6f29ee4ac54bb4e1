"""Finding one's way: the welcome, ``/help`` and ``/status``."""

from cogs._bot import ServiceBot
from cogs.guide.cog import Guide
from cogs.guide.render import welcome_layout

__all__ = ["setup", "welcome_layout"]


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Guide())
