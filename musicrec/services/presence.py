"""Work that takes a while must not bring back a listener who has everything deleted meanwhile."""

from datetime import datetime

from musicrec.domain.ids import ListenerId
from musicrec.domain.timely_errors import ForgottenMeanwhileError
from musicrec.storage import Database, UnitOfWork


async def known_since(database: Database, listener_id: ListenerId) -> datetime | None:
    """Return since when a listener is known; asked before anything of theirs is read."""
    async with database.reading() as uow:
        return await uow.listeners.created_at(listener_id)


async def lock_as_begun(
    uow: UnitOfWork, listener_id: ListenerId, since: datetime | None, at: datetime
) -> None:
    """Be the only writer for a listener at the end of a work for them.

    Args:
        uow: Of the transaction that stores what came of it.
        listener_id: For whom.
        since: What ``known_since`` told at its beginning; who was not known then becomes so.
        at: Now.

    Raises:
        ForgottenMeanwhileError: Everything about the listener was deleted since.
    """
    if since is None:
        await uow.listeners.lock(listener_id, at)
        return
    is_known = await uow.listeners.lock_known(listener_id)
    if not is_known or await uow.listeners.created_at(listener_id) != since:
        raise ForgottenMeanwhileError
