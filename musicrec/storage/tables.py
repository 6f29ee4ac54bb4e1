"""The tables. Rows never leave ``musicrec.storage``; repositories turn them into domain values."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from musicrec.domain.account import AccountKind
from musicrec.domain.guess import GuessPlace
from musicrec.domain.hint import HintSource
from musicrec.domain.ids import EventId, GuessId, ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.label import LabelSource, LabelValue
from musicrec.domain.playlist_edit import EditId, EditKind, EditState, PlaceKind
from musicrec.domain.recall import AuditedFilter
from musicrec.domain.shortlist import ShortlistKind
from musicrec.domain.week import PreviewId, WeekId, WeekState
from musicrec.domain.weekly_plan import PlaceOfWeek, SpotifyCopy
from musicrec.storage.column_types import UtcDateTime, word

# SQLite numbers rows by itself only in a column declared exactly INTEGER.
ROW_ID = BigInteger().with_variant(Integer, "sqlite")
# Without AUTOINCREMENT SQLite would hand out the ids of deleted rows again: an old button would
# show somebody else's shortlist, and a model would seem to have seen labels that came after it.
NEVER_REUSED = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """Types and names that all tables share."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,  # Discord's ids do not fit into 32 bits
        datetime: UtcDateTime,
        TrackId: String,
        ListenerId: BigInteger,
        ShortlistId: BigInteger,
        ModelId: BigInteger,
        EventId: BigInteger,
        GuessId: BigInteger,
        KeptId: BigInteger,
        EditId: BigInteger,
        LabelValue: word(LabelValue),
        LabelSource: word(LabelSource),
        ShortlistKind: word(ShortlistKind),
        GuessPlace: word(GuessPlace),
        PlaceKind: word(PlaceKind),
        EditKind: word(EditKind),
        EditState: word(EditState),
        AuditedFilter: word(AuditedFilter),
        AccountKind: word(AccountKind),
        HintSource: word(HintSource),
        WeekId: BigInteger,
        PreviewId: BigInteger,
        WeekState: word(WeekState),
        PlaceOfWeek: word(PlaceOfWeek),
        SpotifyCopy: word(SpotifyCopy),
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
    }


class ListenerRow(Base):
    """A person; deleting the row deletes everything that is theirs."""

    __tablename__ = "listeners"

    id: Mapped[ListenerId] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime] = mapped_column()


