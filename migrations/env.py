"""What Alembic runs around the migrations, from the program and from its own command line."""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import URL, Connection, text

from musicrec.storage.column_types import UtcDateTime
from musicrec.storage.connections import new_engine
from musicrec.storage.migrate import URL_ATTRIBUTE
from musicrec.storage.tables import Base
from musicrec.storage.urls import SQLITE, parse_url

# Any number will do, as long as nobody else locks the same one in this database.
LOCK = 20_261_122


def database_url() -> URL:
    """Take the address from the program, or from ``alembic -x url=…``."""
    given = context.config.attributes.get(URL_ATTRIBUTE)
    return given or parse_url(context.get_x_argument(as_dictionary=True)["url"])


def migrate(connection: Connection) -> None:
    """Run the migrations in the transaction of ``connection``: all of them or none."""
    is_sqlite = connection.dialect.name == SQLITE
    if not is_sqlite:  # two programs may start at once; SQLite's transaction is a lock itself
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
        msg = f"{len(broken)} rows refer to rows that the migration removed"
        raise RuntimeError(msg)


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own types as what they are, so that migrations do not depend on later code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


async def main() -> None:
    """Connect and migrate."""
    async with new_engine(database_url(), migrating=True).begin() as connection:
        await connection.run_sync(migrate)


asyncio.run(main())
