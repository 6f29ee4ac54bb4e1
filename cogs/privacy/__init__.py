"""One's own data."""

from cogs._bot import ServiceBot
from cogs.privacy.cog import Privacy
from cogs.privacy.components import DeleteDataButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(DeleteDataButton)
    await bot.add_cog(Privacy())