class ShortlistRow(Base):
    """Songs that were chosen for a listener at one time."""

    __tablename__ = "shortlists"
    __table_args__ = (Index(None, "listener_id", "kind", "id"), NEVER_REUSED)

    id: Mapped[ShortlistId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    kind: Mapped[ShortlistKind] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    catalogue_version: Mapped[str] = mapped_column()
    seed: Mapped[int] = mapped_column()
    model_id: Mapped[ModelId | None] = mapped_column(
        ForeignKey("models.id", ondelete="SET NULL"), index=True
    )


class ShortlistEntryRow(Base):
    """One song of a shortlist."""

    __tablename__ = "shortlist_entries"

    shortlist_id: Mapped[ShortlistId] = mapped_column(
        ForeignKey("shortlists.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    track_id: Mapped[TrackId] = mapped_column()
    p_like: Mapped[float | None] = mapped_column()
    reason: Mapped[str] = mapped_column()


class LabelEventRow(Base):
    """One line of the append-only log of verdicts."""

    __tablename__ = "label_events"
    __table_args__ = (
        UniqueConstraint("event_key"),
        Index(None, "listener_id", "track_id", "id"),
        Index(None, "listener_id", "id"),
        NEVER_REUSED,
    )

    id: Mapped[EventId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    track_id: Mapped[TrackId] = mapped_column()
    value: Mapped[LabelValue] = mapped_column()
    labelled_at: Mapped[datetime] = mapped_column()
    source: Mapped[LabelSource] = mapped_column()
    card_message_id: Mapped[int | None] = mapped_column(index=True)
    shortlist_id: Mapped[ShortlistId | None] = mapped_column(
        ForeignKey("shortlists.id", ondelete="SET NULL"), index=True
    )
    event_key: Mapped[str | None] = mapped_column()
    restores: Mapped[EventId | None] = mapped_column()


class GuessRow(Base):
    """A probability that a listener was told."""

    __tablename__ = "guesses"
    __table_args__ = (Index(None, "listener_id", "track_id", "id"), NEVER_REUSED)

    id: Mapped[GuessId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    track_id: Mapped[TrackId] = mapped_column()
    p_like: Mapped[float] = mapped_column()
    guessed_at: Mapped[datetime] = mapped_column()
    place: Mapped[GuessPlace] = mapped_column()
    # No foreign key: only the newest models are kept, and a guess tells for ever whose it was.
    model_id: Mapped[ModelId | None] = mapped_column()


class CardRow(Base):
    """A posted song card."""

    __tablename__ = "cards"

    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # None in direct messages, and where nobody noted it.
    guild_id: Mapped[int | None] = mapped_column(index=True)
    channel_id: Mapped[int] = mapped_column()
    track_id: Mapped[TrackId] = mapped_column()
    posted_at: Mapped[datetime] = mapped_column()


class LearnedSongRow(Base):
    """A song that became known, or better known, after the catalogue was built."""

    __tablename__ = "learned_songs"
    __table_args__ = (UniqueConstraint("track_id"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    track_id: Mapped[TrackId] = mapped_column()
    title: Mapped[str] = mapped_column()
    artists: Mapped[list[str]] = mapped_column()
    album: Mapped[str] = mapped_column()
    genre: Mapped[str | None] = mapped_column()
    country: Mapped[str | None] = mapped_column()
    features: Mapped[dict[str, Any]] = mapped_column()
    source: Mapped[str] = mapped_column()
    links: Mapped[list[str]] = mapped_column()
    # {"origins": [[source, licence, ISO 8601], …], "columns": {column: place in that list}}
    origins: Mapped[dict[str, Any]] = mapped_column()


class SourceAnswerRow(Base):
    """What an outside service answered; nothing in it is about a person."""

    __tablename__ = "source_answers"

    source: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    fetched_at: Mapped[datetime] = mapped_column()
    licence: Mapped[str] = mapped_column()


class SourceClosureRow(Base):
    """Until when a part of an outside service is closed, and how often it was called today."""

    __tablename__ = "source_closures"

    source: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(primary_key=True)
    closed_until: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str] = mapped_column()
    counted_on: Mapped[date | None] = mapped_column()
    n_calls: Mapped[int] = mapped_column()


class SharedTasteRow(Base):
    """A listener's consent that others on one server lean on their taste."""

    __tablename__ = "shared_tastes"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    since: Mapped[datetime] = mapped_column()


class LinkChannelRow(Base):
    """The channel of a server where links of songs become cards."""

    __tablename__ = "link_channels"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column()
    since: Mapped[datetime] = mapped_column()


class ModelRow(Base):
    """A fitted model with its report."""

    __tablename__ = "models"
    __table_args__ = (Index(None, "listener_id", "id"), NEVER_REUSED)

    id: Mapped[ModelId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    fitted_at: Mapped[datetime] = mapped_column()
    algorithm: Mapped[str] = mapped_column()
    n_labels: Mapped[int] = mapped_column()
    feature_names: Mapped[list[str]] = mapped_column()
    content_hash: Mapped[str] = mapped_column()
    trained_through: Mapped[EventId] = mapped_column()
    report: Mapped[dict[str, Any]] = mapped_column()
    # Deferred: summaries are asked for often, and the bytes are large.
    blob: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class RecallAuditRow(Base):
    """A list that was held against scoring every song; says of nobody whose it was."""

    __tablename__ = "recall_audits"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(ROW_ID, Identity(), primary_key=True)
    catalogue_version: Mapped[str] = mapped_column()
    n_songs: Mapped[int] = mapped_column()
    algorithm: Mapped[str] = mapped_column()
    n_labels: Mapped[int] = mapped_column()
    limited_to: Mapped[AuditedFilter] = mapped_column()
    looked_for: Mapped[int] = mapped_column()
    found: Mapped[int] = mapped_column()
    seconds: Mapped[float] = mapped_column()
    at: Mapped[datetime] = mapped_column()
