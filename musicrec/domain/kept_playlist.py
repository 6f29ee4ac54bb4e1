"""Playlists that are kept here, because they were made here or given to the bot."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist

KeptId = NewType("KeptId", int)


@dataclass(frozen=True, slots=True)
class KeptSummary:
    """What is known of a kept playlist without reading it.

    Attributes:
        id: Its identity; never used again after a deletion.
        title: Untrusted text.
        n_items: Its length.
        created_at: Aware UTC.
    """

    id: KeptId
    title: str
    n_items: int
    created_at: datetime


@dataclass(frozen=True)
class KeptPlaylist:
    """A playlist kept here with whose it is."""

    listener_id: ListenerId
    playlist: Playlist
    created_at: datetime
    id: KeptId | None = None
