"""What was acknowledged survives the death of the process; real processes, really killed."""

import asyncio
import sys
from pathlib import Path

from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA

ROOT = Path(__file__).parents[3]


async def test_labels_acknowledged_before_a_kill_are_still_there(url: str):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.musicrec.storage.endless_writer",
        url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    acknowledged = [(await process.stdout.readline()).decode().strip() for _ in range(100)]
    process.kill()
    rest, _ = await process.communicate()
    acknowledged += rest.decode().splitlines()

    database = Database.open(url)
    await database.check()
    async with database.reading() as work:
        stored = [one.event_key for one in await work.labels.history(ANNA)]
    await database.close()
    assert "" not in acknowledged
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
