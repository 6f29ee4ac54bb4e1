"""``python -m bot [run|local|check|migrate|new-key|rotate-key]``: start the bot, or look after it.

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
from collections.abc import Awaitable, Callable, Coroutine

from bot.failures import StartError
from bot.log_config import configure_logging
from bot.settings import Settings, load_settings
from musicrec.domain.errors import MusicRecError

CANNOT = 2


async def run(settings: Settings) -> int:
    """Connect to Discord; without a token, open the playground."""
    if settings.discord_token is None:
        return await local(settings)
    from bot.online import run_online

    await run_online(settings, settings.discord_token)
    return 0


async def local(settings: Settings) -> int:
    """Open the playground, even where a token is set."""
    try:
        from bot.local import run_local
    except ModuleNotFoundError as error:
        msg = f"The playground needs {error.name}, which is missing: pip install 'musicrec[local]'"
        raise StartError(msg) from error
    await run_local(settings)
    return 0


async def check(settings: Settings) -> int:
    """Say in plain words what is missing."""
    from bot.check import run_check

    return 0 if await run_check(settings) else CANNOT


async def migrate(settings: Settings) -> int:
    """Bring the database's tables to this program's version."""
    from musicrec.storage import sqlite_url, upgrade

    await upgrade(settings.database_address or sqlite_url(settings.data_dir))
    return 0


async def make_key(_: Settings) -> int:
    """Print a key for TOKEN_KEYS."""
    from bot.keys import print_new_key

    print_new_key()
    return 0


async def change_key(settings: Settings) -> int:
    """Put the tokens of linked accounts under another key."""
    from bot.keys import rotate_key

    await rotate_key(settings)
    return 0


COMMANDS: dict[str, Callable[[Settings], Coroutine[None, None, int]]] = {
    "run": run,
    "local": local,
    "check": check,
    "migrate": migrate,
    "new-key": make_key,
    "rotate-key": change_key,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    command = COMMANDS[_parse(arguments)]
    try:
        settings = load_settings()
        configure_logging(settings.log_level)
        return asyncio.run(_until_told_to_stop(command(settings)))
    except MusicRecError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the answer to whoever started us
        return CANNOT


def _parse(arguments: list[str] | None) -> str:
    lines = [f"{name:10} {command.__doc__}" for name, command in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        epilog="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", default="run", choices=COMMANDS)
    return parser.parse_args(arguments).command


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
