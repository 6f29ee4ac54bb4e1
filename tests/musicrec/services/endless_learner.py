"""A program that learns songs, ten at a time, until it is killed; prints how many it learned."""

import asyncio
import sys
from pathlib import Path

from musicrec.catalogue import CurrentCatalogue
from musicrec.services.learning import SongLearning
from musicrec.storage import Database
from tests.musicrec.learned_songs import NOON, learned

TOGETHER = 10


async def main(url: str, data_dir: Path) -> None:
    learning = SongLearning(Database.open(url), CurrentCatalogue(data_dir))
    number = 0
    while True:
        songs = [
            learned(f"isrc:{each}", f"Song {each}", "Band")
            for each in range(number, number + TOGETHER)
        ]
        await learning.learn(songs, at=NOON)
        number += TOGETHER
        print(number, flush=True)  # noqa: T201 - the acknowledgement


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
