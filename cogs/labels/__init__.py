"""Verdicts on cards and in lists: by button and by reaction."""

from cogs._bot import ServiceBot
from cogs.labels.cog import Reactions
from cogs.labels.components import LabelButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(LabelButton)
    await bot.add_cog(Reactions(bot))
