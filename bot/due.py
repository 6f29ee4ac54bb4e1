"""What the bot does by the clock, once it is connected: weekly lists, and posts in servers."""

import contextlib
from collections.abc import Callable
from datetime import datetime

from bot.schedule import ScheduleLag, Tick, ticking
from musicrec.services import Services


def doing_what_is_due(
    services: Services, is_ready: Callable[[], bool]
) -> contextlib.AbstractAsyncContextManager[ScheduleLag]:
    """Deliver every minute what is due, in one process of all that share a database.

    Args:
        services: What is due, and by whom it is brought, once the features are loaded.
        is_ready: Whether Discord knows the bot; what is due before is made up for a minute later.

    Returns:
        A context manager that yields how late that is.
    """
    ticks = (services.week_delivery.tick, services.social.server_posts.tick)
    when_ready = [_when(is_ready, tick) for tick in ticks]
    return ticking(services.week_delivery.leadership(), when_ready)


def _when(is_ready: Callable[[], bool], tick: Tick) -> Tick:
    async def once_ready(at: datetime) -> None:
        if is_ready():
            await tick(at)

    return once_ready
