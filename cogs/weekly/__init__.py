"""A playlist of one's own, every week."""

from cogs._bot import ServiceBot
from cogs.weekly.cog import Weekly
from cogs.weekly.components import WeekKeepButton, WeekLookButton, WeekPageButton
from cogs.weekly.post import DiscordWeekPost

__all__ = ["DiscordWeekPost", "setup"]


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(WeekKeepButton, WeekLookButton, WeekPageButton)
    bot.services.week_delivery.bring_by(DiscordWeekPost(bot))
    await bot.add_cog(Weekly())
