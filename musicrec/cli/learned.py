"""The songs that the bot learned one by one, for builds on the command line."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from musicrec.cli.screen import print_notices
from musicrec.domain.learned_song import LearnedSong
from musicrec.services.learning import all_learned
from musicrec.storage import Database, sqlite_file, sqlite_url, upgrade


def learned_songs(data_dir: Path, database_url: str | None) -> Sequence[LearnedSong]:
    """Return all of them and say how many; none where there is no database yet.

    Args:
        data_dir: Whose SQLite file is read; its tables are brought to this version.
        database_url: Of another database, which is read instead.

    Raises:
        StorageError: The database is out of reach, or of another version.
        BadInputError: The address cannot be used.
    """
    if database_url is None and not sqlite_file(data_dir).exists():
        return ()
    songs = asyncio.run(_read(database_url or sqlite_url(data_dir)))
    if songs:
        print_notices([f"{len(songs):,} songs that the bot learned one by one are merged."])
    return songs


async def _read(url: str) -> list[LearnedSong]:
    database = Database.open(url)
    try:
        if database.dialect == "sqlite":
            await upgrade(url)
        await database.check()
        return await all_learned(database)
    finally:
        await database.close()
