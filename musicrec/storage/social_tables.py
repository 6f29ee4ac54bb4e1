"""Tables of what people do together on a server."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.server_post import Cadence, PlannedPostId, PostState, ServerPostKind
from musicrec.storage.column_types import word
from musicrec.storage.tables import NEVER_REUSED, ROW_ID, Base


class ComparableTasteRow(Base):
    """A listener's consent that their taste is compared with others' on one server."""

    __tablename__ = "comparable_tastes"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    since: Mapped[datetime] = mapped_column()


class ServerPlanRow(Base):
    """What is posted in a server by the clock, and when next."""

    __tablename__ = "server_plans"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[ServerPostKind] = mapped_column(word(ServerPostKind), primary_key=True)
    channel_id: Mapped[int] = mapped_column()
    cadence: Mapped[Cadence] = mapped_column(word(Cadence))
    weekday: Mapped[int] = mapped_column()
    minute: Mapped[int] = mapped_column()
    zone: Mapped[str] = mapped_column()
    since: Mapped[datetime] = mapped_column()
    # None while nothing is posted.
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    trouble: Mapped[str] = mapped_column()


class PlannedPostRow(Base):
    """A post that was or will be sent; the unique key is why nothing is sent twice."""

    __tablename__ = "planned_posts"
    __table_args__ = (UniqueConstraint("guild_id", "kind", "local_date"), NEVER_REUSED)

    id: Mapped[PlannedPostId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    guild_id: Mapped[int] = mapped_column()
    kind: Mapped[ServerPostKind] = mapped_column(word(ServerPostKind))
    local_date: Mapped[date] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    state: Mapped[PostState] = mapped_column(word(PostState), index=True)
    attempts: Mapped[int] = mapped_column()
    track_id: Mapped[TrackId | None] = mapped_column()
    channel_id: Mapped[int | None] = mapped_column()
    message_id: Mapped[int | None] = mapped_column()
    # Nobody but ``taken_by`` may work on it before ``taken_until``; an empty name is a pause.
    taken_by: Mapped[str] = mapped_column()
    taken_until: Mapped[datetime | None] = mapped_column()
