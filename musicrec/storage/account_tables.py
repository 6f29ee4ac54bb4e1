"""Tables of listeners' accounts elsewhere, and of what was read from them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.account import AccountKind
from musicrec.domain.hint import HintSource
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.storage.tables import Base


class AccountRow(Base):
    """A listener's account elsewhere."""

    __tablename__ = "accounts"

    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[AccountKind] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column()
    name: Mapped[str] = mapped_column()
    authorised_at: Mapped[datetime] = mapped_column()
    scopes: Mapped[list[str]] = mapped_column()
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    reminded_at: Mapped[datetime | None] = mapped_column()
    # Until when one process renews the tokens: two at once could lose the one that is handed out.
    renewing_until: Mapped[datetime | None] = mapped_column()
    # When saved and top songs were asked for last.
    hinted_at: Mapped[datetime | None] = mapped_column()


class PendingLinkRow(Base):
    """A link to an account that was begun."""

    __tablename__ = "pending_links"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AccountKind] = mapped_column()
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()


class HintRow(Base):
    """A song that a listener probably likes, by an account elsewhere."""

    __tablename__ = "hints"

    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    track_id: Mapped[TrackId] = mapped_column(primary_key=True)
    source: Mapped[HintSource] = mapped_column()
    hinted_at: Mapped[datetime] = mapped_column()
