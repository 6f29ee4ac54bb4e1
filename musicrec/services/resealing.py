"""Put everything that is kept encrypted under another key."""

from dataclasses import replace

from musicrec.accounts.keys import TokenKeys
from musicrec.storage import Database


async def reseal(database: Database, keys: TokenKeys) -> int:
    """Encrypt all tokens by the first key, all or none of them.

    Args:
        database: Where they are.
        keys: The first one seals; one of them opens.

    Returns:
        How many accounts there are.

    Raises:
        SealedError: One is sealed by a key that is not there; nothing has changed.
    """
    async with database.writing() as uow:
        accounts = await uow.accounts.everybodys()
        for account in accounts:
            await uow.accounts.reseal(account.with_sealed(keys.reseal(account.sealed)))
        for link in await uow.pending_links.unused():
            await uow.pending_links.reseal(replace(link, sealed=keys.reseal(link.sealed)))
    return len(accounts)
