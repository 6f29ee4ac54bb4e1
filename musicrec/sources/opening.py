"""Everything together, from the settings to a look-up that can be asked."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import aiohttp

from musicrec.sources.answers import AnswerStore
from musicrec.sources.api import Surroundings
from musicrec.sources.clients import Clients, user_agent
from musicrec.sources.clock import SystemClock
from musicrec.sources.lookup import SongLookup
from musicrec.sources.pace import SharedTurns
from musicrec.sources.settings import SourceSettings
from musicrec.sources.transport import HttpTransport

_MOST_CONNECTIONS: Final = 4
"""To each service; the intervals between calls leave no use for more."""


@asynccontextmanager
async def open_lookup(
    settings: SourceSettings,
    store: AnswerStore,
    now: Callable[[], datetime],
    *,
    program: str,
    turns: SharedTurns | None = None,
) -> AsyncGenerator[SongLookup]:
    """Open one session for all services, and close it with whatever is still under way.

    One look-up a process: each keeps the services' limits for itself, but for ``turns``.

    Args:
        settings: Addresses, limits, orders.
        store: Remembers answers and closures.
        now: Returns the current time, aware UTC.
        program: Name and version for the ``User-Agent``, ``musicrec/0.1.0``.
        turns: Keep several processes apart; None for one process.
    """
    opening = open_surroundings(settings.contact, store, now, program=program, turns=turns)
    async with opening as surroundings:
        clients = Clients.of(settings, surroundings)
        try:
            yield SongLookup(clients, settings.orders)
        finally:
            await clients.close()


@asynccontextmanager
async def open_surroundings(
    contact: str,
    store: AnswerStore,
    now: Callable[[], datetime],
    *,
    program: str,
    turns: SharedTurns | None = None,
) -> AsyncGenerator[Surroundings]:
    """Open one session for several services.

    Args:
        contact: Whoever runs this program, for the ``User-Agent``.
        store: Remembers answers and closures.
        now: Returns the current time, aware UTC.
        program: Name and version for the ``User-Agent``.
        turns: As for ``open_lookup``.
    """
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit_per_host=_MOST_CONNECTIONS),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        transport = HttpTransport(session, user_agent(program, contact))
        yield Surroundings(transport, SystemClock(now), store, turns=turns)
