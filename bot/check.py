"""``python -m bot check``: is everything there that the bot needs? In plain words."""

import asyncio
import base64
import binascii
import re
import tempfile
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path

import discord

from bot.container import open_workers
from bot.failures import StartError
from bot.outside import account_settings
from bot.settings import Settings, misspelt_variables
from bot.shards import shards_of
from musicrec.catalogue import open_catalogue
from musicrec.domain.errors import MusicRecError
from musicrec.services.jobs import warm_up
from musicrec.storage import Database, sqlite_file, sqlite_url

TOKEN = re.compile(r"(?P<id>[\w-]{20,})\.[\w-]{5,}\.[\w-]{20,}")

PERMISSIONS = {
    "view_channel": "to be in a channel at all",
    "send_messages": "to post cards, digests and weekly lists where somebody chose a channel",
    "attach_files": "for the files below weekly lists in a channel",
    "read_message_history": "to find a post again whose sending broke off, and to answer links",
}
INTENTS = {
    "guilds": "to know the servers and channels it is in",
    "guild_reactions": "to count 👍 and 👎 reactions on cards",
    "dm_reactions": "to count them in direct messages",
}
READING = {
    "guild_messages": "to see messages in servers, because READ_MESSAGES is true",
    "message_content": "(privileged) to find links of songs in them",
}
"""Intents that are asked for where messages are to be read."""


async def run_check(settings: Settings) -> bool:
    """Print one line a subject; return whether nothing is missing."""
    results = [await _line(name, checked, settings) for name, checked in CHECKS.items()]
    for _, line in results:
        print(line)  # noqa: T201 - the answer of the command
    print("\n" + discord_needs(settings))  # noqa: T201 - as above
    return all(ok for ok, _ in results)


def discord_needs(settings: Settings) -> str:
    """Name the intents and permissions with their reasons, and the link that grants them."""
    reads = settings.read_messages
    privileged = "one privileged intent" if reads else "no privileged intent"
    intents = INTENTS | (READING if reads else {})
    lines = [f"On Discord the bot needs {privileged}, and these:"]
    lines += [f"  intent      {name:21} {why}" for name, why in intents.items()]
    lines += [f"  permission  {name:21} {why}" for name, why in PERMISSIONS.items()]
    application_id = application_id_of(settings)
    if application_id is not None:
        lines += ["Invite it with:", f"  {invite_url(application_id)}"]
    return "\n".join(lines)


def invite_url(application_id: int) -> str:
    """Return the page on which a server's manager adds the bot."""
    permissions = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application_id, permissions=permissions, scopes=scopes)


def application_id_of(settings: Settings) -> int | None:
    """Read the application's id out of the token; None where the token has another shape."""
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    parts = TOKEN.fullmatch(token)
    if parts is None:
        return None
    try:
        decoded = base64.urlsafe_b64decode(parts["id"] + "=" * (-len(parts["id"]) % 4))
        return int(decoded.decode("ascii"))
    except (binascii.Error, ValueError):
        return None


async def _line(
    name: str, checked: Callable[[Settings], Awaitable[str]], settings: Settings
) -> tuple[bool, str]:
    try:
        return True, f"ok       {name:12} {await checked(settings)}"
    except MusicRecError as error:
        return False, f"MISSING  {name:12} {error}"


async def _check_settings(_: Settings) -> str:
    misspelt = misspelt_variables()
    if misspelt:
        name, meant = next(iter(misspelt.items()))
        msg = f"The environment has {name}; did you mean {meant}?"
        raise StartError(msg)
    return "All settings are allowed."


async def _check_token(settings: Settings) -> str:
    if settings.discord_token is None:
        return "There is no DISCORD_TOKEN, so `make run` opens the playground."
    if application_id_of(settings) is None:
        msg = (
            "DISCORD_TOKEN does not look like a bot token: copy it anew from the Developer Portal."
        )
        raise StartError(msg)
    return "DISCORD_TOKEN has the shape of a bot token."


async def _check_data_folder(settings: Settings) -> str:
    await asyncio.to_thread(_require_writable, settings.data_dir)
    return f"{settings.data_dir} can be written."


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        msg = f"The folder {folder} cannot be written ({error.strerror}): set DATA_DIR."
        raise StartError(msg) from error


async def _check_database(settings: Settings) -> str:
    file = sqlite_file(settings.data_dir)
    if settings.database_address is None and not file.exists():
        return f"{file} will be made at the first start."
    database = Database.open(settings.database_address or sqlite_url(settings.data_dir))
    try:
        await database.check()
    finally:
        await database.close()
    return f"The {database.dialect} database answers and has the right tables."


async def _check_catalogue(settings: Settings) -> str:
    catalogue = await asyncio.to_thread(open_catalogue, settings.data_dir)
    return f"There are {len(catalogue):,} songs from {catalogue.name}."


async def _check_workers(settings: Settings) -> str:
    if settings.workers is None:
        return f"Heavy work is done by {settings.worker_processes} processes of this machine."
    workers = await open_workers(settings.workers, settings.worker_processes)
    try:
        await workers.run(warm_up)
        return f"{workers.processes} workers at {settings.workers} run what this bot runs."
    finally:
        await workers.close()


async def _check_accounts(settings: Settings) -> str:
    accounts = account_settings(settings)
    if accounts.spotify is None:
        return "Without SPOTIFY_CLIENT_ID nobody can link an account."
    if accounts.keys is None and settings.discord_token is not None:
        msg = "SPOTIFY_CLIENT_ID needs TOKEN_KEYS beside it: `python -m bot new-key` makes a key."
        raise StartError(msg)
    return f"Register {accounts.spotify.redirect_uri} with your application on Spotify."


async def _check_shards(settings: Settings) -> str:
    shards = shards_of(settings)
    if shards.are_all:
        return "One process serves all shards."
    return f"This process serves {shards}; others must serve the rest, from the same database."


async def _check_playground(settings: Settings) -> str:
    missing = [name for name in ("simcord", "markdown_it") if find_spec(name) is None]
    if not missing:
        return "The playground is installed."
    if settings.discord_token is not None:
        return "The playground is not installed, and not needed with a token."
    msg = f"The playground needs {missing[0]}: pip install 'musicrec[local]'"
    raise StartError(msg)


CHECKS: dict[str, Callable[[Settings], Awaitable[str]]] = {
    "settings": _check_settings,
    "token": _check_token,
    "data folder": _check_data_folder,
    "database": _check_database,
    "catalogue": _check_catalogue,
    "workers": _check_workers,
    "accounts": _check_accounts,
    "shards": _check_shards,
    "playground": _check_playground,
}
