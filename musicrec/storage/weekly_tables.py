"""Tables of weekly lists: what listeners wish, what they got, and what they looked at before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.week import PreviewId, WeekId, WeekState
from musicrec.domain.weekly_plan import PlaceOfWeek, SpotifyCopy
from musicrec.storage.tables import NEVER_REUSED, ROW_ID, Base


class WeeklyPlanRow(Base):
    """A listener's wishes for their weekly list."""

    __tablename__ = "weekly_plans"

    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    weekday: Mapped[int] = mapped_column()
    minute: Mapped[int] = mapped_column()
    zone: Mapped[str] = mapped_column()
    place: Mapped[PlaceOfWeek] = mapped_column()
    channel_id: Mapped[int | None] = mapped_column()
    guild_id: Mapped[int | None] = mapped_column()
    is_on: Mapped[bool] = mapped_column()
    since: Mapped[datetime] = mapped_column()
    n_songs: Mapped[int] = mapped_column()
    adventure: Mapped[float] = mapped_column()
    spotify: Mapped[SpotifyCopy] = mapped_column()
    spotify_playlist_id: Mapped[str] = mapped_column()
    trouble: Mapped[str] = mapped_column()
    # The listener was told of the trouble without asking.
    trouble_told: Mapped[bool] = mapped_column()
    # The first slot that the ledger does not have yet; None while the plan is off.
    next_due: Mapped[datetime | None] = mapped_column(index=True)


class WeekRow(Base):
    """A listener's list of one local date."""

    __tablename__ = "weeks"
    __table_args__ = (
        UniqueConstraint("listener_id", "local_date"),
        Index(None, "state", "due_at"),
        NEVER_REUSED,
    )

    id: Mapped[WeekId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    local_date: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column()
    state: Mapped[WeekState] = mapped_column()
    attempts: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Titles and artists, folded, a song a line: what people look for.
    words: Mapped[str] = mapped_column()
    shortlist_id: Mapped[ShortlistId | None] = mapped_column(
        ForeignKey("shortlists.id", ondelete="SET NULL"), index=True
    )
    channel_id: Mapped[int | None] = mapped_column()
    message_id: Mapped[int | None] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()
    problem: Mapped[str] = mapped_column()
    # Nobody but ``taken_by`` may work on it before ``taken_until``; an empty name is a pause.
    taken_by: Mapped[str] = mapped_column()
    taken_until: Mapped[datetime | None] = mapped_column()
    # A copy elsewhere is still to be made.
    owes_copy: Mapped[bool] = mapped_column()
    # The same list as a playlist that is kept here, where the listener wanted it.
    kept_id: Mapped[KeptId | None] = mapped_column(
        ForeignKey("kept_playlists.id", ondelete="SET NULL"), index=True
    )


class WeekPreviewRow(Base):
    """What a listener's next list would have been when they looked last."""

    __tablename__ = "week_previews"
    __table_args__ = (UniqueConstraint("listener_id"), NEVER_REUSED)

    id: Mapped[PreviewId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column()
