"""Tables of when nothing unasked is sent, to a listener and to a server."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.ids import ListenerId
from musicrec.storage.tables import Base


class QuietHoursRow(Base):
    """A listener's quiet hours."""

    __tablename__ = "quiet_hours"

    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    begins: Mapped[int] = mapped_column()
    ends: Mapped[int] = mapped_column()
    zone: Mapped[str] = mapped_column()


class QuietServerRow(Base):
    """The quiet hours of a server."""

    __tablename__ = "quiet_servers"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begins: Mapped[int] = mapped_column()
    ends: Mapped[int] = mapped_column()
    zone: Mapped[str] = mapped_column()
