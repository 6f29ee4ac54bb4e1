"""A session whose statements are never left half done."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncSession

Method = TypeVar("Method", bound=Callable[..., Coroutine[Any, Any, Any]])


def uninterrupted(method: Method) -> Method:
    """Let a call run to its end; a cancellation of the caller takes effect only after it."""

    @wraps(method)
    async def finish(*args: Any, **options: Any) -> Any:
        task = asyncio.ensure_future(method(*args, **options))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await _end_of(task)
            raise

    return cast("Method", finish)


async def _end_of(task: asyncio.Future[Any]) -> None:
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            continue
    if not task.cancelled():
        task.exception()  # fetched, because the caller learns of the cancellation instead


class PatientSession(AsyncSession):
    """Survives the cancellation of its task.

    A cancelled statement would make SQLAlchemy throw the connection away. With aiosqlite the
    statement then still runs in its thread, and can keep the write lock that it gets.
    """

    connection = uninterrupted(AsyncSession.connection)
    execute = uninterrupted(AsyncSession.execute)
    scalar = uninterrupted(AsyncSession.scalar)
    scalars = uninterrupted(AsyncSession.scalars)
    get = uninterrupted(AsyncSession.get)
    commit = uninterrupted(AsyncSession.commit)
    close = uninterrupted(AsyncSession.close)
