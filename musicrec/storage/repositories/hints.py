"""Songs that listeners probably like, by their accounts elsewhere."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.hint import Hint
from musicrec.domain.ids import ListenerId
from musicrec.storage.account_tables import HintRow


class HintRepository:
    """The table ``hints``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, hints: Sequence[Hint]) -> None:
        """Keep hints of songs that have none.

        The listeners must be known (``ListenerRepository.lock``).
        """
        rows = [
            {
                "listener_id": hint.listener_id,
                "track_id": hint.track_id,
                "source": hint.source,
                "hinted_at": hint.hinted_at,
            }
            for hint in hints
        ]
        if rows:
            await self._session.execute(insert(HintRow), rows)

    async def list_all(self, listener_id: ListenerId) -> list[Hint]:
        """Return a listener's hints, by song."""
        statement = (
            select(HintRow).where(HintRow.listener_id == listener_id).order_by(HintRow.track_id)
        )
        return [
            Hint(row.listener_id, row.track_id, row.source, row.hinted_at)
            for row in await self._session.scalars(statement)
        ]

    async def listeners(self) -> list[ListenerId]:
        """Return everybody who has hints, ascending."""
        statement = select(HintRow.listener_id).distinct().order_by(HintRow.listener_id)
        return list(await self._session.scalars(statement))

    async def delete_all(self, listener_id: ListenerId) -> int:
        """Forget a listener's hints and return how many there were."""
        statement = (
            delete(HintRow).where(HintRow.listener_id == listener_id).returning(HintRow.track_id)
        )
        return len((await self._session.scalars(statement)).all())
