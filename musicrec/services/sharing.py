"""Let others on a server lean on one's taste, or not."""

from datetime import datetime

from musicrec.domain.ids import ListenerId
from musicrec.storage import Database


class SharingService:
    """Keeps consents; what follows from them is asked for anew at every prediction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def share(self, listener_id: ListenerId, guild_id: int, *, at: datetime) -> None:
        """Consent that others' predictions on this server lean on the listener's ratings."""
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            await uow.sharing.share(guild_id, listener_id, at)

    async def stop(self, listener_id: ListenerId, guild_id: int) -> bool:
        """Withdraw the consent from now on; tell whether there was one."""
        async with self._database.writing() as uow:
            return await uow.sharing.stop(guild_id, listener_id)

    async def is_shared(self, listener_id: ListenerId, guild_id: int) -> bool:
        """Tell whether the listener consents on this server."""
        async with self._database.reading() as uow:
            return await uow.sharing.is_shared(guild_id, listener_id)
