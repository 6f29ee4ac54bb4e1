"""Which version of the tables a database has."""

from musicrec.storage.migrate import revision_there
from musicrec.storage.urls import parse_url


async def current_revision(url: str) -> str | None:
    """Return the version, or None where there are no tables yet."""
    return await revision_there(parse_url(url))
