"""Tables of what people do together on a server."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.ids import ListenerId
from musicrec.storage.tables import Base


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
