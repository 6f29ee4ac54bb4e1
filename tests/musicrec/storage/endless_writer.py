"""A program that stores labels until it is killed, and prints the key of each one it stored."""

import asyncio
import sys

from musicrec.storage import Database
from tests.musicrec.storage.samples import event, store


async def write(database: Database, writer: int) -> None:
    number = 0
    while True:
        key = f"{writer}:{number}"
        await store(database, event(event_key=key))
        print(key, flush=True)  # noqa: T201 - the acknowledgement
        number += 1


async def main() -> None:
    database = Database.open(sys.argv[1])
    await asyncio.gather(*(write(database, writer) for writer in range(4)))


asyncio.run(main())
