"""What people do together who agreed to be compared: bridges and blends."""

from cogs._bot import ServiceBot
from cogs.together.cog import Together
from cogs.together.components import AllowComparingButton, BlendPageButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(AllowComparingButton, BlendPageButton)
    await bot.add_cog(Together())
