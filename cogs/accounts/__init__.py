"""Linking one's own accounts elsewhere."""

from cogs._bot import ServiceBot
from cogs.accounts.cog import Link, Unlink
from cogs.accounts.components import PasteAddressButton
from cogs.accounts.hints import HintsButton
from cogs.accounts.listenbrainz import EnterTokenButton, ExchangeVerdictsButton
from cogs.accounts.reminders import Reminders


async def setup(bot: ServiceBot) -> None:
    """Register the feature."""
    bot.add_dynamic_items(PasteAddressButton, EnterTokenButton, ExchangeVerdictsButton, HintsButton)
    await bot.add_cog(Link())
    await bot.add_cog(Unlink())
    await bot.add_cog(Reminders(bot))
