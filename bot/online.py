"""The bot on Discord itself."""

import asyncio
import contextlib
from typing import Final

import aiohttp
import discord
from pydantic import SecretStr
from threadpoolctl import threadpool_limits

from bot.container import open_services
from bot.due import doing_what_is_due
from bot.failures import StartError
from bot.first_signs import FirstSigns
from bot.garbage import settle
from bot.health import telling_health
from bot.heap import giving_back
from bot.metrics import Metrics
from bot.outside import account_settings, operator_pages, source_settings
from bot.seat import Seat, seat_at
from bot.settings import Settings
from bot.sharded import ShardedBot
from bot.shards import Shards, shards_of
from bot.web import serving_browsers
from cogs._errors import tell_interrupted
from cogs._watch import Watch

_FINISH_S: Final = 4.0
"""Seconds for what is being answered when the process is told to stop; it has ten in all."""
_FINISH_AFTER_S: Final = 20.0
"""The same where another process serves already, so that nobody waits for this one's end."""
_TELL_S: Final = 2.0
_WRONG_SHARDS: Final = frozenset({4010, 4011})
"""Invalid shard, and sharding required: Discord's codes of a closed gateway."""


async def run_online(settings: Settings, token: SecretStr) -> None:
    """Connect to Discord and serve until cancelled; short losses of connection are bridged.

    Where another process serves the same shards, it waits until that one lets go of them.
    Cancelled, it serves on until whoever waits for its shards is connected; then it hears of
    nothing new, lets what is being answered finish for some seconds, and tells everybody else that
    they were interrupted.

    Raises:
        StartError: Discord refused the token or the intents, or is out of reach, or the workers
            are, or another process serves its shards.
        MusicRecError: The database or the catalogue cannot be used.
    """
    metrics, shards = Metrics(), shards_of(settings)
    # What is computed beside the event loop is small: more threads would only spin.
    with threadpool_limits(1):
        await _serve(settings, token, metrics, shards)


async def _serve(settings: Settings, token: SecretStr, metrics: Metrics, shards: Shards) -> None:
    opening = open_services(
        data_dir=settings.data_dir,
        database_url=settings.database_address,
        worker_processes=settings.worker_processes,
        scheduler=settings.workers,
        sources=source_settings(settings),
        accounts=account_settings(settings),
        warm_up=True,
        tell=metrics.job_ended,
    )
    async with opening as services, seat_at(settings, shards) as seat:
        settle()
        bot = ShardedBot(
            services,
            shards,
            turns=seat.turns,
            reads_messages=settings.read_messages,
            watch=Watch(metrics.answered),
            pages=operator_pages(settings),
            signs=FirstSigns(metrics.acknowledged),
        )
        async with (
            serving_browsers(settings, services.accounts),
            bot,
            giving_back(),
            doing_what_is_due(services, bot.is_ready) as schedule_lag,
            telling_health(settings, bot, metrics, schedule_lag),
        ):
            await seat.take(bot)
            await _connect(bot, token, seat)


async def _connect(bot: ShardedBot, token: SecretStr, seat: Seat) -> None:
    serving = asyncio.create_task(bot.start(token.get_secret_value()), name="gateway")
    keeping = asyncio.create_task(seat.keep(bot), name="shards")
    patience_s = _FINISH_S
    try:
        done, _ = await asyncio.wait({serving, keeping}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except asyncio.CancelledError:
        if await seat.hand_over(bot):
            patience_s = _FINISH_AFTER_S
        raise
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise StartError(_sentence(error)) from error
    finally:
        # Nobody reads from the gateway any more, but answers can still be sent.
        await bot.stop_hearing()
        serving.cancel()
        keeping.cancel()
        await asyncio.gather(serving, keeping, return_exceptions=True)
        await _take_leave(bot, patience_s)


async def _take_leave(bot: ShardedBot, patience_s: float) -> None:
    """Answer everybody whose interaction is not finished in time."""
    unanswered = await bot.watch.interrupt(patience_s=patience_s)
    telling = (tell_interrupted(interaction) for interaction in unanswered)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TELL_S):
            await asyncio.gather(*telling, return_exceptions=True)


def _sentence(error: Exception) -> str:
    if isinstance(error, discord.LoginFailure):
        return (
            "Discord did not accept DISCORD_TOKEN: copy it anew from the Developer Portal "
            "(your application → Bot → Reset Token)."
        )
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return (
            "Discord refused the intents: switch on Message Content Intent in the Developer Portal "
            "(your application → Bot → Privileged Gateway Intents), or leave READ_MESSAGES empty."
        )
    if isinstance(error, discord.ConnectionClosed) and error.code in _WRONG_SHARDS:
        return (
            f"Discord refused the shards (code {error.code}): leave SHARDS and SHARD_IDS empty, or "
            "set SHARDS to more."
        )
    return f"Discord is out of reach or refused the connection: {error}."
