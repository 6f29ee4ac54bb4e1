"""Tables by which processes of one database keep out of each other's way; nobody's data."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.storage.tables import Base


class ServiceTurnRow(Base):
    """When an outside service may be called next."""

    __tablename__ = "service_turns"

    service: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column()


class HeardEventRow(Base):
    """An event of Discord that one of two processes took, while both heard the same shards."""

    __tablename__ = "heard_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    heard_at: Mapped[datetime] = mapped_column(index=True)
