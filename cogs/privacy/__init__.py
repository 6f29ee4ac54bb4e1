"""One's own data."""

from cogs._bot import ServiceBot
from cogs.privacy.cog import Privacy
from cogs.privacy.components import DeleteDataButton, EndSharingButton
from cogs.privacy.servers import Servers


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(DeleteDataButton, EndSharingButton)
    await bot.add_cog(Privacy())
    await bot.add_cog(Servers(bot))
