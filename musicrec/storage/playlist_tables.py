"""Tables of playlists that are kept here, and of edits of playlists anywhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, false
from sqlalchemy.orm import Mapped, mapped_column

from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.playlist_edit import EditId, EditKind, EditState, PlaceKind
from musicrec.storage.tables import NEVER_REUSED, ROW_ID, Base


class KeptPlaylistRow(Base):
    """A playlist that was made here."""

    __tablename__ = "kept_playlists"
    __table_args__ = (Index(None, "listener_id", "id"), NEVER_REUSED)

    id: Mapped[KeptId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column()
    n_items: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    # Compressed JSON, because a list may hold thousands of songs.
    playlist: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class PlaylistEditRow(Base):
    """A change of a playlist with everything that it takes to make it and to take it back."""

    __tablename__ = "playlist_edits"
    __table_args__ = (Index(None, "listener_id", "id"), NEVER_REUSED)

    id: Mapped[EditId] = mapped_column(ROW_ID, Identity(), primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(ForeignKey("listeners.id", ondelete="CASCADE"))
    place_kind: Mapped[PlaceKind] = mapped_column()
    list_id: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column()
    kind: Mapped[EditKind] = mapped_column()
    n_items: Mapped[int] = mapped_column()
    shown: Mapped[dict[str, Any]] = mapped_column()
    chosen: Mapped[list[int]] = mapped_column()
    state: Mapped[EditState] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    # It came to its end while its listener did not look, who was not told so yet.
    is_news: Mapped[bool] = mapped_column(server_default=false())
    # Nobody but ``taken_by`` may work on it before ``taken_until``; an empty name is a pause.
    taken_by: Mapped[str] = mapped_column()
    taken_until: Mapped[datetime | None] = mapped_column()
    # Compressed JSON; a click on a page does not read it.
    edited: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class PlaylistCopyRow(Base):
    """A copy of a playlist that is kept here at an account elsewhere."""

    __tablename__ = "playlist_copies"

    kept_id: Mapped[KeptId] = mapped_column(
        ForeignKey("kept_playlists.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account: Mapped[AccountKind] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(primary_key=True)
    listener_id: Mapped[ListenerId] = mapped_column(
        ForeignKey("listeners.id", ondelete="CASCADE"), index=True
    )
    begun_at: Mapped[datetime] = mapped_column()
    list_id: Mapped[str] = mapped_column()
    url: Mapped[str] = mapped_column()
    n_items: Mapped[int | None] = mapped_column()
