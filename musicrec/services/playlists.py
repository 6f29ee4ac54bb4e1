"""Look a playlist through and propose what could be changed; write it in other formats."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.errors import BadInputError, NotEnoughLabelsError, PlaylistUnusableError
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.model import StoredModel
from musicrec.domain.picture import Picture
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistChange
from musicrec.domain.playlist_edit import (
    EditedFile,
    EditedList,
    EditKind,
    EditState,
    PlaylistEdit,
)
from musicrec.playlists.formats.files import PlaylistFormat, spotify_link
from musicrec.playlists.songs import ListedSongs, listed_songs
from musicrec.playlists.sorting import Order
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.services.playlist_jobs import (
    Proposed,
    SortWish,
    diagnose_list,
    prune_list,
    sort_list,
    write_file,
)
from musicrec.services.playlist_places import OpenedList
from musicrec.services.presence import known_since
from musicrec.services.training import TrainingService
from musicrec.storage import Database
from musicrec.workers import Workers

PROBABILITY: Final = "probability"
"""How a list may be sorted beside the orders of ``Order``."""

_NO_FILE_NAME: Final = re.compile(r"[^\w .-]+")
_LONGEST_NAME: Final = 60


@dataclass(frozen=True)
class SortView:
    """Another order of a playlist as it is shown.

    Attributes:
        edit: Without an id where nothing would move.
        picture: Energy and tempo along the list; None where nothing would move.
    """

    edit: PlaylistEdit
    picture: Picture | None


class PlaylistService:
    """Judges playlists with a listener's model; changes nothing."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        training: TrainingService,
        edits: PlaylistEdits,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training
        self._edits = edits
        self._clock = clock

    async def prune(
        self, listener_id: ListenerId, opened: OpenedList, *, precision: float
    ) -> PlaylistEdit:
        """Propose to remove what the listener would definitely dislike.

        Args:
            listener_id: Whose taste.
            opened: The list.
            precision: Wanted share of dislikes among what goes, in (0, 1].

        Returns:
            A stored edit; without an id where there is nothing to decide about.

        Raises:
            BadInputError: ``precision`` is out of range.
            NotEnoughLabelsError: There is too little to learn the taste from.
            PlaylistUnusableError: The list is empty.
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        since = await known_since(self._database, listener_id)
        model = await self._training.ensure_model(listener_id, at=self._clock())
        songs = await self.songs(opened.playlist)
        async with self._database.reading() as uow:
            labels = await uow.labels.current(listener_id)
        liked = self._rows_of({one.track_id for one in labels if one.value is LabelValue.LIKE})
        found = await self._workers.run(prune_list, model.blob, songs, precision, liked)
        return await self._proposed(listener_id, EditKind.PRUNE, opened, found, since)

    async def doctor(self, listener_id: ListenerId, opened: OpenedList) -> PlaylistEdit:
        """Propose to remove duplicates; say what else is odd. As ``prune`` otherwise."""
        since = await known_since(self._database, listener_id)
        model = await self.stored_model_or_none(listener_id)
        blob = None if model is None else model.blob
        songs = await self.songs(opened.playlist)
        found = await self._workers.run(diagnose_list, blob, songs)
        return await self._proposed(listener_id, EditKind.DOCTOR, opened, found, since)

    async def sort(
        self,
        listener_id: ListenerId,
        opened: OpenedList,
        *,
        by: str = Order.SMOOTH,
        like: str | None = None,
    ) -> SortView:
        """Propose another order. As ``prune`` otherwise.

        Args:
            listener_id: Whose taste, where it is sorted by probability.
            opened: The list.
            by: One of ``Order``, or ``PROBABILITY``.
            like: Words of a song in the list, or its number: nearest to it first.

        Raises:
            BadInputError: There is no such song, or nothing is known about how it sounds.
        """
        since = await known_since(self._database, listener_id)
        songs = await self.songs(opened.playlist)
        blob, wish = None, SortWish(None)
        if like is not None:
            wish = SortWish(None, near=_heard_position(songs, like))
        elif by == PROBABILITY:
            blob = (await self._training.ensure_model(listener_id, at=self._clock())).blob
        else:
            wish = SortWish(Order(by))
        found = await self._workers.run(sort_list, blob, songs, wish)
        edit = await self._proposed(listener_id, EditKind.SORT, opened, found, since)
        return SortView(edit, found.picture)

    async def write(self, playlist: Playlist, kind: PlaylistFormat) -> EditedFile:
        """Write a playlist as a file, named after it.

        Raises:
            PlaylistUnusableError: As links, no song of it would be left.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        if kind is PlaylistFormat.LINKS and not n_linked(playlist):
            msg = "No song of this playlist has a Spotify link, so there would be nothing in it."
            raise PlaylistUnusableError(msg)
        ending = "txt" if kind is PlaylistFormat.LINKS else str(kind)
        stem = _NO_FILE_NAME.sub(" ", playlist.title).strip(" .")[:_LONGEST_NAME].strip()
        data = await self._workers.run(write_file, playlist, kind)
        return EditedFile(f"{stem or 'playlist'}.{ending}", str(kind), data)

    async def songs(self, playlist: Playlist, catalogue: Catalogue | None = None) -> ListedSongs:
        """Look the songs of a playlist up, learned ones too.

        Args:
            playlist: Which.
            catalogue: Whose rows are wanted; None for the one in use.

        Raises:
            PlaylistUnusableError: The list is empty.
        """
        if not len(playlist):
            msg = "This playlist is empty."
            raise PlaylistUnusableError(msg)
        # Not in a worker: those know nothing of the songs learned since the last build.
        return await asyncio.to_thread(listed_songs, playlist, catalogue or self._catalogue.now)

    async def stored_model_or_none(self, listener_id: ListenerId) -> StoredModel | None:
        """Return the listener's model; None where there is too little to learn from."""
        try:
            return await self._training.ensure_model(listener_id, at=self._clock())
        except NotEnoughLabelsError:
            return None

    def _rows_of(self, liked: set[TrackId]) -> frozenset[TrackId]:
        """Return the liked songs by the ids that the catalogue has for them, and by their own."""
        catalogue = self._catalogue.now
        rows: list[int] = catalogue.all_rows_of(liked).tolist()
        return frozenset(liked | {track.id for track in catalogue.tracks(rows)})

    async def _proposed(
        self,
        listener_id: ListenerId,
        kind: EditKind,
        opened: OpenedList,
        found: Proposed,
        since: datetime | None,
    ) -> PlaylistEdit:
        at = self._clock()
        edit = PlaylistEdit(
            listener_id=listener_id,
            place=opened.place,
            kind=kind,
            n_items=len(opened.playlist),
            proposals=found.proposals,
            findings=found.findings,
            chosen=frozenset(one.position for one in found.proposals),
            state=EditState.PROPOSED,
            created_at=at,
            changed_at=at,
        )
        change = PlaylistChange(opened.playlist, found.order)
        if change.is_empty:
            return edit
        return await self._edits.propose(edit, EditedList(change, opened.file), since=since)


def n_linked(playlist: Playlist) -> int:
    """Count the songs that have a link to Spotify."""
    songs = (item for item in playlist.items if item.kind is not ItemKind.EPISODE)
    return sum(spotify_link(item) is not None for item in songs)


def _heard_position(songs: ListedSongs, text: str) -> int:
    """Find the song that a number or some words mean.

    Raises:
        BadInputError: There is none, or nobody knows how it sounds.
    """
    position = _position_of(songs.playlist, text.strip())
    if position is None:
        msg = f"no song of the playlist is called {text[:60]!r}; write its number or some words."
        raise BadInputError(msg)
    if not songs.heard[position - 1]:
        name = songs.playlist.items[position - 1].name
        msg = f"it is not known how {name} sounds, so nothing can be near it."
        raise BadInputError(msg)
    return position


def _position_of(playlist: Playlist, text: str) -> int | None:
    if text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= len(playlist):
        return int(text)
    words = set(fold(text).split())
    fitting = (i for i in playlist.items if words and words <= set(fold(i.name).split()))
    return next((item.position for item in fitting), None)
