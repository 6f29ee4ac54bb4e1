"""Links of songs that people post become cards, in the channel that a server chose."""

from cogs._bot import ServiceBot
from cogs.links.cog import Links


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    await bot.add_cog(Links(bot))
