"""What follows from the end of a link to an account, in the same transaction."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from musicrec.domain.ids import ListenerId
from musicrec.storage import UnitOfWork

LetGo: TypeAlias = Callable[[UnitOfWork, ListenerId], Awaitable[object]]
"""Forgets what was read from a listener's Spotify account; the listener is locked."""


async def forget_hints_alone(uow: UnitOfWork, listener_id: ListenerId) -> None:
    """Forget hints where no models are learned from them."""
    await uow.hints.delete_all(listener_id)
