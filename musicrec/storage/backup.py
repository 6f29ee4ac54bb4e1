"""A whole database as one file, made while the bot runs, and the way back."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, exists, inspect, literal, select, text

from musicrec.domain.errors import BadInputError, StorageError
from musicrec.storage.connections import new_engine
from musicrec.storage.failures import while_connecting
from musicrec.storage.migrate import (
    migrate_to_head,
    require_known,
    require_sqlite_file,
    revision_there,
)
from musicrec.storage.postgres_backup import (
    POSTGRES_MAGIC,
    checked_dump_revision,
    dump_postgres,
    load_postgres,
)
from musicrec.storage.sqlite_backup import (
    SQLITE_MAGIC,
    checked_revision,
    copy_sqlite,
    copy_unused,
    require_unused,
    swap_in,
)
from musicrec.storage.tables import Base
from musicrec.storage.urls import SQLITE, describe, dialect_of, parse_url

_NAMES: Final = {SQLITE_MAGIC: "SQLite", POSTGRES_MAGIC: "PostgreSQL"}
_VERSION_TABLE: Final = "alembic_version"

# Others that are connected; whoever may not see them all at least sees that they are there.
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored database.

    Attributes:
        name: What it is, for people.
        set_aside: Where the former SQLite file is; None where there was none.
    """

    name: str
    set_aside: Path | None


def backup_ending(url: str) -> str:
    """Return how the name of a backup ends: ``".db"`` or ``".dump"``.

    Raises:
        BadInputError: The address cannot be used.
    """
    return ".db" if dialect_of(parse_url(url)) == SQLITE else ".dump"


async def back_up(url: str, file: Path) -> int:
    """Write a database to a file as it is at one moment, while others read and write it.

    The file is written beside its place, read once as a whole, and renamed.

    Args:
        url: Of the database.
        file: Must not exist yet.

    Returns:
        Its size in bytes.

    Raises:
        BadInputError: The address cannot be used, or the file exists.
        StorageError: The database cannot be read, the file not written, or a program is missing.
    """
    source = parse_url(url)
    await asyncio.to_thread(_require_new, file)
    require_sqlite_file(source)
    if dialect_of(source) == SQLITE:
        await asyncio.to_thread(copy_sqlite, Path(source.database or ""), file)
    else:
        await dump_postgres(source, file)
    return (await asyncio.to_thread(file.stat)).st_size


async def restore(url: str, file: Path, *, replace: bool = False) -> Restored:
    """Put a backup in the place of a database, and bring its tables to this program's version.

    Nothing changes where anything fails before the last step.

    Args:
        url: Of the database; a SQLite file need not exist.
        file: From ``back_up``; stays as it is.
        replace: Take the place of a database that holds something.

    Raises:
        BadInputError: The file is no backup of such a database.
        StorageError: The file is damaged or of a newer program, the database is in use, or holds
            something that is not to be replaced.
    """
    target = parse_url(url)
    await asyncio.to_thread(_require_kind, file, target)
    if dialect_of(target) == SQLITE:
        kept = await _restore_sqlite(target, file, replace=replace)
    else:
        kept = None
        await _restore_postgres(target, file, replace=replace)
    return Restored(describe(target), kept)


async def _restore_sqlite(target: URL, file: Path, *, replace: bool) -> Path | None:
    place = Path(target.database or "")
    revision = await asyncio.to_thread(checked_revision, file)
    _require_tables(file, revision)
    require_known(target, revision, name=f"The backup {file}")
    await asyncio.to_thread(require_unused, place)
    if not replace and await asyncio.to_thread(place.exists):
        await _require_empty(target)
    try:
        await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=place.parent) as folder:
            beside = Path(folder) / place.name
            await asyncio.to_thread(copy_unused, file, beside)
            await migrate_to_head(target.set(database=str(beside)))
            await asyncio.to_thread(require_unused, beside)  # one file, without companions
            await asyncio.to_thread(require_unused, place)
            return await asyncio.to_thread(swap_in, beside, place)
    except OSError as error:
        msg = f"{place} cannot be restored: {error.strerror or error}."
        raise StorageError(msg) from error


async def _restore_postgres(target: URL, file: Path, *, replace: bool) -> None:
    revision = await checked_dump_revision(file)
    _require_tables(file, revision)
    require_known(target, revision, name=f"The backup {file}")
    require_known(target, await revision_there(target))  # others' tables would stay in its way
    await _require_alone(target)
    if not replace:
        await _require_empty(target)
    await load_postgres(target, file, [*Base.metadata.tables, _VERSION_TABLE])
    await migrate_to_head(target)


def _require_new(file: Path) -> None:
    if file.exists():
        msg = f"{file} exists already: choose another name, nothing is overwritten."
        raise BadInputError(msg)


def _require_kind(file: Path, target: URL) -> None:
    try:
        with file.open("rb") as content:
            start = content.read(len(SQLITE_MAGIC))
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror or error}."
        raise BadInputError(msg) from error
    found = next((name for magic, name in _NAMES.items() if start.startswith(magic)), None)
    if found is None:
        msg = f"{file} is no backup: `python -m bot backup` makes one."
        raise BadInputError(msg)
    if found != (wanted := "SQLite" if dialect_of(target) == SQLITE else "PostgreSQL"):
        msg = f"{file} is a backup of {found}, but DATABASE_URL names a database of {wanted}."
        raise BadInputError(msg)


def _require_tables(file: Path, revision: str | None) -> None:
    if revision is None:
        msg = f"{file} has none of this program's tables: it is no backup of the bot."
        raise BadInputError(msg)


async def _require_alone(target: URL) -> None:
    engine = new_engine(target, migrating=True)
    with while_connecting(target):
        async with engine.connect() as connection:
            n_others = await connection.scalar(_OTHERS)
    if n_others:
        msg = f"{describe(target)} is in use by {n_others} connections: stop the bot first."
        raise StorageError(msg)


async def _require_empty(target: URL) -> None:
    engine = new_engine(target, migrating=True)
    with while_connecting(target):
        async with engine.connect() as connection:
            is_empty = not await connection.run_sync(_has_rows)
    if not is_empty:
        msg = f"{describe(target)} holds data: with --replace the backup takes its place."
        raise StorageError(msg)


def _has_rows(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    return any(
        connection.scalar(select(exists(select(literal(1)).select_from(table))))
        for table in Base.metadata.sorted_tables
        if table.name in there
    )
