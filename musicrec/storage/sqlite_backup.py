"""Copies of a SQLite database: made while it is in use, checked, and put in its place."""

import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from musicrec.domain.errors import StorageError
from musicrec.storage.whole_files import put_in_place, written_beside

SQLITE_MAGIC: Final = b"SQLite format 3\0"
"""What every such file begins with. Source: the file format of SQLite, 1.3.1."""

_PATIENCE_S: Final = 15.0
_COMPANIONS: Final = ("-wal", "-shm")
"""What SQLite keeps beside a database that is open, or was when its program died."""


class OtherVersionError(Exception):
    """The tables were of another version when they were copied; the copy is gone."""


def copy_sqlite(source: Path, target: Path, *, only_at: str | None = None) -> None:
    """Copy a database as it is at one moment; programs that use it go on meanwhile.

    Args:
        source: May be read and written by others at the same time.
        target: Gets one file without companions, once it is whole and was checked.
        only_at: The version that the tables must be of; None for any.

    Raises:
        StorageError: It cannot be read or written, or the copy is damaged.
        OtherVersionError: Its tables are of another version by now.
    """
    with written_beside(target) as beside:
        with (
            _told(source, "copied"),
            closing(sqlite3.connect(source, timeout=_PATIENCE_S)) as old,
            closing(sqlite3.connect(beside)) as new,
        ):
            # In one step: where another process wrote between two, SQLite would begin again.
            old.backup(new, pages=-1)
            new.execute("PRAGMA journal_mode = DELETE")
        revision = checked_revision(beside, name=target)
        if only_at not in (None, revision):
            raise OtherVersionError


def checked_revision(file: Path, *, name: Path | None = None) -> str | None:
    """Read all of a database that nobody uses, and return the version of its tables.

    Args:
        file: The database.
        name: What people are to be told that it is called; None for its own name.

    Raises:
        StorageError: It is damaged or no database.
    """
    name = name or file
    with _told(name, "read"), closing(sqlite3.connect(file)) as connection:
        (verdict, *_) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        tables = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        if verdict == "ok" and connection.execute(tables).fetchone() == (1,):
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None
    if verdict != "ok":
        msg = f"{name} is damaged: {verdict.splitlines()[-1]}."
        raise StorageError(msg)
    return None


def require_unused(file: Path) -> None:
    """Refuse a database that a program has open, and write back what a dead one left beside it.

    A damaged one passes, and one that does not exist.

    Raises:
        StorageError: It is open elsewhere.
    """
    if not file.exists():
        return
    with closing(sqlite3.connect(file, timeout=0.0)) as connection:
        try:
            # SQLite leaves this mode, in which every program of ours works, only for the last one.
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                msg = f"{file} is in use: stop the bot and every other program that has it open."
                raise StorageError(msg) from error
        except sqlite3.DatabaseError:
            return


def copy_unused(source: Path, target: Path) -> None:
    """Copy a file that nobody uses, for its owner alone; there is nothing at ``target`` yet.

    Raises:
        OSError: It cannot be.
    """
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as out, source.open("rb") as content:
        shutil.copyfileobj(content, out, 1 << 20)


def swap_in(beside: Path, file: Path) -> Path | None:
    """Put a database that nobody uses in the place of another one that nobody uses.

    Returns:
        Where the former one is from now on; None where there was none.

    Raises:
        OSError: It cannot be; then the former one is still in its place.
    """
    kept = _keep(file) if file.exists() else None
    if os.geteuid() == 0:  # the bot may run as somebody else
        folder = file.parent.stat()
        os.chown(beside, folder.st_uid, folder.st_gid)
    put_in_place(beside, file)
    return kept


def _keep(file: Path) -> Path:
    """Give a database another name beside its own."""
    names = (file.with_name(f"{file.name}.replaced-{number}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    os.link(file, kept)  # so that there is a database under the old name at every moment
    for ending in _COMPANIONS:  # only of a damaged one, and poison for the new one
        companion = file.with_name(file.name + ending)
        if companion.exists():
            companion.rename(kept.with_name(kept.name + ending))
    return kept


@contextmanager
def _told(file: Path, verb: str) -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        msg = f"{file} cannot be {verb}: {error}."
        raise StorageError(msg) from error
