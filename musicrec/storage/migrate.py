"""The version of the tables: which one there is, which one this program needs, how to get there."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection

from musicrec.domain.errors import StorageError
from musicrec.storage.connections import new_engine
from musicrec.storage.failures import storage_error, while_connecting
from musicrec.storage.postgres_backup import dump_postgres, has_dump_programs
from musicrec.storage.sqlite_backup import OtherVersionError, copy_sqlite
from musicrec.storage.urls import SQLITE, describe, dialect_of, parse_url

URL_ATTRIBUTE: Final = "url"
"""Where ``migrations/env.py`` finds the database's address."""

_FOLDER: Final = Path(__file__).resolve().parents[2] / "migrations"
_ALEMBIC: Final = Lock()
"""Alembic keeps the migration that runs in a global of the process."""
_MIGRATE: Final = "run `python -m bot migrate`"

BACKUPS: Final = "backups"
"""Folder, in the data folder, of copies of the database."""
_KEPT: Final = 3
"""Copies from before migrations; older ones are deleted."""

_log = logging.getLogger(__name__)


async def upgrade(url: str, revision: str = "head", *, backups: Path | None = None) -> None:
    """Bring the tables to a newer version; make the SQLite file and its folder where missing.

    Tables that are there already are copied first.

    Args:
        url: Of the database.
        revision: To which version.
        backups: Folder of the copies. None: beside a SQLite file, and none of PostgreSQL.

    Raises:
        BadInputError: The address cannot be used.
        StorageError: The database is out of reach, newer than this program, or cannot be copied.
    """
    target = parse_url(url)
    await asyncio.to_thread(_make_sqlite_folder, target)
    await _back_up_before(target, backups)
    await _migrate(target, command.upgrade, revision)


async def migrate_to_head(url: URL) -> None:
    """Bring the tables to this program's version, without a copy; fails as ``upgrade`` does."""
    await _migrate(url, command.upgrade, "head")


async def downgrade(url: str, revision: str) -> None:
    """Bring the tables back to an older version; ``"base"`` drops them all.

    Raises:
        BadInputError: The address cannot be used.
        StorageError: The database is out of reach, or newer than this program.
    """
    target = parse_url(url)
    require_sqlite_file(target)
    await _migrate(target, command.downgrade, revision)


def alembic_config(url: URL) -> Config:
    """Configure Alembic for one database.

    Raises:
        StorageError: The folder of migrations is missing.
    """
    if not (_FOLDER / "env.py").is_file():
        msg = (
            f"The folder {_FOLDER} is missing; install the program from its own folder "
            "with `pip install --editable`, which keeps them together."
        )
        raise StorageError(msg)
    config = Config(attributes={URL_ATTRIBUTE: url})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def revision_of(connection: Connection) -> str | None:
    """Read the version of the tables."""
    return MigrationContext.configure(connection).get_current_revision()


def require_sqlite_file(url: URL) -> None:
    """Refuse a SQLite file that does not exist, because connecting would create an empty one.

    Raises:
        StorageError: There is no such file.
    """
    if not _is_there(url):
        msg = f"{describe(url)} does not exist yet; {_MIGRATE}."
        raise StorageError(msg)


def require_head(url: URL, revision: str | None) -> None:
    """Refuse tables that are older or newer than this program.

    Raises:
        StorageError: They are.
    """
    if revision == _script(url).get_current_head():
        return
    require_known(url, revision)
    state = "has no tables yet" if revision is None else "has tables of an older version"
    msg = f"{describe(url)} {state}; {_MIGRATE}."
    raise StorageError(msg)


def require_known(url: URL, revision: str | None, *, name: str | None = None) -> None:
    """Refuse tables that are newer than this program.

    Args:
        url: Of a database.
        revision: Of the tables; None where there are none.
        name: What has them; None for that database.

    Raises:
        StorageError: They are.
    """
    known = {entry.revision for entry in _script(url).walk_revisions()}
    if revision is not None and revision not in known:
        msg = (
            f"{name or describe(url)} has tables of a version that this program does not know "
            f"({revision}); update the program."
        )
        raise StorageError(msg)


async def _migrate(url: URL, action: Callable[[Config, str], None], revision: str) -> None:
    config = alembic_config(url)
    current = await revision_there(url)
    await asyncio.to_thread(require_known, url, current)
    try:
        with while_connecting(url):
            await asyncio.to_thread(_alone, action, config, revision)
    except CommandError as error:
        raise storage_error(url, error) from error


async def _back_up_before(url: URL, folder: Path | None) -> None:
    """Copy tables that are about to change, unless another process changes them meanwhile."""
    current = await revision_there(url)
    head = await asyncio.to_thread(lambda: _script(url).get_current_head())
    if current in (None, head):
        return
    await asyncio.to_thread(require_known, url, current)
    with contextlib.suppress(OtherVersionError):
        await _copy_to(url, folder, f"before-{head}", only_at=current)


async def _copy_to(url: URL, folder: Path | None, name: str, *, only_at: str | None) -> None:
    if dialect_of(url) == SQLITE:
        file = Path(url.database or "")
        copy = (folder or file.parent / BACKUPS) / f"{name}.db"
        await asyncio.to_thread(copy_sqlite, file, copy, only_at=only_at)
    elif folder is None:
        return
    elif not has_dump_programs():
        _log.warning("No copy of the database is made before its tables change: no pg_dump here.")
        return
    else:
        copy = folder / f"{name}.dump"
        await dump_postgres(url, copy, only_at=only_at)
    _log.info("Copied the database to %s before its tables change.", copy)
    await asyncio.to_thread(_forget_old_copies, copy)


def _forget_old_copies(newest: Path) -> None:
    copies = newest.parent.glob(f"before-*{newest.suffix}")
    for old in sorted(copies, key=lambda copy: copy.stat().st_mtime_ns)[:-_KEPT]:
        old.unlink(missing_ok=True)


def _script(url: URL) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(url))


def _alone(action: Callable[[Config, str], None], config: Config, revision: str) -> None:
    with _ALEMBIC:
        action(config, revision)


async def revision_there(url: URL) -> str | None:
    """Return the version of the tables, or None where there are none yet.

    Raises:
        StorageError: The database is out of reach.
    """
    if not _is_there(url):
        return None
    engine = new_engine(url, migrating=True)
    with while_connecting(url):
        async with engine.connect() as connection:
            return await connection.run_sync(revision_of)


def _is_there(url: URL) -> bool:
    return dialect_of(url) != SQLITE or Path(url.database or "").is_file()


def _make_sqlite_folder(url: URL) -> None:
    if dialect_of(url) != SQLITE:
        return
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {folder} cannot be made ({error.strerror}); choose another one."
        raise StorageError(msg) from error
