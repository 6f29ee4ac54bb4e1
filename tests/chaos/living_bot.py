"""A life of the bot as it runs on Discord, which is a stand-in at a port."""

import importlib
import os
from typing import Any

import discord.gateway
from discord.http import Route
from yarl import URL

from bot.__main__ import main
from bot.client import EXTENSIONS

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up

for _name in ("bot.online", *EXTENSIONS):  # so that no life has to import them
    importlib.import_module(_name)


def live(job: dict[str, Any]) -> int:
    """Run until killed or told to stop.

    Args:
        job: ``folder`` to run in, ``port`` of Discord, and more settings as ``environment``.
    """
    os.chdir(job["folder"])
    os.environ.update({"DISCORD_TOKEN": TOKEN, "WORKER_PROCESSES": "1", **job["environment"]})
    Route.BASE = f"http://127.0.0.1:{job['port']}/api"
    gateway = URL(f"ws://127.0.0.1:{job['port']}/gateway")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    return main(["run"])
