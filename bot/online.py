"""The bot on Discord itself."""

import discord
from pydantic import SecretStr

from bot.client import MusicBot
from bot.container import open_services
from bot.failures import StartError
from bot.outside import account_settings, source_settings
from bot.settings import Settings
from bot.web import serving_browsers


async def run_online(settings: Settings, token: SecretStr) -> None:
    """Connect to Discord and serve until cancelled; short losses of connection are bridged.

    Raises:
        StartError: Discord refused the token or the intents, or is out of reach, or the workers
            are.
        MusicRecError: The database or the catalogue cannot be used.
    """
    async with open_services(
        data_dir=settings.data_dir,
        database_url=settings.database_address,
        worker_processes=settings.worker_processes,
        scheduler=settings.workers,
        sources=source_settings(settings),
        accounts=account_settings(settings),
        warm_up=True,
    ) as services:
        bot = MusicBot(services, reads_messages=settings.read_messages)
        try:
            async with serving_browsers(settings, services.accounts), bot:
                await bot.start(token.get_secret_value())
        except (discord.DiscordException, OSError) as error:
            raise StartError(_sentence(error)) from error


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
