"""Listen to the SQL that a database is really given."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from musicrec.storage import Database


class Statement(NamedTuple):
    sql: str
    parameters: Any


@contextmanager
def recorded_statements(database: Database) -> Generator[list[Statement]]:
    recorded: list[Statement] = []

    def record(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        recorded.append(Statement(sql, parameters))

    engine = database._engine.sync_engine  # its options for readers pass events on
    event.listen(engine, "before_cursor_execute", record)
    try:
        yield recorded
    finally:
        event.remove(engine, "before_cursor_execute", record)
