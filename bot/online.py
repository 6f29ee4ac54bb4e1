"""The bot on Discord itself."""

import asyncio
import contextlib
from typing import Final

import discord
from pydantic import SecretStr
from threadpoolctl import threadpool_limits

from bot.client import MusicBot
from bot.container import open_services
from bot.due import doing_what_is_due
from bot.failures import StartError
from bot.first_signs import FirstSigns
from bot.health import telling_health
from bot.metrics import Metrics
from bot.outside import account_settings, source_settings
from bot.settings import Settings
from bot.web import serving_browsers
from cogs._errors import tell_interrupted
from cogs._watch import Watch

_FINISH_S: Final = 4.0
"""Seconds for what is being answered when the process is told to stop; it has ten in all."""
_TELL_S: Final = 2.0


async def run_online(settings: Settings, token: SecretStr) -> None:
    """Connect to Discord and serve until cancelled; short losses of connection are bridged.

    Cancelled, it hears of nothing new, lets what is being answered finish for some seconds, and
    tells everybody else that they were interrupted.

    Raises:
        StartError: Discord refused the token or the intents, or is out of reach, or the workers
            are.
        MusicRecError: The database or the catalogue cannot be used.
    """
    metrics = Metrics()
    # What is computed beside the event loop is small: more threads would only spin.
    with threadpool_limits(1):
        await _serve(settings, token, metrics)


async def _serve(settings: Settings, token: SecretStr, metrics: Metrics) -> None:
    async with open_services(
        data_dir=settings.data_dir,
        database_url=settings.database_address,
        worker_processes=settings.worker_processes,
        scheduler=settings.workers,
        sources=source_settings(settings),
        accounts=account_settings(settings),
        warm_up=True,
        tell=metrics.job_ended,
    ) as services:
        watch = Watch(metrics.answered)
        signs = FirstSigns(metrics.acknowledged)
        bot = MusicBot(services, reads_messages=settings.read_messages, watch=watch, signs=signs)
        async with (
            serving_browsers(settings, services.accounts),
            bot,
            telling_health(settings, bot, metrics),
            doing_what_is_due(services, bot.is_ready),
        ):
            await _connect(bot, token)


async def _connect(bot: MusicBot, token: SecretStr) -> None:
    try:
        await bot.start(token.get_secret_value())
    except (discord.DiscordException, OSError) as error:
        raise StartError(_sentence(error)) from error
    finally:
        # Nobody reads from the gateway any more, but answers can still be sent.
        await _take_leave(bot)


async def _take_leave(bot: MusicBot) -> None:
    """Answer everybody whose interaction is not finished in time."""
    unanswered = await bot.watch.interrupt(patience_s=_FINISH_S)
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
    return f"Discord is out of reach or refused the connection: {error}."
