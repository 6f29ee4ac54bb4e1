"""A program that prints a line at every tick of its schedule, while it leads."""

import asyncio
import sys
from datetime import datetime

from bot.schedule import ticking
from musicrec.storage import Database


async def say(_: datetime) -> None:
    print("tick", flush=True)  # noqa: T201 - what the test waits for


async def main(url: str) -> None:
    print("ready", flush=True)  # noqa: T201 - as above
    async with ticking(Database.open(url).leadership(), [say], every_s=0.1, take_over_s=0.1):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
