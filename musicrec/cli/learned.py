"""The songs that the bot learned one by one, on the command line."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.cli.screen import print_notices
from musicrec.domain.errors import StorageError
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
    songs = asyncio.run(_read(database_url or sqlite_url(data_dir), is_changed=True))
    if songs:
        print_notices([f"{len(songs):,} songs that the bot learned one by one are merged."])
    return songs


def open_with_learned(data_dir: Path, database_url: str | None) -> Catalogue:
    """Open the catalogue as the bot has it: with what was learned since it was built.

    Args:
        data_dir: Whose SQLite file is read, where it has one; nothing is changed in it. One that
            cannot be used is told, and the songs of the catalogue remain.
        database_url: Of another database, which is read instead.

    Raises:
        CatalogueMissingError: There is none.
        StorageError: It is damaged, or the other database cannot be used.
        BadInputError: The address cannot be used.
    """
    catalogue = open_catalogue(data_dir)
    through = catalogue.snapshot.manifest.learned_through
    if database_url is not None:
        return catalogue.with_learned(asyncio.run(_read(database_url, after=through)))
    if not sqlite_file(data_dir).exists():
        return catalogue
    try:
        return catalogue.with_learned(asyncio.run(_read(sqlite_url(data_dir), after=through)))
    except StorageError as error:
        print_notices([f"Songs that the bot learned one by one are left out: {error}"])
        return catalogue


async def _read(url: str, *, after: int = 0, is_changed: bool = False) -> list[LearnedSong]:
    database = Database.open(url)
    try:
        if is_changed and database.dialect == "sqlite":
            await upgrade(url)
        await database.check()
        return await all_learned(database, after=after)
    finally:
        await database.close()
