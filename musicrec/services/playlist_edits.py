"""Edits of playlists as their listeners decide about them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from musicrec.domain.errors import EditRefusedError, MusicRecError
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import (
    EditedFile,
    EditedList,
    EditId,
    EditKind,
    EditState,
    PlaceKind,
    PlaylistEdit,
)
from musicrec.playlists.formats.files import PlaylistFormat
from musicrec.playlists.undoing import way_back
from musicrec.services.edit_runs import EditRuns, Run
from musicrec.services.playlist_jobs import write_file
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.presence import lock_as_begun
from musicrec.storage import Database
from musicrec.workers import Workers

_MADE: Final = (EditState.UNDER_WAY, EditState.DONE, EditState.UNDOING, EditState.UNDONE)
_UNMADE_FOR: Final = timedelta(days=7)
"""How long what nobody decided about is kept."""
_MOST_UNMADE: Final = 20
"""How much of it a listener may have at most: each holds a whole list."""


@dataclass(frozen=True)
class EditOutcome:
    """What became of a decision.

    Attributes:
        edit: As it is now.
        is_new: False where it had been decided before: then nothing was done.
        waits_for: Why it is not at its end yet, or never will be; None where it is, or where
            somebody else is at it.
        file: The new file, or after undo the old one; None where the list has a home.
        is_exact: After undo, whether the list is the very one before.
        n_lost: After undo, removed songs that did not come back.
        keeps_times: After undo, whether times of adding are what they were.
    """

    edit: PlaylistEdit
    is_new: bool
    waits_for: MusicRecError | None = None
    file: EditedFile | None = None
    is_exact: bool = True
    n_lost: int = 0
    keeps_times: bool = True


class PlaylistEdits:
    """Keeps proposals, makes them when their listener says so, and takes them back."""

    def __init__(
        self,
        database: Database,
        workers: Workers,
        places: PlaylistPlaces,
        runs: EditRuns,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._workers = workers
        self._places = places
        self._runs = runs
        self._clock = clock

    async def propose(
        self, edit: PlaylistEdit, edited: EditedList, *, since: datetime | None = None
    ) -> PlaylistEdit:
        """Store an edit that its listener may decide about.

        Args:
            edit: What is shown.
            edited: The whole list.
            since: What ``known_since`` told before the listener's taste was read.

        Raises:
            ForgottenMeanwhileError: The listener had everything deleted since.
        """
        async with self._database.writing() as uow:
            await lock_as_begun(uow, edit.listener_id, since, edit.created_at)
            old = edit.created_at - _UNMADE_FOR
            await uow.playlist_edits.forget_unmade(edit.listener_id, old, keep=_MOST_UNMADE)
            edit_id = await uow.playlist_edits.add(edit, edited)
        return replace(edit, id=edit_id)

    async def get(self, listener_id: ListenerId, edit_id: EditId) -> PlaylistEdit:
        """Return an edit of the listener.

        Raises:
            EditRefusedError: It is somebody else's, or gone.
        """
        async with self._database.reading() as uow:
            return _required(await uow.playlist_edits.get(edit_id), listener_id)

    async def tick(
        self, listener_id: ListenerId, edit_id: EditId, positions: Collection[int], *, on: bool
    ) -> PlaylistEdit:
        """Choose some proposed songs, or leave them out; what is no proposal is passed over.

        Raises:
            EditRefusedError: It is somebody else's, gone, or was decided about already.
        """
        async with self._database.writing() as uow:
            # Read under the lock: two quick clicks must not undo each other.
            await uow.listeners.lock_known(listener_id)
            edit = _required(await uow.playlist_edits.get(edit_id), listener_id)
            known = {one.position for one in edit.proposals}.intersection(positions)
            chosen = edit.chosen | known if on else edit.chosen - known
            if not await uow.playlist_edits.choose(edit_id, chosen):
                raise EditRefusedError(_decided(edit))
        return replace(edit, chosen=chosen)

    async def drop(self, listener_id: ListenerId, edit_id: EditId) -> PlaylistEdit:
        """Decide against an edit.

        Raises:
            EditRefusedError: It is somebody else's, gone, or was decided about already.
        """
        edit = await self.get(listener_id, edit_id)
        at = self._clock()
        async with self._database.writing() as uow:
            is_open = await uow.playlist_edits.advance(
                edit_id, EditState.DROPPED, after=EditState.PROPOSED, at=at
            )
        if not is_open and edit.state is not EditState.DROPPED:
            raise EditRefusedError(_decided(await self.get(listener_id, edit_id)))
        return replace(edit, state=EditState.DROPPED, changed_at=at)

    async def make(self, listener_id: ListenerId, edit_id: EditId) -> EditOutcome:
        """Make an edit: at its home, or as a new file.

        It is decided on when this returns, even where its home cannot be asked now.

        Raises:
            EditRefusedError: It is somebody else's, gone, or nothing is chosen.
            WorkersBusyError, WorkerLostError: A file could not be written now.
        """
        edit = await self.get(listener_id, edit_id)
        if edit.state is EditState.PROPOSED and not edit.n_changes:
            msg = "No song is ticked, so there is nothing to do."
            raise EditRefusedError(msg)
        if edit.place.kind is PlaceKind.FILE:
            return await self._settled(edit, EditState.DONE, after=EditState.PROPOSED)
        return await self._begun(edit, EditState.UNDER_WAY, after=EditState.PROPOSED)

    async def undo(self, listener_id: ListenerId, edit_id: EditId | None = None) -> EditOutcome:
        """Take an edit back, the latest one where none is named.

        Raises:
            EditRefusedError: It is somebody else's, gone, or there is none.
            PlaylistUnusableError, NotLinkedError, AccountLostError, SourceError: Its home must be
                read first, and cannot be.
        """
        edit = await self._latest(listener_id) if edit_id is None else None
        edit = edit or await self.get(listener_id, edit_id or EditId(0))
        if edit.place.kind is PlaceKind.FILE:
            return await self._settled(edit, EditState.UNDONE, after=EditState.DONE)
        edited = await self._edited(edit)
        if edit.kind is EditKind.SORT and edit.state is EditState.DONE:
            home = self._places.home(listener_id, edit.place.kind)
            current = await home.read(edit.place.list_id)
            edited = replace(edited, way_back=way_back(edited.change, current))
        return await self._begun(edit, EditState.UNDOING, after=EditState.DONE, edited=edited)

    async def history(self, listener_id: ListenerId, *, most: int = 10) -> list[PlaylistEdit]:
        """Return the edits that were made, the latest change first."""
        async with self._database.reading() as uow:
            return await uow.playlist_edits.of_listener(listener_id, states=_MADE, most=most)

    async def news(self, listener_id: ListenerId) -> list[PlaylistEdit]:
        """Return what came to its end while nobody waited for it, and was not told so far."""
        async with self._database.reading() as uow:
            return await uow.playlist_edits.news(listener_id)

    async def told(self, edits: Iterable[PlaylistEdit]) -> None:
        """Note that the listener was told what became of some edits."""
        async with self._database.writing() as uow:
            for edit in edits:
                await uow.playlist_edits.told(_id_of(edit))

    async def before(self, listener_id: ListenerId, edit_id: EditId) -> Playlist:
        """Return the list as it was before an edit.

        Raises:
            EditRefusedError: It is somebody else's, or gone.
        """
        return (await self._edited(await self.get(listener_id, edit_id))).before

    async def _latest(self, listener_id: ListenerId) -> PlaylistEdit:
        async with self._database.reading() as uow:
            done = await uow.playlist_edits.of_listener(
                listener_id, states=(EditState.UNDER_WAY, EditState.DONE), most=1
            )
        if not done:
            msg = "There is nothing to take back: no playlist of yours was changed by me."
            raise EditRefusedError(msg)
        return done[0]

    async def _begun(
        self,
        edit: PlaylistEdit,
        state: EditState,
        *,
        after: EditState,
        edited: EditedList | None = None,
    ) -> EditOutcome:
        """Store the decision, then go to the home; pressed twice, it is one decision."""
        edit_id = _id_of(edit)
        async with self._database.writing() as uow:
            await uow.listeners.lock_known(edit.listener_id)
            is_new = await uow.playlist_edits.advance(edit_id, state, after=after, at=self._clock())
            if is_new:
                if edited is not None:
                    await uow.playlist_edits.put_edited(edit_id, edited)
                await self._runs.take(uow, edit_id)
        run = await self._runs.run(edit_id) if is_new else None
        if run is None:
            return EditOutcome(await self.get(edit.listener_id, edit_id), is_new=is_new)
        return _outcome(run)

    async def _settled(
        self, edit: PlaylistEdit, state: EditState, *, after: EditState
    ) -> EditOutcome:
        """Decide about a file, of which nothing is anywhere else."""
        edited = await self._edited(edit)
        file = edited.file
        if file is not None and state is EditState.DONE:
            after_it = edited.chosen(edit).after
            kind = PlaylistFormat(file.format)
            data = await self._workers.run(write_file, after_it, kind)
            file = replace(file, data=data)
        async with self._database.writing() as uow:
            at = self._clock()
            is_new = await uow.playlist_edits.advance(_id_of(edit), state, after=after, at=at)
        now = await self.get(edit.listener_id, _id_of(edit))
        return EditOutcome(now, is_new=is_new, file=file if now.state is state else None)

    async def _edited(self, edit: PlaylistEdit) -> EditedList:
        async with self._database.reading() as uow:
            edited = await uow.playlist_edits.edited(_id_of(edit))
        if edited is None:
            msg = "I do not keep this list any more."
            raise EditRefusedError(msg)
        return edited


def _required(edit: PlaylistEdit | None, listener_id: ListenerId) -> PlaylistEdit:
    if edit is None:
        msg = "I do not keep this page any more. Ask for a new one."
        raise EditRefusedError(msg)
    if edit.listener_id != listener_id:
        msg = "This is about somebody else's playlist, so they alone decide about it."
        raise EditRefusedError(msg)
    return edit


def _outcome(run: Run) -> EditOutcome:
    if run.edit.state is not EditState.UNDONE:
        return EditOutcome(run.edit, is_new=True, waits_for=run.waits_for)
    return EditOutcome(
        run.edit,
        is_new=True,
        is_exact=run.is_exact,
        n_lost=run.n_lost,
        keeps_times=run.keeps_times,
    )


def _id_of(edit: PlaylistEdit) -> EditId:
    if edit.id is None:
        msg = "The edit was never stored"
        raise ValueError(msg)
    return edit.id


def _decided(edit: PlaylistEdit) -> str:
    return {
        EditState.UNDER_WAY: "This is being done already.",
        EditState.DONE: "This was done already; /playlist undo takes it back.",
        EditState.UNDOING: "This is being taken back already.",
        EditState.UNDONE: "This was done and taken back; ask for a new page.",
        EditState.DROPPED: "You decided to keep everything; ask for a new page.",
    }.get(edit.state, "This was decided already.")
