"""The bot on the shards of one process, beside other processes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
from discord.ext import commands

from bot.client import MusicBot
from bot.first_signs import FirstSigns
from bot.shards import Shards
from cogs._bot import OperatorPages
from cogs._watch import Watch
from musicrec.services import Services
from musicrec.services.stored_turns import StoredTurns
from musicrec.storage import ANY_COUNT

IDENTIFY: Final = "Discord identify"
"""Whose turns logins to the gateway take."""

_IDENTIFY_EVERY_S: Final = 5.0
_CLOSE_S: Final = 1.0
"""Seconds for Discord to answer a farewell."""
_CLAIM_S: Final = 2.0
"""Seconds to find out whose the last events are."""
_BEGIN_S: Final = 0.05
"""Seconds in which tasks for what was heard last begin, and can be waited for."""
_OUT_OF_SHARE: Final = ("/interactions/", "/webhooks/")
"""Answers to interactions do not count against the limit of all requests."""
_ONCE: Final = ("INTERACTION_CREATE", "MESSAGE_CREATE")
"""What is acted upon and has an id. Reactions have none: whoever stores one looks for itself."""

ClaimEvent = Callable[[int], Awaitable[bool]]


class ShardedBot(MusicBot, commands.AutoShardedBot):
    """The bot on some shards, or on all that Discord recommends."""

    def __init__(
        self,
        services: Services,
        shards: Shards,
        *,
        turns: StoredTurns | None = None,
        reads_messages: bool = False,
        watch: Watch | None = None,
        pages: OperatorPages | None = None,
        signs: FirstSigns | None = None,
    ) -> None:
        """Prepare the bot.

        Args:
            services: What it does.
            shards: Which ones.
            turns: Keep processes of one database from logging in at once.
            reads_messages: As for ``MusicBot``.
            watch: As for ``MusicBot``.
            pages: As for ``MusicBot``.
            signs: As for ``MusicBot``.
        """
        is_open = shards.count == ANY_COUNT
        super().__init__(
            services,
            reads_messages=reads_messages,
            watch=watch,
            pages=pages,
            signs=signs,
            publishes=shards.are_first,
            shard_count=None if is_open else shards.count,
            shard_ids=None if is_open else [*shards.ids],
            http_trace=_traced(shards.request_interval_s, signs),
        )
        self._turns = turns
        self._claim: ClaimEvent | None = None
        self._claims: set[asyncio.Task[None]] = set()
        for name in _ONCE:
            parsers = self._connection.parsers
            parsers[name] = self._hearing_once(parsers[name])

    def hear_once(self, claim: ClaimEvent | None) -> None:
        """Ask before every event whether it is this process's; None where no other one hears it."""
        self._claim = claim

    @property
    def is_doubled(self) -> bool:
        """Whether another process may hear the same events now."""
        return self._claim is not None

    async def stop_hearing(self) -> None:
        """Close the gateway, and leave open what answers need."""
        closing = [asyncio.ensure_future(shard.disconnect()) for shard in self.shards.values()]
        if closing:
            await asyncio.wait(closing, timeout=_CLOSE_S)
        if self._claims:
            await asyncio.wait(self._claims, timeout=_CLAIM_S)
        await asyncio.sleep(_BEGIN_S)

    @property
    def is_connected(self) -> bool:
        """Whether every shard is connected now."""
        shards = self.shards.values()
        return self.is_ready() and bool(shards) and not any(one.is_closed() for one in shards)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the turn to log in, which Discord gives one shard in five seconds."""
        if self._turns is None:
            await super().before_identify_hook(shard_id, initial=initial)
            return
        await asyncio.sleep(await self._turns.take(IDENTIFY, _IDENTIFY_EVERY_S))

    def _hearing_once(self, hear: Callable[[Any], None]) -> Callable[[Any], None]:
        def heard(data: Any) -> None:
            if self._claim is None:
                hear(data)
                return
            task = asyncio.create_task(self._heard_first(self._claim, hear, data))
            self._claims.add(task)
            task.add_done_callback(self._claims.discard)

        return heard

    @staticmethod
    async def _heard_first(claim: ClaimEvent, hear: Callable[[Any], None], data: Any) -> None:
        if await claim(int(data["id"])):
            hear(data)


def _traced(interval_s: float, signs: FirstSigns | None) -> aiohttp.TraceConfig:
    trace = paced(interval_s) if interval_s else aiohttp.TraceConfig()
    if signs is not None:
        signs.listen_to(trace)
    return trace


def paced(interval_s: float) -> aiohttp.TraceConfig:
    """Keep requests an interval apart, but for those that Discord does not count."""
    turn, free_at = asyncio.Lock(), 0.0

    async def wait(
        _session: aiohttp.ClientSession, _context: Any, request: aiohttp.TraceRequestStartParams
    ) -> None:
        nonlocal free_at
        if any(part in request.url.path for part in _OUT_OF_SHARE):
            return
        async with turn:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(free_at - loop.time())
            free_at = loop.time() + interval_s

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(wait)
    return trace
