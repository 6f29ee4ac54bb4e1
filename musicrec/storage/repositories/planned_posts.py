"""The ledger of what was and will be posted in servers, and which process works on it."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import TrackId
from musicrec.domain.server_post import PlannedPost, PlannedPostId, PostState, ServerPostKind
from musicrec.storage.repositories.dialects import insert_into
from musicrec.storage.social_tables import PlannedPostRow


class PlannedPostRepository:
    """The table ``planned_posts``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def enter(self, post: PlannedPost) -> bool:
        """Enter what is due; False where that server, kind and date is entered already."""
        insert = insert_into(self._session, PlannedPostRow).values(
            guild_id=post.guild_id,
            kind=post.kind,
            local_date=post.local_date,
            due_at=post.due_at,
            state=post.state,
            attempts=0,
            taken_by="",
        )
        statement = insert.on_conflict_do_nothing().returning(PlannedPostRow.id)
        return await self._session.scalar(statement) is not None

    async def get(self, post_id: PlannedPostId) -> PlannedPost | None:
        """Return a post as it is now."""
        row = await self._session.get(PlannedPostRow, post_id, populate_existing=True)
        return None if row is None else _post(row)

    async def open(self, at: datetime, *, most: int) -> list[PlannedPostId]:
        """Return posts that are due and that nobody works on, the longest due first."""
        statement = (
            select(PlannedPostRow.id)
            .where(PlannedPostRow.state == PostState.DUE, _is_free(at))
            .order_by(PlannedPostRow.due_at, PlannedPostRow.id)
            .limit(most)
        )
        return list(await self._session.scalars(statement))

    async def take(self, post_id: PlannedPostId, by: str, *, at: datetime, until: datetime) -> bool:
        """Take a post that is due; False where somebody else has it or it is done."""
        return await self._update(post_id, _is_free(at), taken_by=by, taken_until=until)

    async def choose(self, post_id: PlannedPostId, by: str, track_id: TrackId) -> bool:
        """Store the song of a post that is held."""
        return await self._update(post_id, PlannedPostRow.taken_by == by, track_id=track_id)

    async def begin(self, post_id: PlannedPostId, by: str, *, until: datetime) -> bool:
        """Note an attempt before it is made, and hold the post for longer."""
        held = PlannedPostRow.taken_by == by
        return await self._update(
            post_id, held, attempts=PlannedPostRow.attempts + 1, taken_until=until
        )

    async def put_off(self, post_id: PlannedPostId, by: str, *, until: datetime) -> None:
        """Leave a post to anybody, but not before some time."""
        await self._update(post_id, PlannedPostRow.taken_by == by, taken_by="", taken_until=until)

    async def sent(self, post_id: PlannedPostId, channel_id: int, message_id: int) -> None:
        """Note that a post was sent; what was sent is sent, whoever holds it by now."""
        await self._update(
            post_id, state=PostState.SENT, channel_id=channel_id, message_id=message_id
        )

    async def skip(self, post_id: PlannedPostId, by: str) -> None:
        """Never send a post that is held."""
        await self._update(post_id, PlannedPostRow.taken_by == by, state=PostState.SKIPPED)

    async def tracks_of(self, guild_id: int) -> set[TrackId]:
        """Return every song that was chosen for a server."""
        statement = select(PlannedPostRow.track_id).where(
            PlannedPostRow.guild_id == guild_id, PlannedPostRow.track_id.is_not(None)
        )
        return {track_id for track_id in await self._session.scalars(statement) if track_id}

    async def drop_unsent(self, guild_id: int, kind: ServerPostKind) -> None:
        """Forget what was not sent of a kind; its songs were not there."""
        await self._session.execute(
            delete(PlannedPostRow).where(
                PlannedPostRow.guild_id == guild_id,
                PlannedPostRow.kind == kind,
                PlannedPostRow.state != PostState.SENT,
            )
        )

    async def dates_of(self, guild_id: int, kind: ServerPostKind) -> set[date]:
        """Return the local dates on which something of a kind is entered."""
        statement = select(PlannedPostRow.local_date).where(
            PlannedPostRow.guild_id == guild_id, PlannedPostRow.kind == kind
        )
        return set(await self._session.scalars(statement))

    async def _update(
        self, post_id: PlannedPostId, *where: ColumnElement[bool], **values: object
    ) -> bool:
        statement = (
            update(PlannedPostRow)
            .where(PlannedPostRow.id == post_id, PlannedPostRow.state == PostState.DUE, *where)
            .values(**values)
            .returning(PlannedPostRow.id)
        )
        return await self._session.scalar(statement) is not None


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(PlannedPostRow.taken_until.is_(None), PlannedPostRow.taken_until <= at)


def _post(row: PlannedPostRow) -> PlannedPost:
    return PlannedPost(
        guild_id=row.guild_id,
        kind=row.kind,
        local_date=row.local_date,
        due_at=row.due_at,
        state=row.state,
        id=row.id,
        attempts=row.attempts,
        track_id=row.track_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
    )
