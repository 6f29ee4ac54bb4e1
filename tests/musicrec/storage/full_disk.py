"""A program whose files may not grow, as on a full disk; prints what storing a model raises."""

import asyncio
import resource
import sys

from musicrec.domain.errors import StorageError
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, NOON, event, model, store


async def main() -> None:
    database = Database.open(sys.argv[1])
    await store(database, event(event_key="before"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        async with database.writing() as work:
            await work.listeners.lock(ANNA, NOON)
            await work.models.add(model(bytes(1_000_000)))
    except StorageError as error:
        print(error)  # noqa: T201 - what the test reads
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await store(database, event(event_key="after"))
    await database.close()


asyncio.run(main())
