"""A process's seat at Discord's gateway, which it keeps for itself and hands over when it ends.

Discord sends every event to all who are connected to its shard. So a process that ends serves on
until its successor is connected; while both hear, each event is taken by whoever notes it first.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.failures import StartError
from bot.settings import Settings
from bot.sharded import ShardedBot
from bot.shards import Shards, named
from musicrec.domain.errors import StorageError
from musicrec.services.stored_turns import StoredTurns, shared_turns
from musicrec.storage import ANY_COUNT, Database, Obstacle, sqlite_url

PATIENCE_S: Final = 60.0
"""For which a process waits until another one lets go of its shards."""

_LOOK_S: Final = 0.2
_KEEP_S: Final = 1.0
_LINGER_S: Final = 10.0
"""After which an event that two processes heard is not under way any more."""
_LOGIN_S: Final = 5.0
"""For each shard of a successor; Discord lets one log in every five seconds."""
_MORE_S: Final = 10.0
"""For a successor's other work before it is ready."""
_FORGET: Final = timedelta(minutes=2)
"""After which nobody asks any more who took an event."""

_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def seat_at(
    settings: Settings, shards: Shards, *, patience_s: float = PATIENCE_S
) -> AsyncGenerator["Seat"]:
    """Yield a seat that is not taken yet, and give it up in the end."""
    database = Database.open(settings.database_address or sqlite_url(settings.data_dir))
    seat = Seat(database, shards, patience_s)
    try:
        yield seat
    finally:
        await seat.close()
        await database.close()


class Seat:
    """The right of one process to serve its shards."""

    def __init__(self, database: Database, shards: Shards, patience_s: float) -> None:
        """Prepare.

        Args:
            database: Shared by all processes.
            shards: Which this process serves.
            patience_s: For which it waits until they are free.
        """
        self.turns: StoredTurns | None = shared_turns(database)
        self._database = database
        self._shards = shards
        self._patience_s = patience_s
        self._locks = database.shard_locks(shards.ids, shards.count)
        self._one_at_a_time = asyncio.Lock()
        self._doubled_until = 0.0
        self._forget_at: float | None = None
        self._is_leaving = False

    async def take(self, bot: ShardedBot) -> None:
        """Wait until the shards are free, and take them, before the bot connects.

        Raises:
            StartError: Another process keeps them.
            StorageError: The database is out of reach.
        """
        deadline, is_told = _time() + self._patience_s, False
        while (obstacle := await self._locks.take()) is not None:
            if _time() > deadline:
                raise StartError(_sentence(obstacle, self._shards))
            if obstacle.taken:
                await self._locks.wait()
            if not is_told:
                _log.info("Ready, and waiting until another process ends: %s", self._shards)
                is_told = True
            await asyncio.sleep(_LOOK_S)
        await self._look_for_doubles(bot)
        _log.info("This process serves %s.", self._shards)

    async def keep(self, bot: ShardedBot) -> None:
        """Keep the shards for ever; take them again where the database lost them.

        Raises:
            StartError: Another process has them.
        """
        while True:
            try:
                async with self._one_at_a_time:
                    await self._look(bot)
            except StorageError as error:
                _log.warning("Whether others serve %s is not known: %s", self._shards, error)
            await asyncio.sleep(_KEEP_S)

    async def hand_over(self, bot: ShardedBot) -> bool:
        """Serve on until whoever waits for the shards is connected to them.

        Returns:
            Whether somebody else serves them now.
        """
        try:
            async with self._one_at_a_time:
                self._is_leaving = True
                if not await self._locks.is_waited_for():
                    return False
                bot.hear_once(self._claim)
                await self._locks.let_go()
                _log.info("Handing %s over to another process.", self._shards)
                async with asyncio.timeout(_MORE_S + _LOGIN_S * len(bot.shards)):
                    await self._others_hear()
                return True
        except TimeoutError:
            _log.warning("The other process did not connect in time; this one ends all the same.")
        except StorageError as error:
            _log.warning("The shards could not be handed over: %s", error)
        return False

    async def _others_hear(self) -> None:
        while True:
            if {*self._shards.ids} <= await self._locks.others_hear():
                return
            await asyncio.sleep(_LOOK_S)

    async def close(self) -> None:
        """Give the shards up."""
        await self._locks.close()

    async def _look(self, bot: ShardedBot) -> None:
        if self._is_leaving:
            return
        obstacle = await self._locks.take()
        if obstacle is not None:
            raise StartError(_sentence(obstacle, self._shards))
        if bot.is_connected:
            await self._locks.hear()
        await self._look_for_doubles(bot)

    async def _look_for_doubles(self, bot: ShardedBot) -> None:
        if await self._locks.others_hear():
            self._doubled_until = _time() + _LINGER_S
        is_doubled = _time() < self._doubled_until
        bot.hear_once(self._claim if is_doubled else None)
        if is_doubled:
            self._forget_at = _time() + _FORGET.total_seconds()
        elif self._forget_at is not None and _time() > self._forget_at:
            self._forget_at = None
            async with self._database.writing() as uow:
                await uow.heard_events.forget(datetime.now(UTC) - _FORGET / 2)

    async def _claim(self, event_id: int) -> bool:
        """Take an event that another process may have heard, too."""
        try:
            async with self._database.writing() as uow:
                return await uow.heard_events.claim(event_id, datetime.now(UTC))
        except StorageError as error:
            _log.warning("Whether an event was taken is not known: %s", error)
            return True


def _time() -> float:
    return asyncio.get_running_loop().time()


def _sentence(obstacle: Obstacle, shards: Shards) -> str:
    if shards.count == ANY_COUNT or ANY_COUNT in obstacle.counts:
        return (
            "Another process of this database serves all shards: stop it first, or set SHARDS and "
            "SHARD_IDS for each of them."
        )
    if obstacle.counts:
        others = ", ".join(map(str, sorted(obstacle.counts)))
        return (
            f"Another process of this database has SHARDS={others}, this one {shards.count}: all "
            "processes must have the same; stop all of them before you change it."
        )
    which = named(tuple(sorted(obstacle.taken)))
    return (
        f"Another process of this database serves {which}: let the SHARD_IDS of the processes not "
        "overlap, or stop the other one."
    )
