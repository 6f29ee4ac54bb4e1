"""``INSERT … ON CONFLICT``: the same words on both databases, in two places of SQLAlchemy."""

from typing import TypeAlias

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.storage.tables import Base
from musicrec.storage.urls import SQLITE

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_into(session: AsyncSession, table: type[Base]) -> Insert:
    """Begin an insert that understands ``on_conflict_…`` and ``returning``."""
    if session.get_bind().dialect.name == SQLITE:
        return sqlite.insert(table)
    return postgresql.insert(table)
