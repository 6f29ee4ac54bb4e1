"""Database addresses: what operators may write, and what the drivers are given."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from musicrec.domain.errors import BadInputError

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_OPTIONS: Final = {
    SQLITE: frozenset[str](),
    POSTGRESQL: frozenset({"host", "port", "ssl", "prepared_statement_cache_size"}),
}
_HINT: Final = "write sqlite+aiosqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"


def parse_url(text: str) -> URL:
    """Read a database address and choose the asynchronous driver for it.

    ``sslmode``, which hosting providers put into their addresses, becomes asyncpg's ``ssl``.

    Raises:
        BadInputError: The address cannot be used; the message never repeats it, because it may
            contain a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        msg = f"The database address cannot be read; {_HINT}."
        raise BadInputError(msg) from None  # the parser quotes parts of it, perhaps the password
    if url.drivername not in _DRIVERS:
        msg = f"The database address begins with {url.drivername!r}; {_HINT}."
        raise BadInputError(msg)
    if not url.database or url.database.startswith((":memory:", "file:")):
        msg = f"The database address names no database; {_HINT}."
        raise BadInputError(msg)
    return _with_known_options(url.set(drivername=_DRIVERS[url.drivername]))


def sqlite_file(data_dir: Path) -> Path:
    """Return the place of the database that a data folder holds."""
    return data_dir / "musicrec.db"


def sqlite_url(data_dir: Path) -> str:
    """Return the address of the database that a data folder holds."""
    return f"sqlite+aiosqlite:///{sqlite_file(data_dir).absolute()}"


def dialect_of(url: URL) -> str:
    """Return ``"sqlite"`` or ``"postgresql"``."""
    return url.get_backend_name()


def describe(url: URL) -> str:
    """Name the database for people, without user, password or options."""
    if dialect_of(url) == SQLITE:
        return f"The database {url.database}"
    host = url.host or url.query.get("host", "this machine")
    return f"The database {url.database} on {host}"


def _with_known_options(url: URL) -> URL:
    options = {("ssl" if key == "sslmode" else key): value for key, value in url.query.items()}
    unknown = sorted(options.keys() - _OPTIONS[dialect_of(url)])
    if unknown:
        msg = f"The database address has an unknown option {unknown[0]!r}; leave it out."
        raise BadInputError(msg)
    return url.set(query=options)
