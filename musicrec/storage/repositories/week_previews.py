"""The last look at a coming list, of each listener."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.week import PreviewId, WeekPreview
from musicrec.domain.week_json import week_list_from_json, week_list_to_json
from musicrec.storage.weekly_tables import WeekPreviewRow


class WeekPreviewRepository:
    """The table ``week_previews``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, preview: WeekPreview) -> PreviewId:
        """Store a preview in the stead of the listener's last one, under an id of its own.

        The listener must be known (``ListenerRepository.lock``).
        """
        earlier = WeekPreviewRow.listener_id == preview.listener_id
        await self._session.execute(delete(WeekPreviewRow).where(earlier))
        statement = (
            insert(WeekPreviewRow)
            .values(
                listener_id=preview.listener_id,
                made_at=preview.made_at,
                content=week_list_to_json(preview.content),
            )
            .returning(WeekPreviewRow.id)
        )
        return (await self._session.scalars(statement)).one()

    async def get(self, listener_id: ListenerId, preview_id: PreviewId) -> WeekPreview | None:
        """Return a preview of a listener's; None where a later one took its place."""
        statement = select(WeekPreviewRow).where(
            WeekPreviewRow.listener_id == listener_id, WeekPreviewRow.id == preview_id
        )
        row = await self._session.scalar(statement)
        if row is None:
            return None
        return WeekPreview(row.listener_id, row.made_at, week_list_from_json(row.content), row.id)
