"""Posted song cards, found again by their message."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from musicrec.domain.card import Card
from musicrec.domain.ids import TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.server_post import PublicVerdict
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.tables import CardRow, LabelEventRow


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
            guild_id=card.guild_id,
        )
        statement = insert.on_conflict_do_update(
            index_elements=[CardRow.message_id],
            set_={
                "channel_id": insert.excluded.channel_id,
                "track_id": insert.excluded.track_id,
                "posted_at": insert.excluded.posted_at,
                "guild_id": insert.excluded.guild_id,
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
            guild_id=row.guild_id,
        )

    async def tracks_on(self, guild_id: int) -> set[TrackId]:
        """Return every song of which a card was posted in a server."""
        statement = select(CardRow.track_id).where(CardRow.guild_id == guild_id)
        return set(await self._session.scalars(statement))

    async def verdicts_on(
        self, guild_id: int, *, since: datetime, until: datetime
    ) -> list[PublicVerdict]:
        """Return the verdicts that stand and were given on cards of a server, oldest first.

        Whoever said something else about the song since, anywhere, is left out with it: what was
        said elsewhere is not public.

        Args:
            guild_id: The server.
            since: Those given from then on.
            until: Those given before that.
        """
        later = aliased(LabelEventRow)
        is_last = ~exists().where(
            later.listener_id == LabelEventRow.listener_id,
            later.track_id == LabelEventRow.track_id,
            later.id > LabelEventRow.id,
        )
        statement = (
            select(LabelEventRow)
            .join(CardRow, CardRow.message_id == LabelEventRow.card_message_id)
            .where(
                CardRow.guild_id == guild_id,
                CardRow.track_id == LabelEventRow.track_id,
                LabelEventRow.value != LabelValue.WITHDRAWN,
                LabelEventRow.labelled_at >= since,
                LabelEventRow.labelled_at < until,
                is_last,
            )
            .order_by(LabelEventRow.id)
        )
        return [
            PublicVerdict(
                row.listener_id, row.track_id, row.value is LabelValue.LIKE, row.labelled_at
            )
            for row in await self._session.scalars(statement)
        ]
