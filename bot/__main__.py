"""``python -m bot [COMMAND]``: start the bot, or look after it.

Exit code 0: it did what was asked, or was stopped by Ctrl-C or SIGTERM. Exit code 2: it could
not; one sentence on standard error says why.
"""
# The commands import what they need when they run: discord.py, pandas and SQLAlchemy take a
# second together, and simcord is optional.
# ruff: noqa: PLC0415

import argparse
import asyncio
import signal
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

from bot.failures import StartError
from bot.log_config import configure_logging
from bot.settings import Settings, load_settings
from musicrec.domain.errors import MusicRecError

CANNOT = 2


async def run(settings: Settings, arguments: Namespace) -> int:
    """Connect to Discord; without a token, open the playground."""
    if settings.discord_token is None:
        return await local(settings, arguments)
    from bot.online import run_online

    await run_online(settings, settings.discord_token)
    return 0


async def local(settings: Settings, _: Namespace) -> int:
    """Open the playground, even where a token is set."""
    try:
        from bot.local import run_local
    except ModuleNotFoundError as error:
        msg = f"The playground needs {error.name}, which is missing: pip install 'musicrec[local]'"
        raise StartError(msg) from error
    await run_local(settings)
    return 0


async def check(settings: Settings, _: Namespace) -> int:
    """Say in plain words what is missing."""
    from bot.check import run_check

    return 0 if await run_check(settings) else CANNOT


async def migrate(settings: Settings, _: Namespace) -> int:
    """Bring the database's tables to this program's version; a copy is made first."""
    from bot.backups import address_of
    from musicrec.storage import BACKUPS, upgrade

    await upgrade(address_of(settings), backups=settings.data_dir / BACKUPS)
    return 0


async def backup(settings: Settings, arguments: Namespace) -> int:
    """Write the database to FILE, or to a new one in the data folder, while the bot runs."""
    from bot.backups import make_backup

    await make_backup(settings, arguments.file)
    return 0


async def restore(settings: Settings, arguments: Namespace) -> int:
    """Put the backup FILE in the place of the database."""
    from bot.backups import restore_backup

    await restore_backup(settings, arguments.file, replace=arguments.replace)
    return 0


async def make_key(_: Settings, __: Namespace) -> int:
    """Print a key for TOKEN_KEYS."""
    from bot.keys import print_new_key

    print_new_key()
    return 0


async def change_key(settings: Settings, _: Namespace) -> int:
    """Put the tokens of linked accounts under another key."""
    from bot.keys import rotate_key

    await rotate_key(settings)
    return 0


COMMANDS: dict[str, Callable[[Settings, Namespace], Coroutine[None, None, int]]] = {
    "run": run,
    "local": local,
    "check": check,
    "migrate": migrate,
    "backup": backup,
    "restore": restore,
    "new-key": make_key,
    "rotate-key": change_key,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parsed = _parse(arguments)
    command = COMMANDS[parsed.command or "run"]
    try:
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format, secrets=settings.secrets)
        return asyncio.run(_until_told_to_stop(command(settings, parsed)))
    except MusicRecError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the answer to whoever started us
        return CANNOT


def _parse(arguments: list[str] | None) -> Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    made = {
        name: commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        for name, command in COMMANDS.items()
    }
    made["backup"].add_argument("file", nargs="?", type=Path, metavar="FILE")
    made["restore"].add_argument("file", type=Path, metavar="FILE")
    made["restore"].add_argument(
        "--replace", action="store_true", help="even where the database holds something"
    )
    return parser.parse_args(arguments)


async def _until_told_to_stop(work: Awaitable[int]) -> int:
    """Let SIGINT and SIGTERM cancel the work, so that everything it opened is closed."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
