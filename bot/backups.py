"""``python -m bot backup|restore``: the database as one file, and the way back."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.settings import Settings
from musicrec.storage import BACKUPS, back_up, backup_ending, restore, sqlite_url

_NOT_IN_IT: Final = (
    "Not in it: .env with TOKEN_KEYS, without which linked accounts must be linked anew (keep it "
    "elsewhere), and the catalogue, which is built from your song files. Songs that were learned "
    "one by one are in it; rankings are made anew."
)
_MEGA: Final = 1_000_000


async def make_backup(settings: Settings, file: Path | None) -> None:
    """Write the database to a file while the bot runs, and say what is not in it.

    Args:
        settings: Which database.
        file: None for a new one in the folder of backups.

    Raises:
        MusicRecError: It could not be written.
    """
    url, started = address_of(settings), time.perf_counter()
    file = file or _new_file(settings.data_dir, backup_ending(url))
    size = await back_up(url, file)
    _say(f"Wrote and read again {file} ({size / _MEGA:,.1f} MB) in {_since(started)}.")
    _say(_NOT_IN_IT)


async def restore_backup(settings: Settings, file: Path, *, replace: bool) -> None:
    """Put a backup in the place of the database.

    Args:
        settings: Which database.
        file: The backup.
        replace: Even of one that holds something.

    Raises:
        MusicRecError: It could not be restored, or is not to be.
    """
    started = time.perf_counter()
    restored = await restore(address_of(settings), file, replace=replace)
    _say(f"{restored.name} is what it was in {file}, after {_since(started)}. Start the bot.")
    if restored.set_aside is not None:
        _say(f"The former database is {restored.set_aside}: delete it when all is well.")


def address_of(settings: Settings) -> str:
    """Return the database's address."""
    return settings.database_address or sqlite_url(settings.data_dir)


def _new_file(data_dir: Path, ending: str) -> Path:
    return data_dir / BACKUPS / f"musicrec-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{ending}"


def _since(started: float) -> str:
    return f"{time.perf_counter() - started:.1f} s"


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the answer of the command
