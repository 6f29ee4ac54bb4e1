"""The bot as it runs on Discord, in a process of its own; Discord is a stand-in at a port."""

import sys

import discord.gateway
from discord.http import Route
from yarl import URL

from bot.__main__ import main

if __name__ == "__main__":
    port = sys.argv[1]
    Route.BASE = f"http://127.0.0.1:{port}/api"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://127.0.0.1:{port}/gateway")
    sys.exit(main(["run"]))
