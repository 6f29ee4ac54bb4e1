"""The table of corrections."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.correction import CorrectionKind
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.storage.column_types import word
from musicrec.storage.tables import NEVER_REUSED, ROW_ID, Base


class CorrectionRow(Base):
    """What a listener said about a recommended song; taking it back leaves the row."""

    __tablename__ = "corrections"
    __table_args__ = (
        UniqueConstraint("listener_id", "event_key", "track_id", "kind"),
        Index(None, "listener_id", "track_id", "kind"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    track_id: Mapped[TrackId] = mapped_column()
    kind: Mapped[CorrectionKind] = mapped_column(word(CorrectionKind))
    said_at: Mapped[datetime] = mapped_column()
    title: Mapped[str] = mapped_column()
    artist: Mapped[str | None] = mapped_column()
    genre: Mapped[str | None] = mapped_column()
    features: Mapped[dict[str, Any]] = mapped_column()
    event_key: Mapped[str] = mapped_column()
    taken_back_at: Mapped[datetime | None] = mapped_column()
