"""What the bot does by the clock, once it is connected: weekly lists."""

import contextlib
from datetime import datetime

from bot.schedule import Tick, ticking
from cogs._bot import ServiceBot


def doing_what_is_due(bot: ServiceBot) -> contextlib.AbstractAsyncContextManager[None]:
    """Deliver every minute what is due, in one process of all that share a database."""
    services = bot.services
    ticks = [services.week_delivery.tick]
    return ticking(services.week_delivery.leadership(), [_connected(bot, each) for each in ticks])


def _connected(bot: ServiceBot, tick: Tick) -> Tick:
    """Leave out what comes before Discord knows the bot; it is made up for a minute later."""

    async def when_connected(at: datetime) -> None:
        if bot.is_ready():
            await tick(at)

    return when_connected
