"""What those who manage a server choose for it, and what is posted there by the clock."""

from cogs._bot import ServiceBot
from cogs.server.cog import Server
from cogs.server.post import DiscordServerPost


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.services.social.server_posts.bring_by(DiscordServerPost(bot))
    await bot.add_cog(Server())
