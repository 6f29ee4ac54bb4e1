"""Playlists: pruned, examined, sorted, made, written, and everything taken back."""

from cogs._bot import ServiceBot
from cogs.playlists.cog import Playlists
from cogs.playlists.components import EditDecideButton, EditPageButton, EditTickButton
from cogs.playlists.copies import MadeAgainButton, MadeSendButton
from cogs.playlists.made import MadeFileButton, MadePageButton


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(EditDecideButton, EditPageButton, EditTickButton)
    bot.add_dynamic_items(MadeAgainButton, MadeFileButton, MadePageButton, MadeSendButton)
    await bot.add_cog(Playlists())
