"""Turns at outside services that all processes of a database share."""

from datetime import timedelta

from musicrec.storage import Database


class StoredTurns:
    """Takes turns by the database's clock; the ``SharedTurns`` of ``musicrec.sources``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, service: str, interval_s: float) -> float:
        """Take the next turn and return the seconds until then.

        Raises:
            StorageError: The database is out of reach.
        """
        async with self._database.writing() as uow:
            at = await uow.turns.now()
            turn = await uow.turns.take(service, timedelta(seconds=interval_s), at=at)
        return (turn - at).total_seconds()

    async def put_off(self, service: str, seconds: float) -> None:
        """Let the next turn come no sooner than after some seconds.

        Raises:
            StorageError: The database is out of reach.
        """
        async with self._database.writing() as uow:
            at = await uow.turns.now()
            await uow.turns.put_off(service, at + timedelta(seconds=seconds), at=at)


def shared_turns(database: Database) -> StoredTurns | None:
    """Return the turns of a database that several processes use; SQLite serves one."""
    return StoredTurns(database) if database.dialect == "postgresql" else None
