"""``python -m bot new-key|rotate-key``: the keys under which tokens of accounts are kept."""

from bot.failures import StartError
from bot.settings import Settings
from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.storage import Database, sqlite_url


def token_keys(settings: Settings) -> TokenKeys | None:
    """Return the keys of accounts; None where there are none.

    Raises:
        BadInputError: A key is none.
    """
    if settings.token_keys is None:
        return None
    return TokenKeys.read(settings.token_keys.get_secret_value())


def print_new_key() -> None:
    """Print a key and what it is for."""
    _say(f"Put this line into .env, and keep it apart from the database:\nTOKEN_KEYS={new_key()}")


async def rotate_key(settings: Settings) -> None:
    """Put everything under another key.

    With one key in the settings another is made, and told before anything changes: whoever has
    both opens everything, whenever this process dies. With several the first one is taken.

    Raises:
        StartError: There is no key yet.
        SealedError: The keys do not open what is stored; nothing has changed.
        StorageError: The database is out of reach.
    """
    keys = token_keys(settings)
    if keys is None:
        msg = "There is no TOKEN_KEYS yet: `python -m bot new-key` makes the first key."
        raise StartError(msg)
    is_second_step = len(keys.texts) > 1
    if not is_second_step:
        keys = TokenKeys([new_key(), *keys.texts])
        _say(f"Put this line into .env now, in the place of the old one:\n{_line(keys.texts)}")
    _say(f"All {await _reseal(settings, keys)} accounts are encrypted under the first of the keys.")
    if is_second_step:
        _say(f"The others may go. Put this line into .env and restart:\n{_line(keys.texts[:1])}")
    else:
        _say(
            "Restart the bot with that line: until then it cannot open linked accounts, and loses "
            "none. Then run `python -m bot rotate-key` once more, which takes over what the bot "
            "wrote in the meantime and says when the old key may go."
        )


async def _reseal(settings: Settings, keys: TokenKeys) -> int:
    database = Database.open(settings.database_address or sqlite_url(settings.data_dir))
    try:
        await database.check()
        async with database.writing() as uow:
            await uow.pending_links.reseal_all(keys.reseal)
            return await uow.accounts.reseal_all(keys.reseal)
    finally:
        await database.close()


def _line(keys: tuple[str, ...]) -> str:
    return f"TOKEN_KEYS={','.join(keys)}"


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the answer of the command
