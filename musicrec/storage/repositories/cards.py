"""Posted song cards, found again by their message."""

from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.card import Card
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import CardRow


class CardRepository:
    """The table ``cards``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, card: Card) -> None:
        """Store a card; a later one with the same message replaces the earlier."""
        insert = insert_into(self._session, CardRow).values(
            message_id=card.message_id,
            channel_id=card.channel_id,
            track_id=card.track_id,
            posted_at=card.posted_at,
        )
        statement = insert.on_conflict_do_update(
            index_elements=[CardRow.message_id],
            set_={
                "channel_id": insert.excluded.channel_id,
                "track_id": insert.excluded.track_id,
                "posted_at": insert.excluded.posted_at,
            },
        )
        await self._session.execute(statement)

    async def by_message(self, message_id: int) -> Card | None:
        """Return the card that a message shows."""
        row = await self._session.get(CardRow, message_id, populate_existing=True)
        if row is None:
            return None
        return Card(
            message_id=row.message_id,
            channel_id=row.channel_id,
            track_id=row.track_id,
            posted_at=row.posted_at,
        )
